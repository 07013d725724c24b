"""One long piece of work on the activity page."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.theme.theme import tabular
from mecomp_desktop.ui.widgets.basics import button, label, surface
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel

_ICON_PX = 24
_STEPS = 1000


class TaskCard(QWidget):
    """Says what is done, how far it is, and how to pause or stop it.

    Args:
        bridge: For the icon.
        icon: The icon's name.
        name: What the work is called.
        switch: Called by the first button (pause, go on, start).
        stop: Called by the second; none without it.
    """

    def __init__(
        self,
        bridge: Bridge,
        icon: str,
        name: str,
        switch: Callable[[], object],
        stop: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        surface(self, "raised")
        self._bridge = bridge
        self._icon_name = icon
        self._icon = QLabel()
        self._numbers = ElidedLabel("muted")
        self._numbers.setFont(tabular(self._numbers.font()))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName(name)
        self.switch = button("", switch)
        self.stop = button("Stop", stop or (lambda: None), "quiet")
        if stop is None:
            self.stop.hide()
        self._stoppable = stop is not None
        self._lay_out(label(name, "strong"))
        bridge.theme.changed.connect(self._draw)
        self._draw()

    def show_state(
        self, numbers: str, switch_words: str, share: float | None, *, running: bool
    ) -> None:
        """Show how it stands.

        Args:
            numbers: How far it is, in words.
            switch_words: What the first button says; empty hides it.
            share: How much is done, 0 to 1; ``None`` where nobody knows.
            running: Whether there is something to stop and to see move.
        """
        self._numbers.show_text(numbers)
        self.switch.setText(switch_words)
        self.switch.setVisible(bool(switch_words))
        self.stop.setVisible(self._stoppable and running)
        self._bar.setVisible(running)
        # A bar without an end moves to and fro.
        self._bar.setRange(0, 0 if share is None else _STEPS)
        if share is not None:
            self._bar.setValue(round(share * _STEPS))

    def _draw(self) -> None:
        self._icon.setPixmap(self._bridge.icons.pixmap(self._icon_name, _ICON_PX, "accent"))

    def _lay_out(self, name: QLabel) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(name)
        words.addWidget(self._numbers)
        words.addStretch()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.stop)
        row.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._bar)
