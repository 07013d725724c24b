"""Keeps the store in step with the disk."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mecomp_desktop.domain.changes import (
    Change,
    Changed,
    Cleared,
    Found,
    Gone,
    Moved,
    RemovalRefused,
    Returned,
    RootMissing,
    Unavailable,
    Unreadable,
)
from mecomp_desktop.domain.ids import RootId
from mecomp_desktop.errors import Reason
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.scan import Scan
from mecomp_desktop.library.versions import READER_VERSION
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.recordings import Recordings
from mecomp_desktop.store.roots import Root, Roots
from mecomp_desktop.store.tracks import Tracks
from mecomp_desktop.workers.worker_slot import SlotClosed

_BATCH_CHANGES = 256
_FIRST_BATCH_S = 0.1
_BATCH_S = 0.5
_REMEMBER_GONE_S = 365 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a scan is, and at its end what it did.

    Attributes:
        seen: Music files looked at.
        found: New ones.
        changed: Those with other tags or other audio.
        moved: Those that lie somewhere else now.
        returned: Those that can be reached again.
        unavailable: Tracks that can no longer be reached, but may come back.
        gone: Tracks whose file was deleted.
        failed: Files that turned out to be unreadable.
        current: The file that was looked at last.
        missing_roots: Folders of music that are not there.
        refused: Folders from which so much vanished that nothing was removed.
        left_out: Folders that were not entered, with the reason, as in "a bin".
        moved_from: The folders of music from which songs have moved.
        cancelled: Whether it ended early.
    """

    seen: int = 0
    found: int = 0
    changed: int = 0
    moved: int = 0
    returned: int = 0
    unavailable: int = 0
    gone: int = 0
    failed: int = 0
    current: str = ""
    missing_roots: tuple[RootMissing, ...] = ()
    refused: tuple[RemovalRefused, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    moved_from: frozenset[RootId] = frozenset()
    cancelled: bool = False

    @property
    def tracks_changed(self) -> bool:
        """Whether the list of tracks is another than before."""
        return any(
            (self.found, self.changed, self.moved, self.returned, self.unavailable, self.gone)
        )


def _never() -> bool:
    return False


def _ignore(_progress: ScanProgress) -> None:
    pass


class Scanner:
    """Applies what a scan finds to the store, a batch a transaction.

    What has been found is in the store within half a second, so that songs appear while the
    scan goes on; one that is cut short loses nothing but the rest.

    Args:
        database: The library database.
        inspector: Reads the files.
    """

    def __init__(self, database: Database, inspector: Inspector) -> None:
        self._database = database
        self._inspector = inspector
        self._recordings = Recordings(database)
        self._tracks = Tracks(database)
        self._roots = Roots(database)
        self._failures = Failures(database)

    def run(
        self,
        roots: Sequence[Root] | None = None,
        *,
        on_progress: Callable[[ScanProgress], None] = _ignore,
        cancelled: Callable[[], bool] = _never,
        allow_removal: bool = False,
    ) -> ScanProgress:
        """Look at the disk and bring the store up to date. Blocks; for a background thread.

        Args:
            roots: The folders to look at; all of the library's by default.
            on_progress: Told after every batch, when it is in the store, and at the end.
            cancelled: The scan stops soon after it says so.
            allow_removal: Remove tracks even if most of a folder's files are suddenly gone.
        """
        batch = _Batch(self._apply, on_progress)
        self._forget_what_was_forbidden()
        # What failed to be analysed for a passing reason gets its next turn after this scan.
        if again := self._failures.to_try_again("analysis"):  # a read-only library takes no write
            self._failures.clear_many(map(Path, again), "analysis")
        all_roots = self._roots.all()
        scan = Scan(
            self._inspector,
            all_roots if roots is None else roots,
            self._tracks.known(),
            self._failures.stamps("scan"),
            retried=self._failures.to_try_again("scan", READER_VERSION),
            cancelled=cancelled,
            on_file=batch.note_file,
            allow_removal=allow_removal,
            all_roots=all_roots,
        )
        try:
            for change in scan.changes():
                batch.add(change)
        except SlotClosed:  # the program ends
            return batch.finish(cancelled=True)
        except BaseException:
            # Whatever ended the scan, what it had found until then is kept.
            batch.finish(cancelled=True)
            raise
        result = replace(
            batch.finish(cancelled=cancelled()),
            left_out=dict(scan.left_out),
            moved_from=frozenset(scan.moved_from),
        )
        if not result.cancelled:
            self._tracks.forget_gone(time.time() - _REMEMBER_GONE_S)
        return result

    def _forget_what_was_forbidden(self) -> None:
        """Give files another try that may be opened by now: a permission changes no stamp."""
        forbidden = [
            failure for failure in self._failures.all() if failure.reason is Reason.NO_PERMISSION
        ]
        opened = [failure.path for failure in forbidden if _may_open(failure.path)]
        if opened:
            self._failures.clear_many(opened)

    def _apply(self, changes: Iterable[Change]) -> None:
        with self._database.write():
            for kind, group in itertools.groupby(changes, key=type):
                self._apply_group(kind, list(group))

    def _apply_group(self, kind: type, changes: list[Change]) -> None:
        """Apply changes of one kind; they come in the order in which they were found."""
        if kind in (Found, Changed):
            files = [change.facts for change in changes if isinstance(change, Found | Changed)]
            self._tracks.upsert_many(files)
            self._recordings.rename_many(
                (change.same_audio_as, change.facts.audio_id)
                for change in changes
                if isinstance(change, Changed) and change.same_audio_as is not None
            )
            self._failures.clear_many(facts.path for facts in files)
        elif kind is Moved:
            for change in changes:
                assert isinstance(change, Moved)
                self._tracks.move(change.track_id, change.facts)
                self._failures.clear_many((change.old_path, change.facts.path))
        elif kind is Unreadable:
            self._fail([change for change in changes if isinstance(change, Unreadable)])
        else:
            self._mark(changes)

    def _mark(self, changes: list[Change]) -> None:
        self._tracks.mark_available(
            change.track_id for change in changes if isinstance(change, Returned)
        )
        self._tracks.mark_missing(
            change.track_id for change in changes if isinstance(change, Unavailable)
        )
        gone = [change for change in changes if isinstance(change, Gone)]
        self._tracks.mark_gone(change.track_id for change in gone)
        self._failures.clear_many(change.path for change in gone)
        cleared = (change.path for change in changes if isinstance(change, Cleared))
        self._failures.clear_many(cleared, "scan")

    def _fail(self, changes: list[Unreadable]) -> None:
        now_s = time.time()
        self._tracks.mark_missing(
            change.track_id for change in changes if change.track_id is not None
        )
        self._failures.clear_many((change.path for change in changes), "analysis")
        self._failures.record_many(
            Failure(
                change.path,
                "scan",
                change.reason,
                change.detail,
                change.stamp.size_bytes,
                change.stamp.mtime_ns,
                now_s,
                change.stamp.ctime_ns,
                READER_VERSION,
            )
            for change in changes
        )


class _Batch:
    """Collects changes and counts, and hands them on when there are enough or it is time."""

    def __init__(
        self,
        apply: Callable[[list[Change]], None],
        on_progress: Callable[[ScanProgress], None],
    ) -> None:
        self._apply = apply
        self._on_progress = on_progress
        self._changes: list[Change] = []
        self._progress = ScanProgress()
        self._counts: Counter[type[Change]] = Counter()
        self._seen = 0
        self._current = ""
        self._due_s = time.monotonic() + _FIRST_BATCH_S

    def note_file(self, path: str) -> None:
        self._seen += 1
        self._current = path
        if time.monotonic() >= self._due_s:
            self._flush()

    def add(self, change: Change) -> None:
        if isinstance(change, RootMissing):
            missing = (*self._progress.missing_roots, change)
            self._progress = replace(self._progress, missing_roots=missing)
        elif isinstance(change, RemovalRefused):
            refused = (*self._progress.refused, change)
            self._progress = replace(self._progress, refused=refused)
        else:
            self._changes.append(change)
            self._counts[type(change)] += 1
        if len(self._changes) >= _BATCH_CHANGES or time.monotonic() >= self._due_s:
            self._flush()

    def finish(self, *, cancelled: bool) -> ScanProgress:
        self._progress = replace(self._progress, cancelled=cancelled)
        self._flush()
        return self._progress

    def _flush(self) -> None:
        if self._changes:
            self._apply(self._changes)
            self._changes = []
        counts = self._counts
        self._progress = replace(
            self._progress,
            seen=self._seen,
            current=self._current,
            found=counts[Found],
            changed=counts[Changed],
            moved=counts[Moved],
            returned=counts[Returned],
            unavailable=counts[Unavailable],
            gone=counts[Gone],
            failed=counts[Unreadable],
        )
        self._on_progress(self._progress)
        self._due_s = time.monotonic() + _BATCH_S


def _may_open(path: Path) -> bool:
    try:
        path.open("rb").close()
    except OSError:
        return False
    return True
