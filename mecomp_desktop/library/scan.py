"""The differences between the disk and the library, as a stream."""

import contextlib
import os
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.domain.changes import (
    Change,
    Changed,
    Cleared,
    FileFacts,
    FileStamp,
    Found,
    Gone,
    KnownFile,
    Moved,
    RemovalRefused,
    Returned,
    RootMissing,
    Unavailable,
    Unreadable,
)
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.part import path_of, place_of
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.files import reachable_folder
from mecomp_desktop.library.identity import part_id
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.scanned_songs import (
    facts_of_songs,
    is_outdated,
    rows_as_they_are,
)
from mecomp_desktop.library.versions import CURRENT
from mecomp_desktop.library.walk import MusicFile, Walk
from mecomp_desktop.store.roots import Root
from mecomp_desktop.workers.worker_slot import Outcome

# Fewer than these may be a listener's tidying; half of a library at once hardly is.
_REFUSE_FROM_TRACKS = 20
_REFUSE_FROM_SHARE = 0.5
# So many files may be on their way through the workers: enough that none waits for the walk.
_LOOK_AHEAD = 128
_CANCEL_EVERY_S = 0.1


def _never() -> bool:
    return False


def _ignore(_path: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class _Look:
    """A file on its way: as it was listed, and what is being read of it, if anything."""

    file: MusicFile
    root: Root
    begun: "Future[Outcome] | None"

    @property
    def is_ready(self) -> bool:
        return self.begun is None or self.begun.done()


class Scan:
    """One look at the disk.

    Args:
        inspector: Reads the files.
        roots: The folders to look at.
        known: What the library knows, by path; files of other folders too.
        failed: What the files that could not be read looked like, by path.
        retried: Those of them that are read again although they look the same.
        cancelled: Asked again and again; the stream ends early when it says so.
        on_file: Told the path of every music file, before it is looked at.
        allow_removal: Believe that files are gone, even if suddenly most of them are.
        all_roots: Every folder of the library, from any of which a file may have moved.

    Attributes:
        moved_from: The folders of the library from which songs have moved, so far.
    """

    def __init__(
        self,
        inspector: Inspector,
        roots: Sequence[Root],
        known: Mapping[str, KnownFile],
        failed: Mapping[str, FileStamp],
        *,
        retried: Collection[str] = (),
        cancelled: Callable[[], bool] = _never,
        on_file: Callable[[str], None] = _ignore,
        allow_removal: bool = False,
        all_roots: Sequence[Root] | None = None,
    ) -> None:
        self._roots = roots
        self._root_of = {root.id: root.path for root in (*roots, *(all_roots or ()))}
        self._known = known
        self._inspector = inspector
        self._failed = failed
        self._retried = retried
        self._cancelled = cancelled
        self._on_file = on_file
        self._allow_removal = allow_removal
        # Also those that are not looked at now: what lies in a root within a root is that one's.
        every_root = {str(root.path) for root in (*roots, *(all_roots or ()))}
        self._walk = Walk(every_root, cancelled)
        self.moved_from: set[RootId] = set()
        self._seen: set[str] = set()
        self._moved: set[TrackId] = set()
        self._displaced: set[TrackId] = set()
        # What lies now where a track was whose audio may turn up elsewhere.
        self._replaced: dict[TrackId, FileFacts] = {}
        self._missing_roots: set[RootId] = set()
        self._by_audio: dict[AudioId, list[str]] = defaultdict(list)
        self._parts_at: dict[str, list[KnownFile]] = defaultdict(list)
        for place, file in known.items():
            self._by_audio[file.audio_id].append(place)
            if file.part is not None:
                self._parts_at[path_of(place)].append(file)

    @property
    def left_out(self) -> Mapping[str, str]:
        """The folders that were not entered so far, with the reason, as in "a bin"."""
        return self._walk.left_out

    def changes(self) -> Iterator[Change]:
        """Give the differences as they are found, and at the end what is no longer there."""
        looks: deque[_Look] = deque()
        try:
            yield from self._changes(looks)
        finally:
            for look in looks:  # of a scan that ended early: nobody waits for these
                if look.begun is not None:
                    look.begun.cancel()

    def _changes(self, looks: "deque[_Look]") -> Iterator[Change]:
        music_in: dict[RootId, int] = {}
        for root in self._roots:
            if not reachable_folder(root.path):
                self._missing_roots.add(root.id)
                yield RootMissing(root.id, root.path)
                continue
            before = len(self._seen)
            yield from self._below(root, looks)
            if self._cancelled():
                return
            music_in[root.id] = len(self._seen) - before
        yield from self._folders_that_fail()
        yield from self._absent(music_in)
        yield from self._cleared()

    def _below(self, root: Root, looks: "deque[_Look]") -> Iterator[Change]:
        for file in self._walk.files(str(root.path)):
            if self._cancelled():
                return
            self._on_file(file.path)
            if self._is_as_listed(file):
                self._seen.add(file.path)
                continue
            looks.append(self._look(file, root))
            # What needs no reading is settled at once, unless it waits behind one that does.
            while looks and (looks[0].is_ready or len(looks) > _LOOK_AHEAD):
                yield from self._settle(looks[0])
                looks.popleft()
        while looks and not self._cancelled():
            yield from self._settle(looks[0])
            looks.popleft()

    def _is_as_listed(self, file: MusicFile) -> bool:
        """Return whether there is nothing to find out: so it is for nearly every file.

        It needs no turn behind the files that are being read: what is untouched where it was is
        nobody's origin.
        """
        row = self._known.get(file.path)
        return (
            row is not None
            and row.stamp == file.stamp
            and row.available
            and not file.sheets.stamps
            and not row.sheets
            and not is_outdated(row)
            and file.path not in self._failed
            and file.path not in self._parts_at
        )

    def _look(self, file: MusicFile, root: Root) -> _Look:
        """Decide whether a file is read, and if so have it begun."""
        begun = None
        if self._must_be_read(file, self._rows_at(file.path)):
            begun = self._begin(file, root)
        return _Look(file, root, begun)

    def _begin(self, file: MusicFile, root: Root) -> "Future[Outcome]":
        known = self._known.get(file.path)
        # Only a newer reader of tags wants this file: what it is has not changed.
        same = (
            known is not None
            and known.stamp == file.stamp
            and known.versions.identity >= CURRENT.identity
        )
        audio_id = known.audio_id if known is not None and same else None
        sheets = sorted(file.sheets.stamps)
        return self._inspector.begin(Path(file.path), root.path, audio_id, sheets)

    def _must_be_read(self, file: MusicFile, rows: Sequence[KnownFile]) -> bool:
        as_they_are = rows_as_they_are(file, rows)
        if as_they_are and not any(map(is_outdated, as_they_are)):
            return False
        return not self._failed_as_it_is(file)

    def _failed_as_it_is(self, file: MusicFile) -> bool:
        return file.path not in self._retried and self._failed.get(file.path) == file.stamp

    def _settle(self, look: _Look) -> Iterator[Change]:
        """Tell what is different about a file, once it has been read.

        Looks are settled in the order in which they were begun. A file before this one may have
        turned out to be this one's track, moved: what was known of this path is asked anew.
        """
        file, rows = look.file, self._rows_at(look.file.path)
        begun = look.begun
        if begun is None and self._must_be_read(file, rows):
            begun = self._begin(file, look.root)
        if begun is None:
            yield from self._untouched(file, rows)
            return
        path = Path(file.path)
        if not self._wait(begun):
            return
        try:
            read = self._inspector.end(path, begun)
        except UnreadableFile as error:
            if error.reason is Reason.MISSING:
                return  # it vanished between the listing and the look
            self._seen.add(file.path)
            track_id = rows[0].track_id if rows else None
            yield Unreadable(path, file.stamp, error.reason, error.detail, track_id)
            yield from (Unavailable(row.track_id) for row in rows[1:] if row.available)
            return
        self._seen.add(file.path)
        yield from self._differences(facts_of_songs(look.file, look.root, read), rows)
        if read.refused is not None and read.refused.name in file.sheets.stamps:
            sheet = path.with_name(read.refused.name)
            self._seen.add(str(sheet))
            stamp = file.sheets.stamps[read.refused.name]
            yield Unreadable(sheet, stamp, Reason.BAD_SHEET, read.refused.why)

    def _differences(
        self, songs: Sequence[FileFacts], rows: Sequence[KnownFile]
    ) -> Iterator[Change]:
        """Tell what is different about the songs of one file: it, or its parts."""
        known_at = {None if row.part is None else row.part.start_s: row for row in rows}
        for facts in songs:
            start_s = None if facts.part is None else facts.part.start_s
            change = self._difference(facts, known_at.pop(start_s, None))
            yield change
            # The new file under a moved song's old name was taken for that song, changed. The
            # song has taken its row along, so the new file gets one of its own.
            if isinstance(change, Moved) and change.track_id in self._replaced:
                yield Found(self._replaced.pop(change.track_id))
        # A sheet that came, went or changed: the file is cut otherwise now.
        yield from (Gone(row.track_id, songs[0].path) for row in known_at.values() if not row.gone)

    def _wait(self, begun: "Future[Outcome]") -> bool:
        """Wait until a file has been read; return whether it has, rather than the scan's end."""
        while not self._cancelled():
            with contextlib.suppress(TimeoutError):
                begun.exception(_CANCEL_EVERY_S)
                return True
        return False

    def _untouched(self, file: MusicFile, rows: Sequence[KnownFile]) -> Iterator[Change]:
        self._seen.add(file.path)
        for name, stamp in file.sheets.stamps.items():
            sheet = str(Path(file.path).with_name(name))
            if self._failed.get(sheet) == stamp:
                self._seen.add(sheet)
        as_they_are = rows_as_they_are(file, rows)
        if not as_they_are or self._failed_as_it_is(file):
            return
        yield from (Returned(row.track_id) for row in as_they_are if not row.available)
        if file.path in self._failed:
            yield Cleared(Path(file.path))

    def _rows_at(self, path: str) -> list[KnownFile]:
        """Return what is known of a file and of its parts, but for what has moved away."""
        whole = self._known.get(path)
        rows = [whole] if whole is not None else []
        rows += self._parts_at.get(path, ())
        return [row for row in rows if row.track_id not in self._moved]

    def _difference(self, facts: FileFacts, known: KnownFile | None) -> Change:
        if known is not None and known.audio_id == facts.audio_id:
            return Changed(known.track_id, facts)
        if known is not None and known.stamp == facts.stamp and known.part == facts.part:
            # Not a bit of it has changed: what tells its identity has.
            return Changed(known.track_id, facts, same_audio_as=known.audio_id)
        origin = self._origin(facts)
        if origin is not None:
            track_id = self._known[origin].track_id
            self._moved.add(track_id)
            self.moved_from.add(self._known[origin].root_id)
            if known is not None:
                self._displaced.add(known.track_id)
            return Moved(track_id, Path(path_of(origin)), facts)
        if known is None:
            return Found(facts)
        self._replaced[known.track_id] = facts
        return Changed(known.track_id, facts)

    def _origin(self, facts: FileFacts) -> str | None:
        """Return the path from which the track with this audio has moved, if it has."""
        here = place_of(str(facts.path), facts.part)
        for path in self._by_audio.get(facts.audio_id, ()):
            known = self._known[path]
            if path == here or known.track_id in self._moved:
                continue
            if known.gone or known.track_id in self._displaced:
                return path
            if self._has_left(path, known) or self._is_same_file(facts, known):
                return path
        return None

    def _is_same_file(self, facts: FileFacts, known: KnownFile) -> bool:
        """Return whether a file of a root that is not there is this one, under a renamed root.

        A copy has another time of change (ctime), which no program can set back; when a folder
        above a file is renamed, or its drive is mounted elsewhere, the file's own stays.
        """
        root = self._root_of.get(known.root_id)
        is_away = root is not None and not reachable_folder(root)
        return is_away and known.stamp.ctime_ns != 0 and known.stamp == facts.stamp

    def _has_left(self, place: str, known: KnownFile) -> bool:
        path = path_of(place)
        if not self._can_tell(path, known):
            return False
        try:
            status = os.stat(path)  # noqa: PTH116 (called for each candidate of a move)
        except OSError:
            return True
        if FileStamp.of(status) == known.stamp:
            return False
        try:
            found = self._inspector.identity(Path(path))
            return (found if known.part is None else part_id(found, known.part)) != known.audio_id
        except UnreadableFile:
            return False

    def _can_tell(self, path: str, known: KnownFile) -> bool:
        """Return whether a file that is not found at its path is really not there."""
        if known.root_id in self._missing_roots or self._is_below_unreadable(path):
            return False
        root = self._root_of.get(known.root_id)
        return root is not None and reachable_folder(root)

    def _is_below_unreadable(self, path: str) -> bool:
        return any(path.startswith(f"{folder}{os.sep}") for folder in self._walk.unreadable)

    def _folders_that_fail(self) -> Iterator[Change]:
        for folder, error in self._walk.unreadable.items():
            self._seen.add(folder)
            if folder not in self._failed:
                yield Unreadable(Path(folder), FileStamp(0, 0), Reason.of(error), str(error))

    def _absent(self, music_in: Mapping[RootId, int]) -> Iterator[Change]:
        """Give what was not seen: gone where that is certain and believable."""
        gone: dict[RootId, list[tuple[str, KnownFile]]] = defaultdict(list)
        listed: dict[RootId, int] = defaultdict(int)
        scanned = {root.id: root for root in self._roots}
        for place, known in self._known.items():
            if known.gone or known.root_id not in scanned:
                continue
            path = path_of(place) if known.part is not None else place
            listed[known.root_id] += 1
            if path in self._seen or {known.track_id} & (self._moved | self._displaced):
                continue
            if known.root_id in self._missing_roots or self._is_below_unreadable(path):
                if known.available:
                    yield Unavailable(known.track_id)
            else:
                gone[known.root_id].append((path, known))
        for root_id, files in gone.items():
            gone_files = len({path for path, _ in files})  # a disc of thirty songs is one file
            if self._is_believable(gone_files, listed[root_id], music_in.get(root_id, 0)):
                yield from (Gone(known.track_id, Path(path)) for path, known in files)
            else:
                yield from (Unavailable(known.track_id) for _, known in files if known.available)
                yield RemovalRefused(root_id, scanned[root_id].path, len(files))

    def _is_believable(self, gone: int, listed: int, there: int) -> bool:
        if self._allow_removal:
            return True
        if there == 0:
            return False
        return gone < _REFUSE_FROM_TRACKS or gone <= listed * _REFUSE_FROM_SHARE

    def _cleared(self) -> Iterator[Change]:
        reached = [root for root in self._roots if root.id not in self._missing_roots]
        # A root itself is listed when it may not be opened; it is over when it was walked.
        roots = {str(root.path) for root in reached}
        folders = tuple(f"{root}{os.sep}" for root in roots)
        # A root within one of these has a scan of its own: it was not looked into.
        others = {str(root) for root in self._root_of.values()} - roots
        inner = tuple(f"{root}{os.sep}" for root in others if root.startswith(folders))
        for path in self._failed:
            if path in self._seen or path.startswith(inner) or path in others:
                continue
            if path in roots or path.startswith(folders):
                yield Cleared(Path(path))
