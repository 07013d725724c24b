"""Likes, ratings and "never again": what the listener thinks, in memory and in the store."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.rating import (
    MAX_HALF_STARS,
    Rating,
    Ratings,
    RatingTable,
    Subject,
    SubjectKind,
)
from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.undo import Command, UndoStack
from mecomp_desktop.ratings.changes import with_like, with_never
from mecomp_desktop.ratings.rating_change import RatingChange
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.ratings import RATINGS_REVISION, RatingStore
from mecomp_desktop.store.revisions import RevisionWatch
from mecomp_desktop.threads import WorkerThread

_LOOK_EVERY_S = 1.0


class RatingsService:
    """Holds all ratings in memory and stores what changes. Thread-safe.

    Every method returns at once: what is asked is answered from memory, what is changed is there
    at once and stored in the background. What another process changes (the command line) is
    seen within a second or two.

    Args:
        database: The library database.
        undo: Where changes are kept, to be undone; one of its own by default.

    Attributes:
        changed: Something is liked, rated or put away otherwise than before.
    """

    def __init__(self, database: Database, undo: UndoStack | None = None) -> None:
        self.changed: Event[[]] = Event()
        self._undo = undo or UndoStack()
        self._store = RatingStore(database)
        self._watch = RevisionWatch(database, RATINGS_REVISION)
        self._lock = threading.Lock()
        self._table = RatingTable()
        self._unwritten = 0
        self._worker = WorkerThread("ratings", _LOOK_EVERY_S, self._look)
        self._worker.post(self._look)

    def table(self) -> RatingTable:
        """Return everything as it is now."""
        return self._table

    def of(self, subject: Subject) -> Rating:
        """Return what the listener thinks of a subject."""
        return self._table.of(subject)

    def is_never_again(self, track: Track) -> bool:
        """Return whether a track may be played only when the listener chooses it."""
        return self._table.is_never_again(track)

    def like(self, subjects: Iterable[Subject], liked: bool = True) -> Command | None:
        """Like them, or not any more; return the step, ``None`` where nothing changes."""
        now_s = time.time()
        words = "liked" if liked else "no longer liked"
        return self._change(subjects, words, lambda rating: with_like(rating, liked, now_s))

    def rate(self, subjects: Iterable[Subject], half_stars: int | None) -> Command | None:
        """Rate them; return the step, ``None`` where nothing changes.

        Args:
            subjects: What is rated.
            half_stars: 0 to 10 for 0 to 5 stars; ``None`` takes the rating away.

        Raises:
            ValueError: There are not so many half stars.
        """
        if half_stars is not None and not 0 <= half_stars <= MAX_HALF_STARS:
            raise ValueError(f"a rating has 0 to {MAX_HALF_STARS} half stars, not {half_stars}")
        words = "no longer rated" if half_stars is None else f"rated {stars(half_stars)}"
        return self._change(subjects, words, lambda rating: replace(rating, half_stars=half_stars))

    def put_away(self, subjects: Iterable[Subject], never: bool = True) -> Command | None:
        """Let them never be played again unless chosen, or take that back; return the step."""
        now_s = time.time()
        words = "never played again" if never else "played again"
        return self._change(subjects, words, lambda rating: with_never(rating, never, now_s))

    def settle(self, timeout_s: float = 10.0) -> bool:
        """Wait until what was changed is stored; return whether it is. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """Store what is to be stored and end the thread. Blocks; idempotent."""
        self._worker.close()

    def put(self, ratings: Ratings) -> None:
        """Make ratings these, without a step that could be undone."""
        if not ratings:
            return
        with self._lock:
            self._table = self._table.with_changes(ratings)
            self._unwritten += 1
        self._worker.post(lambda: self._write(ratings))
        self.changed.emit()

    def _change(
        self, subjects: Iterable[Subject], words: str, change: Callable[[Rating], Rating]
    ) -> Command | None:
        table = self._table
        wanted = list(dict.fromkeys(map(table.known, subjects)))
        before = {subject: table.of(subject) for subject in wanted}
        after = {subject: change(rating) for subject, rating in before.items()}
        changed = [subject for subject in wanted if before[subject] != after[subject]]
        if not changed:
            return None
        return self._undo.run(
            RatingChange(
                f"{_named(changed)} {'is' if len(changed) == 1 else 'are'} {words}",
                {subject: before[subject] for subject in changed},
                {subject: after[subject] for subject in changed},
                self.put,
            )
        )

    # On a thread of its own

    def _write(self, ratings: Ratings) -> None:
        try:
            self._store.put(ratings)
        except BaseException:
            # What is shown must be what is stored; that it failed is told by the thread.
            self._read(unwritten=1)
            raise
        finally:
            with self._lock:
                self._unwritten -= 1

    def _look(self) -> None:
        """Read the ratings anew if they were changed by somebody."""
        if self._watch.has_changed():
            self._read(unwritten=0)

    def _read(self, unwritten: int) -> None:
        table = self._store.all()
        with self._lock:
            # A change that came meanwhile is only in memory; the look after it reads again.
            if self._unwritten != unwritten:
                self._watch.forget()
                return
            is_same = table == self._table
            self._table = table
        if not is_same:
            self.changed.emit()


def stars(half_stars: int) -> str:
    """Return a rating in words: "3½ stars"."""
    whole, half = divmod(half_stars, 2)
    number = f"{whole or ''}½" if half else str(whole)
    return f"{number} star" if half_stars in (1, 2) else f"{number} stars"


def _named(subjects: Sequence[Subject]) -> str:
    if len(subjects) == 1:
        subject = subjects[0]
        if subject.kind is SubjectKind.SONG:
            return "1 song"
        return f"The {subject.kind} “{subject.name}”"
    kinds = {subject.kind for subject in subjects}
    noun = kinds.pop().value if len(kinds) == 1 else "item"
    return f"{len(subjects):,} {noun}s"
