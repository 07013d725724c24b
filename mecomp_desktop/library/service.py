"""The library as the window and the command line see it: tracks, folders, scans, failures."""

import logging
import threading
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.errors import BrokenEnvironment, UnreadableFile
from mecomp_desktop.files import resolved
from mecomp_desktop.library.catalog import Catalog, SortColumn
from mecomp_desktop.library.cue_files import is_sheet
from mecomp_desktop.library.ending_early import ending_early
from mecomp_desktop.library.failure_list import FailureList
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.pictures import MAX_COVER_PX
from mecomp_desktop.library.root_folders import checked_root, root_that_holds
from mecomp_desktop.library.root_view import RootView, view_roots
from mecomp_desktop.library.scan_queue import Scanning, ScanStatus
from mecomp_desktop.library.scanner import Scanner, ScanProgress
from mecomp_desktop.library.temporary_tracks import TemporaryTracks
from mecomp_desktop.library.track_lengths import TrackLengths
from mecomp_desktop.library.track_pictures import TrackPictures
from mecomp_desktop.library.watch import Watcher
from mecomp_desktop.library.waveforms import Waveforms
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.first_read import FirstRead
from mecomp_desktop.store.lengths import Lengths
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from mecomp_desktop.threads import WorkerThread
from mecomp_desktop.workers.worker_slot import SlotClosed

_log = logging.getLogger(__name__)

FIRST_ORDER = SortColumn.ARTIST
"""The order in which the songs are shown at first; ready when the catalog is."""
# How long the window has for itself to show a library, in seconds a song.
_HEAD_START_S = 3e-6


