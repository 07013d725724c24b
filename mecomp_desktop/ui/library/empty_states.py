"""The pages that stand in where there is no list (yet): what is there, what goes on, what to do."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import button, label

_ICON_PX = 56
_WIDE_PX = 440
_INSET_PX = 32


class EmptyState(QWidget):
    """One icon, one heading, one sentence, and at most one button, in the middle of the page."""

    def __init__(
        self,
        bridge: Bridge,
        icon: str,
        action: str = "",
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._icon_name = icon
        self._icon = QLabel()
        self._heading = label("", "title")
        self._sentence = label("", "muted")
        self._sentence.setWordWrap(True)
        self._sentence.setFixedWidth(_WIDE_PX)
        self.button: QPushButton | None = None
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(4)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for part in (self._heading, self._sentence):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        # Something on the page has to hold the keyboard until there is a list.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if clicked is not None:
            self.button = button(action, clicked, "primary")
            self.button.setMinimumHeight(40)
            self.setFocusProxy(self.button)
            column.addSpacing(16)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(5)
        self._tint()
        bridge.theme.changed.connect(self._tint)

    def show_message(self, heading: str, sentence: str) -> None:
        """Show these words."""
        self._heading.setText(heading)
        self.setAccessibleName(heading)
        self.setAccessibleDescription(sentence)
        self._sentence.setText(sentence)
        # Centred in the column, a label that wraps is not asked how high it has to be.
        self._sentence.setFixedHeight(self._sentence.heightForWidth(_WIDE_PX))

    @property
    def words(self) -> tuple[str, str]:
        """The heading and the sentence."""
        return self._heading.text(), self._sentence.text()

    def _tint(self) -> None:
        self._icon.setPixmap(self._bridge.icons.pixmap(self._icon_name, _ICON_PX, "accent"))


class FirstStart(EmptyState):
    """Before there is any music: one sentence, one button, and room to drop a folder."""

    def __init__(self, bridge: Bridge, choose: Callable[[], object]) -> None:
        super().__init__(bridge, "music-notes", "Choose your music folder", choose)
        self._dropping = False
        self.show_message(
            "Bring your music",
            "Choose the folder it is in, or drop one here. Songs appear as they are found; "
            "nothing in your files is changed.",
        )

    def set_dropping(self, dropping: bool) -> None:
        """Show whether a folder is held above the window."""
        self._dropping = dropping
        self.update()

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, Qt's name
        """Draw the dashed frame that says: drop it here."""
        colours = self._bridge.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours.accent if self._dropping else colours.line), 2)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        if self._dropping:
            painter.setBrush(QColor(colours.hover))
        inset = _INSET_PX
        frame = QRectF(self.rect()).adjusted(inset, 0, -inset, -inset)
        painter.drawRoundedRect(frame, 16, 16)
        painter.end()
        super().paintEvent(event)
