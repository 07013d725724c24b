"""What can be done with songs, wherever they are shown."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.bridge import Bridge

MOST_QUEUED = 1000
"""So many songs go into the queue at most when one is played from a long list."""
MOST_SEEDS = 50
"""So many of the selected songs a radio starts from at most."""


class SongActions(QObject):
    """Plays, queues and starts radio."""

    def __init__(self, app: Application, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent or bridge)
        self._app = app
        self._bridge = bridge

    def play(self, ids: Sequence[TrackId]) -> None:
        """Play these songs in place of the queue, from the first."""
        if ids:
            self._app.playback.play_tracks(list(ids[:MOST_QUEUED]))

    def play_next(self, ids: Sequence[TrackId]) -> None:
        """Put these songs right behind the one that plays."""
        if ids:
            self._app.playback.play_next(list(ids))
            self._bridge.message.emit(f"{formatting.count(len(ids), 'song')} will play next.")

    def enqueue(self, ids: Sequence[TrackId]) -> None:
        """Put these songs at the end of the queue."""
        if ids:
            self._app.playback.enqueue(list(ids))
            self._bridge.message.emit(f"Added {formatting.count(len(ids), 'song')} to the queue.")

    def start_radio(self, ids: Sequence[TrackId]) -> None:
        """Play songs that sound close to these."""
        if ids:
            self._app.radio.start(list(ids[:MOST_SEEDS]))

    def show_in_folder(self, track: Track) -> None:
        """Open the folder of a song in the desktop's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(track.path.parent)))
