"""The buttons that steer the player."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.ui import player_commands
from mecomp_desktop.ui.actions import keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import ToolButton, icon_button

_ROUND_PX = 40
_MODE_PX = 16
_DOT_PX = 4
_REPEAT = {
    Repeat.OFF: ("repeat", "muted", "Repeat is off"),
    Repeat.ALL: ("repeat", "accent", "All songs are repeated"),
    Repeat.ONE: ("repeat-once", "accent", "This song is repeated"),
}
_SHUFFLE = {
    False: ("muted", "Shuffle is off"),
    True: ("accent", "What comes next is shuffled"),
}


class ModeButton(ToolButton):
    """A small button for something that stays on; a dot below it says so, not only the colour."""

    def __init__(self, bridge: Bridge, clicked: Callable[[], object]) -> None:
        super().__init__()
        self._bridge = bridge
        self._on = False
        self.setIconSize(QSize(_MODE_PX, _MODE_PX))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda _checked=False: clicked())

    def show_on(self, on: bool) -> None:
        """Show whether it is on."""
        self._on = on
        self.update()

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the button, and the dot."""
        super().paintEvent(event)
        if self._on:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._bridge.theme.colours.of("accent"))
            middle = QPointF(self.width() / 2, self.height() - _DOT_PX / 2 - 1)
            painter.drawEllipse(middle, _DOT_PX / 2, _DOT_PX / 2)


class Transport(QWidget):
    """Previous, play or pause, next; shuffle and repeat below them."""

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = app.playback
        self._bridge = bridge
        self._playing: bool | None = None
        self._modes: tuple[Repeat, bool] | None = None
        playback = self._playback
        self.previous = self._button(
            "skip-back-fill", "Previous song", playback.previous, "play.previous"
        )
        self.toggle = self._button("play-fill", "Play", playback.toggle, "play.toggle")
        self.next = self._button("skip-forward-fill", "Next song", playback.next, "play.next")
        self.shuffle = ModeButton(bridge, self.change_shuffle)
        self.repeat = ModeButton(bridge, self.change_repeat)
        self.toggle.setProperty("kind", "round")
        self.toggle.setFixedSize(_ROUND_PX, _ROUND_PX)
        self.show_playing(False)
        self.show_modes(Repeat.OFF, False)
        self._lay_out()

    def show_playing(self, playing: bool) -> None:
        """Offer pause while it plays, play while it does not."""
        if playing == self._playing:
            return
        self._playing = playing
        name = "Pause" if playing else "Play"
        self._bridge.icons.bind(self.toggle, "pause-fill" if playing else "play-fill", "on_accent")
        self._name(self.toggle, name, "play.toggle")

    def show_modes(self, repeat: Repeat, shuffle: bool) -> None:
        """Show what follows the end, and whether the order is shuffled."""
        if (repeat, shuffle) == self._modes:
            return
        self._modes = (repeat, shuffle)
        icon, role, words = _REPEAT[repeat]
        self._bridge.icons.bind(self.repeat, icon, role)
        self._name(self.repeat, words, "play.repeat")
        role, words = _SHUFFLE[shuffle]
        self._bridge.icons.bind(self.shuffle, "shuffle", role)
        self._name(self.shuffle, words, "play.shuffle")
        for button, on in ((self.repeat, repeat is not Repeat.OFF), (self.shuffle, shuffle)):
            button.show_on(on)

    def change_repeat(self) -> None:
        """Go on to the next way of repeating: off, all, one."""
        player_commands.next_repeat(self._playback)

    def change_shuffle(self) -> None:
        """Shuffle, or go back to the listener's order."""
        player_commands.toggle_shuffle(self._playback)

    def _button(
        self,
        icon: str,
        name: str,
        clicked: Callable[[], object],
        action_id: str,
    ) -> QToolButton:
        return icon_button(self._bridge, icon, name, clicked, keys_of(action_id))

    @staticmethod
    def _name(button: QToolButton, name: str, action_id: str) -> None:
        button.setAccessibleName(name)
        button.setToolTip(f"{name}  ({keys_of(action_id)})")

    def _lay_out(self) -> None:
        steer = QHBoxLayout()
        steer.setSpacing(8)
        for button in (self.previous, self.toggle, self.next):
            steer.addWidget(button)
        modes = QHBoxLayout()
        modes.setSpacing(8)
        modes.addStretch()
        modes.addWidget(self.shuffle)
        modes.addWidget(self.repeat)
        modes.addStretch()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.addLayout(steer, 0, 0)
        layout.addLayout(modes, 1, 0)
