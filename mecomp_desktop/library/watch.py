"""Tells when something changes below the folders of music, while the program runs.

Linux tells of changes that it makes itself. What another machine changes on a share, it does not
notice: such folders are looked at every minute instead ("polled"), and so are all of them where
the system has no room for more watches.
"""

import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from mecomp_desktop.files import reachable, reachable_folder
from mecomp_desktop.library.cue_files import is_sheet
from mecomp_desktop.library.left_out import is_left_out
from mecomp_desktop.library.walk import is_music

if TYPE_CHECKING:
    import watchfiles

_log = logging.getLogger(__name__)
_QUIET_MS = 1_000
_LOOK_AGAIN_MS = 5_000
_STEP_MS = 100
_POLL_MS = 60_000
# How watchfiles gives up when a file that changed has a name that is not UTF-8.
_ODD_NAME = "decode path"
# File systems that live on another machine, or in a program, and tell nothing of changes.
_REMOTE = re.compile(r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ncpfs|davfs|vboxsf|vmhgfs|prl_fs|fuse\..*")
# A deleted name cannot be looked at: with one of these endings it was a file, and no music.
_OTHER_FILES = re.compile(
    r".*\.(?:jpe?g|png|gif|webp|bmp|avif|txt|nfo|log|m3u8?|pls|pdf|lrc|db|ini|part|tmp"
    r"|crdownload|partial|download|swp|bak|!ut|\d{1,6})~?",
    re.IGNORECASE,
)


class Watcher:
    """Threads that notice changes below folders, also that a folder appears or vanishes.

    One waits for what the system tells, another, if need be, polls. Bursts are gathered: a copied
    album is told once, when it has been quiet for a second.

    Args:
        on_change: Called on the watcher's thread; what changed is for a scan to find out.
    """

    def __init__(self, on_change: Callable[[], object]) -> None:
        self._on_change = on_change
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def watch(self, folders: Sequence[Path]) -> None:
        """Watch these folders, and no longer those before; none: watch nothing.

        What happens from now on is told; to miss nothing, watch first and then scan.
        """
        self.close()
        if not folders:
            return
        remote = {folder for folder in folders if _is_remote(folder)}
        local = [folder for folder in folders if folder not in remote]
        with self._lock:
            self._stop = threading.Event()
            for group, polled in ((tuple(local), False), (tuple(remote), True)):
                if group:
                    thread = threading.Thread(
                        target=self._run,
                        args=(group, _those_there(group), self._stop, polled),
                        name="watch",
                        daemon=True,
                    )
                    self._threads.append(thread)
                    thread.start()

    def close(self) -> None:
        """Stop watching and wait until the threads have ended."""
        with self._lock:
            threads, self._threads = self._threads, []
            self._stop.set()
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join()

    def _run(
        self,
        folders: tuple[Path, ...],
        there: tuple[Path, ...],
        stop: threading.Event,
        polled: bool,
    ) -> None:
        missed = False
        while not stop.is_set():
            try:
                self._watch_until_folders_change(folders, there, stop, polled, missed)
                missed = False
            except (OSError, RuntimeError) as error:
                if _ODD_NAME in str(error):
                    # One name ends the whole watch. It is begun anew, and what changed until it
                    # stands again is told: polling would stumble over the same name.
                    stop.wait(_QUIET_MS / 1000)
                    missed = True
                    continue
                stop.wait(_LOOK_AGAIN_MS / 1000)
                # One that vanished, or too many folders for the system: these are polled then.
                vanished = _those_there(folders) != there
                _log.warning("cannot watch the folders of music: %s", error)
                polled = polled or not vanished
            now = _those_there(folders)
            if now != there and not stop.is_set():
                there = now
                self._on_change()

    def _watch_until_folders_change(
        self,
        folders: tuple[Path, ...],
        there: tuple[Path, ...],
        stop: threading.Event,
        polled: bool,
        missed: bool,
    ) -> None:
        if not there:
            stop.wait(_LOOK_AGAIN_MS / 1000)
            return
        # On this thread, which begins after the window is there.
        import watchfiles

        for changes in watchfiles.watch(
            *there,
            watch_filter=_Matters(there),
            debounce=_QUIET_MS * 2,
            step=_STEP_MS,
            rust_timeout=_LOOK_AGAIN_MS,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
            ignore_permission_denied=True,
            force_polling=polled,
            poll_delay_ms=_POLL_MS,
        ):
            if stop.is_set() or _those_there(folders) != there:
                return
            if changes or missed:
                missed = False
                self._on_change()


def _those_there(folders: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(folder for folder in folders if reachable_folder(folder))


def _is_remote(folder: Path) -> bool:
    """Return whether a folder lies where the system is not told of changes."""
    mounts = psutil.disk_partitions(all=True)
    return _is_remote_among(
        os.path.realpath(folder), ((mount.mountpoint, mount.fstype) for mount in mounts)
    )


def _is_remote_among(folder: str, mounts: Iterable[tuple[str, str]]) -> bool:
    holding = [
        (len(point), kind)
        for point, kind in mounts
        if folder == point or folder.startswith(point.rstrip("/") + "/")
    ]
    # The innermost mount is the one that the folder lies on; of two at one point, the later.
    kind = max(holding, key=lambda mount: mount[0], default=(0, ""))[1]
    return _REMOTE.fullmatch(kind) is not None


class _Matters:
    """Tells whether a changed path may be music, or a folder of it.

    Args:
        roots: The folders that are watched; what their own paths are called does not matter.
    """

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = tuple(f"{root}{os.sep}" for root in roots)

    def __call__(self, _change: "watchfiles.Change", path: str) -> bool:
        """Return whether the change is worth a look."""
        root = next((root for root in self._roots if path.startswith(root)), "")
        inside = Path(path.removeprefix(root)).parts or ("",)
        # A NAS writes thumbnails into @eaDir, an editor into .git: no scan would find anything.
        if is_left_out(inside):
            return False
        name = inside[-1]
        if is_music(name) or is_sheet(name) or "." not in name:
            return True
        # A folder that was moved in or away is told by its own name alone, and may have a dot
        # in it ("Vol. 2"). What is still there can be asked what it is.
        there = Path(path)
        if reachable(there):
            return reachable_folder(there)
        return _OTHER_FILES.fullmatch(name) is None
