"""What the queue shows while nothing is in it; songs and files can be dropped on it, too."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mecomp_desktop.ui.actions import keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player import mime
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import label

_ICON_PX = 40


class EmptyQueue(QWidget):
    """One sentence on how to fill the queue.

    Signals:
        tracks_dropped: Songs of the library fell on it (list of ids).
        files_dropped: Files or folders fell on it (list of `Path`).
    """

    tracks_dropped = Signal(list)
    files_dropped = Signal(list)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setAcceptDrops(True)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = label("Nothing queued", "strong")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        keys = keys_of("radio.start")
        words = label(f"Pick a song and press {keys} for a radio of similar songs.", "muted")
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 16, 32, 16)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (self._picture, title, words):
            column.addWidget(part)
        column.addStretch(3)
        bridge.theme.changed.connect(self._draw)
        self._draw()

    @guarded()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take songs and files."""
        data = event.mimeData()
        if data.hasFormat(mime.TRACKS) or data.hasUrls():
            event.acceptProposedAction()

    @guarded()
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Tell what fell."""
        data = event.mimeData()
        if data.hasFormat(mime.TRACKS):
            self.tracks_dropped.emit(mime.unpack(data, mime.TRACKS))
        else:
            files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
            self.files_dropped.emit(files)
        event.acceptProposedAction()

    def _draw(self) -> None:
        self._picture.setPixmap(self._bridge.icons.pixmap("queue", _ICON_PX, "muted"))
