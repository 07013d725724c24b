"""The play queue: what plays now, what plays next, and how that can be changed."""

import itertools
import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue_order import (
    NOWHERE,
    Entries,
    QueueEntry,
    QueueOrder,
    Source,
    arrange,
    row_in,
)

__all__ = ["PlayQueue", "QueueEntry", "Repeat", "Source", "StopAfter"]


class Repeat(StrEnum):
    """What follows the end of a song or of the queue."""

    OFF = "off"
    ONE = "one"
    ALL = "all"


class StopAfter(StrEnum):
    """With what the music ends, whatever else is queued."""

    NOTHING = "nothing"
    SONG = "song"
    ALBUM = "album"


class PlayQueue:
    """Entries in the order in which they play, and a place among them.

    Shuffled, the queue shows the shuffled order: what is listed next is what plays next, and
    the previous song is the last one that played. Not thread-safe; its owner holds a lock.

    Args:
        rng: Where the shuffled order comes from.

    Attributes:
        repeat: What follows the end.
        stop_after: With what the music ends before that; not kept across a restart.
    """

    def __init__(self, rng: random.Random | None = None) -> None:
        self.repeat = Repeat.OFF
        self.stop_after = StopAfter.NOTHING
        self._order = QueueOrder()
        self._shuffle = False
        self._rng = rng or random.Random()  # noqa: S311 (an order of songs, not a secret)
        # A count, so that entries can be made while somebody else holds the lock.
        self._ids = itertools.count(1)

    # What there is

    @property
    def entries(self) -> Entries:
        """All entries, in the order in which they play."""
        return self._order.playing

    @property
    def current(self) -> QueueEntry | None:
        """The entry that plays, or would; ``None`` in a queue that is empty or not begun."""
        return self._order.current

    @property
    def position(self) -> int | None:
        """The row of the current entry."""
        return None if self._order.position < 0 else self._order.position

    @property
    def shuffle(self) -> bool:
        """Whether the songs play in a shuffled order."""
        return self._shuffle

    @property
    def radio_seeds(self) -> tuple[TrackId, ...]:
        """What the radio that fills the queue started from; empty without one."""
        return self._order.seeds

    @property
    def left(self) -> int:
        """How many entries come after the current one before the end."""
        return len(self._order.playing) - self._order.position - 1

    @property
    def order(self) -> QueueOrder:
        """Everything that an edit changes, as a value to go back to with `put_back`."""
        return self._order

    def entry(self, entry_id: EntryId) -> QueueEntry | None:
        """Return an entry by its id; ``None`` if it is not queued."""
        return next((entry for entry in self._order.playing if entry.id == entry_id), None)

    # Edits

    def make_entries(self, track_ids: Iterable[TrackId]) -> Entries:
        """Return entries for songs, to be put in afterwards. Thread-safe.

        Making 20,000 takes some 30 ms: whoever holds a lock over the queue makes them before.
        """
        return self._make(track_ids, "user", None)

    def append_entries(self, added: Entries) -> None:
        """Put entries at the end."""
        self._edit(self._order.appended(added) if added else self._order)

    def insert_entries_next(self, added: Entries) -> None:
        """Put entries right after the current one."""
        self.insert_entries(added, self._order.position + 1)

    def insert_entries(self, added: Entries, to_row: int) -> None:
        """Put entries before the one that is now in row ``to_row``."""
        self._edit(self._order.inserted(added, to_row) if added else self._order)

    def append(
        self,
        track_ids: Iterable[TrackId],
        *,
        source: Source = "user",
        closeness: Sequence[float | None] | None = None,
        instead_of: Collection[EntryId] = (),
    ) -> Entries:
        """Add songs at the end, and take entries out for them; return those that were added."""
        added = self._make(track_ids, source, closeness)
        self._edit(self._order.without(instead_of).appended(added) if added else self._order)
        return added

    def insert_next(self, track_ids: Iterable[TrackId]) -> Entries:
        """Add songs right after the current one; return their entries."""
        return self.insert(track_ids, self._order.position + 1)

    def insert(self, track_ids: Iterable[TrackId], to_row: int) -> Entries:
        """Add songs before the entry that is now in row ``to_row``; return their entries."""
        added = self.make_entries(track_ids)
        self.insert_entries(added, to_row)
        return added

    def replace(
        self,
        track_ids: Iterable[TrackId],
        start: int = 0,
        *,
        radio_seeds: Iterable[TrackId] = (),
    ) -> Entries:
        """Throw the queue away for these songs, the one at ``start`` being the current one.

        Args:
            track_ids: The songs.
            start: The row of the one that plays first; the nearest row there is.
            radio_seeds: What the radio that will fill the queue starts from.
        """
        added = self._make(track_ids, "user", None)
        order = self._arranged(added, min(max(start, 0), len(added) - 1))
        self._edit(order.with_seeds(tuple(radio_seeds)))
        return added

    def stop_radio(self) -> None:
        """Forget the radio that fills the queue; its songs stay."""
        self._order = self._order.with_seeds(())

    def move(self, entry_ids: Collection[EntryId], to_row: int) -> None:
        """Put entries, in their order, before the entry that is now in row ``to_row``."""
        self._edit(self._order.moved(entry_ids, to_row))

    def remove(self, entry_ids: Collection[EntryId]) -> None:
        """Take entries out. Without the current one, the next that stays becomes current."""
        self._edit(self._order.without(entry_ids))

    def clear(self) -> None:
        """Take everything out."""
        if self._order.playing:
            self._edit(self._arranged((), NOWHERE))

    def keep_current(self) -> None:
        """Take everything out but the current entry, and forget the radio."""
        current = self._order.current
        kept = () if current is None else (current,)
        self._edit(self._arranged(kept, len(kept) - 1))

    def put_back(self, order: QueueOrder) -> None:
        """Become what the queue was once; the current entry stays current if it is in it.

        Whether the queue is shuffled now stays as it is: shuffling is no edit. An order from
        before it was switched is brought into, or out of, a shuffled one.
        """
        current = self._order.current
        if order.shuffled != self._shuffle:
            position = row_in(order.natural, order.current)
            if (row := row_in(order.natural, current)) != NOWHERE:
                position = row
            seeds = order.seeds
            order = self._arranged(order.natural, position).with_seeds(seeds)
        elif (row := row_in(order.playing, current)) != NOWHERE:
            order = order.at(row)
        self._order = order

    # Moving along

    def set_shuffle(self, shuffle: bool) -> None:
        """Shuffle all but the current song, or go back to the listener's order."""
        if shuffle == self._shuffle:
            return
        self._shuffle = shuffle
        natural = self._order.natural
        position = row_in(natural, self._order.current)
        self._order = self._arranged(natural, position).with_seeds(self._order.seeds)

    def next(self) -> QueueEntry | None:
        """Go to the next entry, past a repeated song; ``None`` (and no step) at the end."""
        row = self._order.position + 1
        if row >= len(self._order.playing):
            row = 0 if self.repeat is Repeat.ALL else NOWHERE
        return self._go(row)

    def previous(self) -> QueueEntry | None:
        """Go to the entry before; ``None`` (and no step) at the beginning."""
        row = self._order.position - 1
        if self._order.position == 0 and self.repeat is Repeat.ALL:
            row = len(self._order.playing) - 1
        return self._go(row)

    def peek_next(self) -> QueueEntry | None:
        """Return what plays by itself when the current song ends."""
        return next(self.following(), None)

    def following(self) -> Iterator[QueueEntry]:
        """Yield what plays by itself after the current song, each entry at most once."""
        playing, position, current = self._order.playing, self._order.position, self.current
        if self.repeat is Repeat.ONE and current is not None:
            yield current
        yield from playing[position + 1 :]
        if self.repeat is Repeat.ALL:
            yield from playing[: position + 1]

    def neighbours(self, entry_id: EntryId) -> tuple[QueueEntry | None, QueueEntry | None]:
        """Return what plays right before an entry and right after it, in the order of playing."""
        playing = self._order.playing
        rows = (row for row, entry in enumerate(playing) if entry.id == entry_id)
        row = next(rows, None)
        if row is None:
            return None, None
        before = playing[row - 1] if row > 0 else None
        return before, playing[row + 1] if row + 1 < len(playing) else None

    def jump(self, entry_id: EntryId) -> QueueEntry | None:
        """Go to an entry; ``None`` (and no step) if it is not queued."""
        rows = (row for row, entry in enumerate(self._order.playing) if entry.id == entry_id)
        return self._go(next(rows, NOWHERE))

    def rewind(self) -> None:
        """Go back to the first entry."""
        self._go(0)

    # Across a restart

    def to_state(self) -> dict[str, Any]:
        """Return everything, as JSON values."""
        return state_of(self._order, self.repeat, self._shuffle)

    def take_over(self, queue: "PlayQueue") -> None:
        """Become what another queue is, which is not used any more."""
        self.repeat, self._shuffle = queue.repeat, queue._shuffle
        self._order, self._ids = queue._order, queue._ids

    def from_state(self, state: Mapping[str, Any], known: Collection[TrackId]) -> None:
        """Become what ``to_state`` returned, without the tracks that are not among ``known``.

        Raises:
            ValueError: It is no such state; nothing changed.
        """
        try:
            repeat, shuffle = Repeat(state["repeat"]), bool(state["shuffle"])
            natural = tuple(self._entry_from(values) for values in state["entries"])
            rows = [int(row) for row in state["playing"]] if shuffle else list(range(len(natural)))
            position = int(state["position"])
            seeds = tuple(TrackId(int(seed)) for seed in state["radio_seeds"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is not the state of a queue: {error!r}") from error
        if sorted(rows) != list(range(len(natural))) or not NOWHERE <= position < len(natural):
            raise ValueError("the order of the queue does not fit its entries")
        playing = tuple(natural[row] for row in rows) if shuffle else natural
        seeds = tuple(seed for seed in seeds if seed in known)
        order = QueueOrder(natural, playing, position, shuffle, seeds)
        self.repeat, self._shuffle = repeat, shuffle
        self._order = order.without([entry.id for entry in natural if entry.track_id not in known])

    # Inside

    def _entry_from(self, values: Sequence[Any]) -> QueueEntry:
        track_id, closeness, source = values
        kept: Source = "radio" if source == "radio" else "user"
        return self._make([TrackId(int(track_id))], kept, [closeness])[0]

    def _make(
        self,
        track_ids: Iterable[TrackId],
        source: Source,
        closeness: Sequence[float | None] | None,
    ) -> Entries:
        made = []
        for row, track_id in enumerate(track_ids):
            close = closeness[row] if closeness is not None else None
            made.append(QueueEntry(EntryId(next(self._ids)), track_id, close, source))
        return tuple(made)

    def _arranged(self, natural: Entries, position: int) -> QueueOrder:
        return arrange(natural, position, self._rng if self._shuffle else None)

    def _edit(self, order: QueueOrder) -> None:
        self._order = order

    def _go(self, row: int) -> QueueEntry | None:
        if not 0 <= row < len(self._order.playing):
            return None
        self._order = self._order.at(row)
        return self._order.current


def state_of(order: QueueOrder, repeat: Repeat, shuffle: bool) -> dict[str, Any]:
    """Return a queue as JSON values; it is made of values, so no lock is needed meanwhile."""
    natural, playing = order.natural, order.playing
    rows = {entry.id: row for row, entry in enumerate(natural)}
    return {
        "entries": [[entry.track_id, entry.closeness, entry.source] for entry in natural],
        "playing": [rows[entry.id] for entry in playing] if shuffle else None,
        "position": order.position,
        "repeat": repeat.value,
        "shuffle": shuffle,
        "radio_seeds": list(order.seeds),
    }
