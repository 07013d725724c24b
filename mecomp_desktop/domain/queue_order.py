"""The entries of a queue and their order, as values: every change makes a new one."""

import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from mecomp_desktop.domain.ids import EntryId, TrackId

Source = Literal["user", "radio"]
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One place in the queue.

    Attributes:
        id: Its own id; the same track may be queued twice.
        track_id: What plays.
        closeness: How close it sounds to what the radio started from, 0…1; ``None`` outside it.
        source: Who put it there.
    """

    id: EntryId
    track_id: TrackId
    closeness: float | None = None
    source: Source = "user"


Entries = tuple[QueueEntry, ...]


@dataclass(frozen=True, slots=True)
class QueueOrder:
    """Everything that an edit changes, so that undoing it is one assignment.

    Attributes:
        natural: The order of the listener; the same object as ``playing`` unless shuffled.
        playing: The order in which the songs play.
        position: The row of the current entry in ``playing``; ``NOWHERE`` if there is none.
        shuffled: Whether the two orders differ on purpose.
        seeds: What the radio that fills the queue started from; empty without one.
    """

    natural: Entries = ()
    playing: Entries = ()
    position: int = NOWHERE
    shuffled: bool = False
    seeds: tuple[TrackId, ...] = ()

    @property
    def current(self) -> QueueEntry | None:
        """The entry that plays, or would."""
        return self.playing[self.position] if self.position >= 0 else None

    def at(self, position: int) -> "QueueOrder":
        """Return the same order, elsewhere in it."""
        return replace(self, position=position)

    def with_seeds(self, seeds: tuple[TrackId, ...]) -> "QueueOrder":
        """Return the same order, filled by another radio."""
        return replace(self, seeds=seeds)

    def appended(self, added: Entries) -> "QueueOrder":
        """Return the order with entries at the end."""
        return self._made(self.natural + added, self.playing + added, self.position)

    def inserted(self, added: Entries, to_row: int) -> "QueueOrder":
        """Return the order with entries put before the one that is now in row ``to_row``."""
        row = min(max(to_row, 0), len(self.playing))
        # Beside the song that it was dropped on, in the listener's order too: without shuffle
        # again, an insertion is where it was made and not at some place that shuffling happened to
        # give.
        natural_row = row
        if self.shuffled and row > 0:
            natural_row = row_in(self.natural, self.playing[row - 1]) + 1
        position = self.position
        return self._made(
            self.natural[:natural_row] + added + self.natural[natural_row:],
            self.playing[:row] + added + self.playing[row:],
            position + len(added) if row <= position else position,
        )

    def moved(self, entry_ids: Collection[EntryId], to_row: int) -> "QueueOrder":
        """Return the order with entries put before the one that is now in row ``to_row``."""
        wanted = set(entry_ids)
        row = min(max(to_row, 0), len(self.playing))
        arranged = (
            *(entry for entry in self.playing[:row] if entry.id not in wanted),
            *(entry for entry in self.playing if entry.id in wanted),
            *(entry for entry in self.playing[row:] if entry.id not in wanted),
        )
        # The same object, so that the caller sees that nothing changed: a drop in place is no step
        # to undo.
        if arranged == self.playing:
            return self
        position = row_in(arranged, self.current)
        return self._made(self.natural, arranged, position)

    def without(self, entry_ids: Collection[EntryId]) -> "QueueOrder":
        """Return the order without entries; the next that stays follows a current one that goes."""
        unwanted = set(entry_ids)
        playing = tuple(entry for entry in self.playing if entry.id not in unwanted)
        if len(playing) == len(self.playing):
            return self
        natural = tuple(entry for entry in self.natural if entry.id not in unwanted)
        before = self.playing[: max(self.position, 0)]
        # If the current entry itself goes, the row then is that of the next one that stays.
        position = self.position - sum(entry.id in unwanted for entry in before)
        return self._made(natural, playing, position if position < len(playing) else NOWHERE)

    def _made(self, natural: Entries, playing: Entries, position: int) -> "QueueOrder":
        # Unshuffled, the two orders are one object: a move is a move of the listener's order.
        kept = natural if self.shuffled else playing
        return replace(self, natural=kept, playing=playing, position=position)


def row_in(entries: Entries, entry: QueueEntry | None) -> int:
    """Return the row of an entry; ``NOWHERE`` without one, or where it is not among them.

    By its id: ``index`` compares all fields of every entry before it, 20 times as slowly.
    """
    if entry is None:
        return NOWHERE
    return next((row for row, each in enumerate(entries) if each.id == entry.id), NOWHERE)


def arrange(natural: Entries, position: int, rng: random.Random | None) -> QueueOrder:
    """Return the order in which entries play.

    Args:
        natural: The listener's order.
        position: The row of the current entry in it, or ``NOWHERE``.
        rng: Shuffles what is not current; ``None`` keeps the listener's order.
    """
    if rng is None:
        return QueueOrder(natural, natural, position)
    rest = [entry for row, entry in enumerate(natural) if row != position]
    rng.shuffle(rest)
    if position < 0:
        return QueueOrder(natural, tuple(rest), NOWHERE, shuffled=True)
    # What plays comes first: shuffling must not put songs behind it, where they would never play.
    return QueueOrder(natural, (natural[position], *rest), 0, shuffled=True)