class LibraryService:
    """Owns the catalog and keeps it in step with the folders of music.

    What takes time happens on a thread of its own, one thing after the other. Every method may
    be called from any thread and returns at once, unless it says that it blocks.

    Args:
        database: The library database.
        waveforms: Where the shapes of songs come from.

    Attributes:
        changed: The catalog, the folders or the scan's status is another one.
        failures_changed: The list of failures, or of files that are cut off, is another one.
        loaded: The catalog has been read for the first time.
        scanned: A scan has ended and its result is in the catalog.
        notice: One plain sentence that the listener should see.
    """

    def __init__(self, database: Database, waveforms: Waveforms) -> None:
        self.changed: Event[[]] = Event()
        self.failures_changed: Event[[]] = Event()
        self.loaded: Event[[]] = Event()
        self.scanned: Event[[]] = Event()
        self.notice: Event[[str]] = Event()
        self._tracks, self._roots = Tracks(database), Roots(database)
        self._failures = Failures(database)
        self._inspector = Inspector()
        self._pictures = TrackPictures(self._inspector, waveforms, self.learn_length)
        self._temporary = TemporaryTracks(self._inspector)
        self._catalog = Catalog()
        self._version: tuple[int, ...] = ()
        self._first_read: FirstRead | None = None
        self._root_views: tuple[RootView, ...] = ()
        self._left_out: dict[str, str] = {}
        self._failure_list = FailureList(self._failures)
        self._leaving: set[RootId] = set()
        self._load_done = threading.Event()
        self._worker = WorkerThread("library")
        self._lengths = TrackLengths(Lengths(database), self._worker, self.refresh)
        self._scanning = Scanning(
            Scanner(database, self._inspector),
            self._worker,
            self.refresh,
            self._scan_ended,
            self.changed.emit,
        )
        self._watcher = Watcher(self.rescan)
        self._watching = False

    # What there is

    def catalog(self) -> Catalog:
        """Return the library as it was at the last look; empty before ``load`` is done."""
        return self._catalog

    @property
    def has_loaded(self) -> bool:
        """Whether ``load`` has been done."""
        return self._load_done.is_set()

    def track(self, track_id: TrackId) -> Track | None:
        """Return a track, also a temporary one; ``None`` where there is none (any more)."""
        try:
            return self._catalog.track(track_id)
        except KeyError:
            temporary = self._temporary.track(track_id)
        return temporary if temporary or self._load_done.is_set() else self._tracks.by_id(track_id)

    def track_ids(self) -> Collection[TrackId]:
        """Return the ids of all tracks."""
        return frozenset(self._catalog.tracks.column("id"))

    def roots(self) -> list[RootView]:
        """Return the folders of music, in the order in which they were added."""
        return list(self._root_views)

    def scan_status(self) -> ScanStatus:
        """Return what the search for music files is doing."""
        return self._scanning.status

    def failures(self) -> list[Failure]:
        """Return the files that could not be read."""
        return self._failure_list.all()

    def ending_early(self) -> list[Failure]:
        """Return the files that are cut off: what is there of them is analysed and played."""
        found = ending_early(self._catalog.tracks)
        # What is there of a file may be too little to be analysed: then it is listed as that.
        failed = {failure.path for failure in self._failure_list.all()} if found else set()
        return [file for file in found if file.path not in failed]

    def objection(self, track: Track) -> str | None:
        """Return why a track must not be decoded here: its file has killed a worker. Quick."""
        return self._failure_list.objection(track)

    def cover(self, track_id: TrackId, size_px: int = MAX_COVER_PX) -> bytes | None:
        """Return a track's cover, from the file or beside it, as a PNG. Blocks.

        Args:
            track_id: The track.
            size_px: The picture's shorter side is no longer than this.
        """
        track = self.track(track_id)
        if track is None or not track.available:
            return None
        return self._pictures.cover(track, size_px)

    def peaks(self, track_id: TrackId) -> bytes | None:
        """Return the shape of a track, one byte a bucket, if it can be decoded. Blocks."""
        track = self.track(track_id)
        if track is None or not track.available or self.objection(track) is not None:
            return None
        return self._pictures.peaks(track)

    def visit(self, files: Iterable[Path]) -> list[TrackId]:
        """Return ids by which files can be played, whether they are in the library or not. Blocks.

        A ``notice`` names files that cannot be read; they are left out. The ids of those outside
        the library are negative, and good until the program ends.
        """
        found: list[TrackId] = []
        for file in files:
            path = file.expanduser().absolute()
            try:
                tracks = self._tracks.at_path(path) or self._tracks.at_path(resolved(path))
                tracks = tracks or self._temporary.open_file(path)
            except SlotClosed:
                break
            except BrokenEnvironment as error:
                self.notice.emit(f"{path.name} couldn't be read: {error}.")
            except UnreadableFile as error:
                self.notice.emit(f"{path.name} couldn't be read: {error.reason}.")
            else:
                found.extend(track.id for track in tracks)
        return found

    # Changing it

    def expect(self, first_read: FirstRead) -> None:
        """Let the next ``load`` take what has begun to be read already."""
        self._first_read = first_read

    def load(self) -> None:
        """Read the library from the store; ``loaded`` fires when that is done."""
        self._worker.post(self._load)

    def add_root(self, path: Path) -> RootId:
        """Add a folder of music and look for songs in it.

        Returns:
            Its number; that of the folder of music that it lies in, if it lies in one.

        Raises:
            UserError: It is no folder, or may not be opened.
        """
        path = self.check_root(path)
        outer = root_that_holds(path, self._roots.all())
        if outer is not None:
            self.notice.emit(f"{path} is a part of {outer.path} already.")
        root_id = outer.id if outer is not None else self._roots.add(path)
        self._leaving.discard(root_id)
        self._worker.post(self._show_roots)
        self._worker.post(self._watch)
        self._scanning.post([root for root in self._roots.all() if root.id == root_id])
        return root_id

    @staticmethod
    def check_root(path: Path) -> Path:
        """Return the one path of what can be a folder of music.

        Raises:
            UserError: It is no folder, or may not be opened.
        """
        return checked_root(path)

    def remove_root(self, root_id: RootId) -> None:
        """Hide a folder and its tracks; the files, and what was learned of them, stay."""
        self._root_views = tuple(view for view in self._root_views if view.id != root_id)
        self._leaving.add(root_id)
        self._scanning.cancel()  # a scan must not write into a folder that is being removed
        self._worker.post(lambda: self._remove_root(root_id))

    def restore_root(self, root_id: RootId) -> None:
        """Bring a removed folder back, with its tracks as they were, and look at it anew."""
        self._leaving.discard(root_id)
        self._worker.post(lambda: self._restore_root(root_id))

    def rescan(self) -> None:
        """Look for what is new, changed or gone, unless that is about to happen anyway."""
        self._scanning.post()

    def cancel_scan(self) -> None:
        """End the scan that goes on; what it has found so far stays."""
        self._scanning.cancel()

    def identity(self, path: Path) -> AudioId:
        """Return what a file holds, whether it is in the library or not. Blocks.

        Raises:
            UnreadableFile: It cannot be read.
            BrokenEnvironment: No process comes up that could read it.
        """
        return self._inspector.identity(path)

    def recordings_in(self, path: Path) -> list[AudioId]:
        """Return what the library has of a file: it, or its parts. Reads the store."""
        return [track.audio_id for track in self._tracks.at_path(path)]

    def read_again(self, track_ids: Iterable[TrackId]) -> None:
        """Read the tags of tracks anew, though their files look as they did."""
        wanted = list(track_ids)
        tracks = filter(None, map(self.track, wanted))
        paths = [track.path for track in tracks]
        self._worker.post(lambda: self._tracks.forget_read(wanted))
        self.retry(paths)

    def read_again_below(self, paths: Iterable[Path]) -> None:
        """Read files anew, and whole folders, though they look as they did."""
        wanted = [path.expanduser().absolute() for path in paths]
        self._worker.post(lambda: self._forget_read_below(wanted))
        self._worker.post(self.refresh_failures)
        self._scanning.post()

    def retry(self, paths: Iterable[Path]) -> None:
        """Try files again that could not be read."""
        wanted = list(paths)
        # A sheet is read with the music beside it.
        sheets = [path.parent for path in wanted if is_sheet(path.name)]
        if sheets:
            self._worker.post(lambda: self._forget_read_below(sheets))
        self._worker.post(lambda: self._failures.clear_many(wanted))
        self._worker.post(self.refresh_failures)
        self._scanning.post()

    def refresh_failures(self) -> None:
        """Read the list of failures anew. Blocks for a moment."""
        self._failure_list.refresh()
        self.failures_changed.emit()

    def watch(self, on: bool) -> None:
        """Notice changes in the folders as they happen, or no longer."""
        self._watching = on
        self._worker.post(self._watch)

    def settle(self, timeout_s: float) -> bool:
        """Wait until what was posted has been done; return whether it has. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """End the scan, every thread and process. Blocks. Idempotent."""
        self._scanning.cancel()
        self._inspector.close()
        self._worker.close()
        self._watcher.close()

    def learn_length(self, track_id: TrackId, duration_s: float, ends_early: bool) -> None:
        """Take over the length of a track that was decoded to its end. Returns at once."""
        track = self.track(track_id)
        if track is None or track.part is not None or duration_s <= 0:
            return  # a part of a file ends where its sheet says
        if self._temporary.track(track_id) is not None:
            self._temporary.learn_length(track_id, duration_s, ends_early=ends_early)
            self.changed.emit()
            return
        self._lengths.learn(track, duration_s, ends_early=ends_early)

    def show_lengths(self) -> None:
        """Read the tracks anew, whose lengths have been corrected. Returns at once."""
        self._lengths.show()

    # On the library's thread

    def _load(self) -> None:
        version = self._tracks.version()
        table = self._first_read.take() if self._first_read is not None else None
        self._first_read = None
        self._show(version, self._tracks.table() if table is None else table)
        self.refresh_failures()
        self._load_done.set()
        # What begins when this is told would only keep the window from showing the songs.
        self._worker.wait(_HEAD_START_S * len(self._catalog))
        self.loaded.emit()

    def refresh(self) -> None:
        """Read the tracks anew. Blocks: on the library's thread, or in a command."""
        self._show(self._tracks.version(), self._tracks.table())

    def _show(self, version: tuple[int, ...], tracks: TrackTable) -> None:
        catalog = Catalog(tracks)
        catalog.order(FIRST_ORDER)
        catalog.prepare_rows()  # the window asks it for tracks from now on
        before = self.ending_early()
        self._version, self._catalog = version, catalog
        self._show_roots()
        if self.ending_early() != before:
            self.failures_changed.emit()

    def _show_roots(self) -> None:
        counts = Counter(self._catalog.tracks.column("root_id"))
        self._root_views = view_roots(self._roots.all(), counts, self._left_out)
        self.changed.emit()

    def _forget_read_below(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self._tracks.forget_read_below(path)
            self._failures.clear_below(path)

    def _remove_root(self, root_id: RootId) -> None:
        if root_id in self._leaving:  # else it was added again before its turn came
            self._leaving.discard(root_id)
            self._roots.remove(root_id)
        self.refresh()
        self._watch()
        self._scanning.post()  # the scan that had to end for this

    def _restore_root(self, root_id: RootId) -> None:
        self._roots.restore(root_id)
        self.refresh()
        self._watch()
        self._scanning.post()

    def _watch(self) -> None:
        folders = [root.path for root in self._roots.all()] if self._watching else []
        self._watcher.watch([] if self._worker.closed else folders)

    def _scan_ended(self, result: ScanProgress) -> None:
        self._left_out |= result.left_out
        for path in self._roots.remove_emptied(result.moved_from):
            self.notice.emit(f"The folder {path} is not there; its songs were found elsewhere.")
        if self._tracks.version() == self._version:
            self._show_roots()  # most starts find nothing new
        else:
            self.refresh()
        self.refresh_failures()
        if self.scan_status().error:
            self.notice.emit(f"The search for songs has ended: {self.scan_status().error}.")
        for missing in result.missing_roots:
            self.notice.emit(f"The folder {missing.path} is not there; its songs are kept.")
        for refused in result.refused:
            self.notice.emit(
                f"{refused.tracks} songs vanished from {refused.path} at once; "
                "they are kept in case it is only away."
            )
        self.scanned.emit()
