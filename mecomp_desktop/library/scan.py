"""The differences between the disk and the library, as a stream."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.files import reachable_folder
from mecomp_desktop.library.identity import audio_id
from mecomp_desktop.library.walk import MusicFile, Walk
from mecomp_desktop.store.roots import Root

# Fewer than these may be a listener's tidying; half of a library at once hardly is.
_REFUSE_FROM_TRACKS = 20
_REFUSE_FROM_SHARE = 0.5


def _never() -> bool:
    return False


def _ignore(_path: str) -> None:
    pass


class Scan:
    """One look at the disk.

    Args:
        roots: The folders to look at.
        known: What the library knows, by path; files of other folders too.
        failed: What the files that could not be read looked like, by path.
        cancelled: Asked again and again; the stream ends early when it says so.
        on_file: Told the path of every music file, before it is looked at.
        allow_removal: Believe that files are gone, even if suddenly most of them are.
        all_roots: Every folder of the library, from any of which a file may have moved.
    """

    def __init__(
        self,
        roots: Sequence[Root],
        known: Mapping[str, KnownFile],
        failed: Mapping[str, FileStamp],
        *,
        cancelled: Callable[[], bool] = _never,
        on_file: Callable[[str], None] = _ignore,
        allow_removal: bool = False,
        all_roots: Sequence[Root] | None = None,
    ) -> None:
        self._roots = roots
        self._root_of = {root.id: root.path for root in (*roots, *(all_roots or ()))}
        self._known = known
        self._failed = failed
        self._cancelled = cancelled
        self._on_file = on_file
        self._allow_removal = allow_removal
        self._walk = Walk([str(root.path) for root in roots], cancelled)
        self._seen: set[str] = set()
        self._moved: set[TrackId] = set()
        self._displaced: set[TrackId] = set()
        self._missing_roots: set[RootId] = set()
        self._by_audio: dict[AudioId, list[str]] = defaultdict(list)
        for path, file in known.items():
            self._by_audio[file.audio_id].append(path)

    def changes(self) -> Iterator[Change]:
        """Give the differences as they are found, and at the end what is no longer there."""
        music_in: dict[RootId, int] = {}
        for root in self._roots:
            if not reachable_folder(root.path):
                self._missing_roots.add(root.id)
                yield RootMissing(root.id, root.path)
                continue
            before = len(self._seen)
            for file in self._walk.files(str(root.path)):
                if self._cancelled():
                    return
                self._on_file(file.path)
                yield from self._look_at(file, root)
            music_in[root.id] = len(self._seen) - before
        if self._cancelled():
            return
        yield from self._folders_that_fail()
        yield from self._absent(music_in)
        yield from self._cleared()

    def _look_at(self, file: MusicFile, root: Root) -> Iterator[Change]:
        known = self._known_at(file.path)
        if known is not None and known.stamp == file.stamp:
            self._seen.add(file.path)
            if not known.available:
                yield Returned(known.track_id)
            if file.path in self._failed:
                yield Cleared(Path(file.path))
            return
        if self._failed.get(file.path) == file.stamp:
            self._seen.add(file.path)
            return
        path = Path(file.path)
        try:
            facts = read_facts(path, root, file.stamp)
        except UnreadableFile as error:
            if error.reason is Reason.MISSING:
                return  # it vanished between the listing and the look
            self._seen.add(file.path)
            track_id = known.track_id if known else None
            yield Unreadable(path, file.stamp, error.reason, error.detail, track_id)
            return
        self._seen.add(file.path)
        yield self._difference(facts, known)

    def _known_at(self, path: str) -> KnownFile | None:
        known = self._known.get(path)
        return None if known is None or known.track_id in self._moved else known

    def _difference(self, facts: FileFacts, known: KnownFile | None) -> Change:
        if known is not None and known.audio_id == facts.audio_id:
            return Changed(known.track_id, facts)
        origin = self._origin(facts)
        if origin is not None:
            track_id = self._known[origin].track_id
            self._moved.add(track_id)
            if known is not None:
                self._displaced.add(known.track_id)
            return Moved(track_id, Path(origin), facts)
        return Found(facts) if known is None else Changed(known.track_id, facts)

    def _origin(self, facts: FileFacts) -> str | None:
        """Return the path from which the track with this audio has moved, if it has."""
        here = str(facts.path)
        for path in self._by_audio.get(facts.audio_id, ()):
            known = self._known[path]
            if path == here or known.track_id in self._moved:
                continue
            if known.gone or known.track_id in self._displaced or self._has_left(path, known):
                return path
        return None

    def _has_left(self, path: str, known: KnownFile) -> bool:
        if not self._can_tell(path, known):
            return False
        try:
            status = os.stat(path)  # noqa: PTH116 (called for each candidate of a move)
        except OSError:
            return True
        if FileStamp(status.st_size, status.st_mtime_ns) == known.stamp:
            return False
        try:
            return audio_id(Path(path)) != known.audio_id
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
            reason = Reason.NO_PERMISSION if isinstance(error, PermissionError) else Reason.DAMAGED
            if folder not in self._failed:
                yield Unreadable(Path(folder), FileStamp(0, 0), reason, str(error))

    def _absent(self, music_in: Mapping[RootId, int]) -> Iterator[Change]:
        """Give what was not seen: gone where that is certain and believable."""
        gone: dict[RootId, list[tuple[str, KnownFile]]] = defaultdict(list)
        listed: dict[RootId, int] = defaultdict(int)
        scanned = {root.id: root for root in self._roots}
        for path, known in self._known.items():
            if known.gone or known.root_id not in scanned:
                continue
            listed[known.root_id] += 1
            if path in self._seen or {known.track_id} & (self._moved | self._displaced):
                continue
            if known.root_id in self._missing_roots or self._is_below_unreadable(path):
                if known.available:
                    yield Unavailable(known.track_id)
            else:
                gone[known.root_id].append((path, known))
        for root_id, files in gone.items():
            if self._is_believable(len(files), listed[root_id], music_in.get(root_id, 0)):
                yield from (Gone(known.track_id, Path(path)) for path, known in files)
            else:
                yield from (Unavailable(one.track_id) for _, one in files if one.available)
                yield RemovalRefused(root_id, scanned[root_id].path, len(files))

    def _is_believable(self, gone: int, listed: int, there: int) -> bool:
        if self._allow_removal:
            return True
        if there == 0:
            return False
        return gone < _REFUSE_FROM_TRACKS or gone <= listed * _REFUSE_FROM_SHARE

    def _cleared(self) -> Iterator[Change]:
        folders = tuple(
            f"{root.path}{os.sep}" for root in self._roots if root.id not in self._missing_roots
        )
        for path in self._failed:
            if path not in self._seen and path.startswith(folders):
                yield Cleared(Path(path))


def read_facts(path: Path, root: Root, stamp: FileStamp) -> FileFacts:
    """Read everything that the library keeps of a file.

    Raises:
        UnreadableFile: It cannot be read.
    """
    # Readers of tags take a moment to load; a look that finds nothing new needs none.
    from mecomp_desktop.library.tags import read_tags

    tags = read_tags(path, root.path)
    return FileFacts(path, root.id, stamp, audio_id(path), tags)
