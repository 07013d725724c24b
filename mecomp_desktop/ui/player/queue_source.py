"""Below the queue while a radio runs: what it started from, and how to end it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.radio.status import RadioStatus
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.adventure import Adventure
from mecomp_desktop.ui.widgets.basics import button, line
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel

_ICON_PX = 16


class QueueSource(QWidget):
    """Names the songs that the radio started from; hidden while there is no radio."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._status: RadioStatus | None = None
        self._picture = QLabel()
        self._words = ElidedLabel()
        stop = button("Stop radio", app.radio.stop, "quiet")
        stop.setToolTip("The songs stay in the queue; no new ones are added")
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addWidget(self._words, 1)
        row.addWidget(stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line())
        column.addLayout(row)
        wander = Adventure(app, bridge)
        wander.setContentsMargins(16, 0, 16, 12)
        column.addWidget(wander)
        bridge.theme.changed.connect(self._draw)
        bridge.on(app.radio.changed, self._renew, self)
        self._draw()
        self.hide()

    @property
    def title(self) -> str:
        """What the radio started from, in a few words; empty while there is none."""
        return self._status.seed.title if self._status else ""

    def show_seeds(self, seeds: Sequence[TrackId]) -> None:
        """Show what the radio started from; hide without seeds."""
        self._status = self._app.radio.status() if seeds else None
        more = f" · {self._status.sentence}" if self._status and self._status.sentence else ""
        self._words.show_text(f"from: {self.title}{more}" if self._status else "")
        self.setVisible(self._status is not None)

    def _renew(self) -> None:
        self.show_seeds(self._app.radio.active_seeds())

    def _draw(self) -> None:
        self._picture.setPixmap(self._bridge.icons.pixmap("radio", _ICON_PX, "accent"))
