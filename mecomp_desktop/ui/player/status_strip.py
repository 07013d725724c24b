"""The strip at the bottom: what is going on, and what just happened."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import (
    ANALYSING,
    SCANNING,
    analysed_but_failed,
    analysis_numbers,
    analysis_share,
    count,
    scan_numbers,
)
from mecomp_desktop.ui.player.notices import Notice, Notices
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import mix
from mecomp_desktop.ui.theme.theme import sized, tabular
from mecomp_desktop.ui.widgets.basics import button, label, surface
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel

_HEIGHT_PX = 32
_ICON_PX = 16
_PACE_MS = 500
Callback = Callable[[], object]


class StatusStrip(QWidget):
    """One line, most urgent first: a notice, the scan, the analysis, or how much there is.

    Signals:
        settings_wanted: The listener wants to choose a sound device.
        activity_wanted: The listener wants to see more of what is going on.
    """

    settings_wanted = Signal()
    activity_wanted = Signal()

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._on_action: Callback | None = None
        self._share: float | None = None
        self._icon_shown: tuple[str, str, bool] | None = None
        surface(self)
        self.setFixedHeight(_HEIGHT_PX)
        self._icon = QLabel()
        self._icon.setFixedWidth(_ICON_PX)
        self._what = label()
        self._numbers = ElidedLabel("muted")
        self._numbers.setFont(tabular(self._numbers.font()))
        self._action = button("", self._act, "link")
        self._device = ElidedLabel("danger")
        self._device.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._device_action = button("Choose another", self.settings_wanted.emit, "link")
        self._device_action.setToolTip("Choose another device in Settings")
        self._lay_out()
        self.notices = Notices(self)
        self.notices.changed.connect(self.refresh)
        self._timer = QTimer(self)
        self._timer.setInterval(_PACE_MS)
        self._timer.timeout.connect(self.refresh)
        bridge.on(app.notice, self.show_message, self)
        bridge.on(app.analysis.changed, self.refresh, self)
        bridge.on(app.library.changed, self.refresh, self)
        bridge.failed.connect(self.show_message)
        bridge.theme.changed.connect(self._theme_changed)
        self.refresh()

    def show_message(
        self, sentence: str, action_words: str = "", action: Callback | None = None
    ) -> None:
        """Show a sentence for some seconds.

        Args:
            sentence: What happened, in plain words.
            action_words: What a button beside it says, such as ``Undo``; empty for none.
            action: What the button does.
        """
        self.notices.show_message(Notice(sentence, action_words, action))

    def refresh(self) -> None:
        """Show what matters most now."""
        notice = self.notices.current
        if notice is not None:
            self._show("info", notice.sentence, "", notice.action_words, self.notices.act)
        elif not self._show_work():
            self._show_rest()
        self._show_device()

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow what is going on from now on."""
        super().showEvent(event)
        self._timer.start()
        self.refresh()

    @guarded()
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the progress as a thin line along the upper edge."""
        painter = QPainter(self)
        colours = self._bridge.theme.colours
        painter.fillRect(self.rect(), colours.of("surface"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), colours.of("line"))
        if self._share is not None:
            ground = QColor(mix(colours.surface, colours.text, 0.16))
            painter.fillRect(QRectF(0, 0, self.width(), 2), ground)
            done = QRectF(0, 0, self.width() * self._share, 2)
            painter.fillRect(done, colours.of("accent"))

    # What there may be to show

    def _show_work(self) -> bool:
        scan = self._app.library.scan_status()
        if scan.running:
            self._show("folder-open", SCANNING, scan_numbers(scan), "Details", self._more)
            return True
        status = self._app.analysis.status()
        if status.state == "waiting":
            icon = "warning" if status.error else "ear"
            self._show(icon, ANALYSING, analysis_numbers(status), "Details", self._more)
            return True
        if status.state == "idle" or not status.progress.remaining:
            return False
        paused = status.state == "paused"
        words, action = ("Go on", self._resume) if paused else ("Pause", self._pause)
        numbers = analysis_numbers(status)
        self._show("ear", ANALYSING, numbers, words, action, analysis_share(status))
        return True

    def _show_rest(self) -> None:
        songs = len(self._app.library.catalog())
        embedded, total = self._app.similarity.coverage()
        what = count(songs, "song") if songs else "No music folders yet"
        status = self._app.analysis.status()
        if songs and embedded >= total:
            self._show("music-notes", what, "all analysed")
        elif songs and status.progress.failed and not status.progress.remaining:
            self._show("music-notes", what, analysed_but_failed(status), "Details", self._more)
        else:
            self._show("music-notes", what, "")

    def _show_device(self) -> None:
        error = self._app.playback.status().device_error
        self._device.setVisible(bool(error))
        self._device_action.setVisible(bool(error))
        if error:
            self._device.show_text(f"{error.removesuffix('.')}; playing silently.")

    def _show(
        self,
        icon: str,
        what: str,
        numbers: str,
        action_words: str = "",
        action: Callback | None = None,
        share: float | None = None,
    ) -> None:
        self._draw_icon(icon, "muted")
        self._what.setText(what)
        self._numbers.show_text(numbers)
        self._action.setText(action_words)
        self._action.setVisible(bool(action_words))
        self._on_action = action
        if share != self._share:
            self._share = share
            self.update()
        self.setAccessibleName(f"{what}, {numbers}" if numbers else what)

    def _draw_icon(self, name: str, role: str) -> None:
        wanted = (name, role, self._bridge.theme.is_dark)
        if wanted != self._icon_shown:
            self._icon_shown = wanted
            self._icon.setPixmap(self._bridge.icons.pixmap(name, _ICON_PX, role))

    def _theme_changed(self) -> None:
        self._icon_shown = None
        self.refresh()

    # What the buttons do

    def _act(self) -> None:
        if self._on_action is not None:
            self._on_action()

    def _pause(self) -> None:
        self._app.analysis.pause()
        self.refresh()

    def _resume(self) -> None:
        self._app.analysis.resume()
        self.refresh()

    def _more(self) -> None:
        self.activity_wanted.emit()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._what)
        row.addSpacing(8)
        row.addWidget(self._numbers, 1)
        row.addWidget(self._action)
        row.addWidget(self._device)
        row.addWidget(self._device_action)
        for part in (self._what, self._numbers, self._device):
            part.setFont(tabular(sized(part.font(), 12)))
        row.setAlignment(Qt.AlignmentFlag.AlignVCenter)
