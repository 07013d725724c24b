"""Tells when something changes below the folders of music, while the program runs."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mecomp_desktop.files import reachable_folder
from mecomp_desktop.library.walk import is_music

if TYPE_CHECKING:
    import watchfiles

_log = logging.getLogger(__name__)
_QUIET_MS = 1_000
_LOOK_AGAIN_MS = 5_000
_STEP_MS = 100


class Watcher:
    """A thread that notices changes below folders, also that a folder appears or vanishes.

    Bursts are gathered: a copied album is told once, when it has been quiet for a second.

    Args:
        on_change: Called on the watcher's thread; what changed is for a scan to find out.
    """

    def __init__(self, on_change: Callable[[], object]) -> None:
        self._on_change = on_change
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, folders: Sequence[Path]) -> None:
        """Watch these folders, and no longer those before; none: watch nothing.

        What happens from now on is told; to miss nothing, watch first and then scan.
        """
        self.close()
        if not folders:
            return
        with self._lock:
            self._stop = threading.Event()
            self._thread = threading.Thread(
                target=self._run,
                args=(tuple(folders), _those_there(folders), self._stop),
                name="watch",
                daemon=True,
            )
            self._thread.start()

    def close(self) -> None:
        """Stop watching and wait until the thread has ended."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._stop.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(
        self, folders: tuple[Path, ...], there: tuple[Path, ...], stop: threading.Event
    ) -> None:
        while not stop.is_set():
            try:
                self._watch_until_folders_change(folders, there, stop)
            except (OSError, RuntimeError) as error:
                # Too many folders for the system, or one that vanished: the next look decides.
                _log.warning("cannot watch the folders of music: %s", error)
                stop.wait(_LOOK_AGAIN_MS / 1000)
            now = _those_there(folders)
            if now != there and not stop.is_set():
                there = now
                self._on_change()

    def _watch_until_folders_change(
        self, folders: tuple[Path, ...], there: tuple[Path, ...], stop: threading.Event
    ) -> None:
        if not there:
            stop.wait(_LOOK_AGAIN_MS / 1000)
            return
        # On this thread, which begins after the window is there.
        import watchfiles

        for changes in watchfiles.watch(
            *there,
            watch_filter=_matters,
            debounce=_QUIET_MS * 2,
            step=_STEP_MS,
            rust_timeout=_LOOK_AGAIN_MS,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            if stop.is_set() or _those_there(folders) != there:
                return
            if changes:
                self._on_change()


def _those_there(folders: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(folder for folder in folders if reachable_folder(folder))


def _matters(_change: "watchfiles.Change", path: str) -> bool:
    name = Path(path).name
    # A folder that was moved in or away is told by its own name alone.
    return is_music(name) or ("." not in name and not name.startswith("."))
