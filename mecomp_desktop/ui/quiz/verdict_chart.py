"""A picture of a verdict: how often the model agreed before, how often now, and chance."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mecomp_desktop.domain.model_version import Verdict
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.colours import mix

_ROW_PX, _BAR_PX, _NAME_PX, _NUMBER_PX = 28, 12, 104, 44
_CHANCE = 1 / 3
# A model that was not adopted is not what plays "now": the bars name the models instead.
_BEFORE, _IN_USE, _NEW = "Model before", "Model in use", "Tuned model"


class VerdictChart(QWidget):
    """Two bars, before and after, and a line where guessing would be."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._verdict: Verdict | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(2 * _ROW_PX + 18)
        self.hide()
        bridge.theme.changed.connect(self.update)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Draw another verdict; nothing is shown without questions."""
        self._verdict = verdict
        self.setVisible(verdict is not None and verdict.questions > 0)
        if verdict is not None and verdict.questions:
            self.setAccessibleName(
                f"Agreement with you: {_BEFORE if verdict.adopted else _IN_USE} "
                f"{verdict.before / verdict.questions:.0%}, {_NEW} "
                f"{verdict.after / verdict.questions:.0%}; guessing would be 33%"
            )
        self.update()

    @guarded(QSize)
    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Room for two rows."""
        return QSize(320, 2 * _ROW_PX + 18)

    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the bars."""
        verdict = self._verdict
        if verdict is None or not verdict.questions:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._bridge.theme.colours
        whole = self.width() - _NAME_PX - _NUMBER_PX
        rows = (
            (_IN_USE if not verdict.adopted else _BEFORE, verdict.before, colours.muted),
            (_NEW, verdict.after, colours.accent if verdict.adopted else colours.muted),
        )
        for number, (name, hits, colour) in enumerate(rows):
            share, top = hits / verdict.questions, number * _ROW_PX
            painter.setPen(QColor(colours.text))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, _NAME_PX, _ROW_PX), middle, name)
            right = middle | Qt.AlignmentFlag.AlignRight
            box = QRectF(self.width() - _NUMBER_PX, top, _NUMBER_PX, _ROW_PX)
            painter.drawText(box, right, f"{share:.0%}")
            painter.setPen(Qt.PenStyle.NoPen)
            bar = QRectF(_NAME_PX, top + (_ROW_PX - _BAR_PX) / 2, whole, _BAR_PX)
            painter.setBrush(QColor(mix(colours.surface, colours.text, 0.08)))
            painter.drawRoundedRect(bar, 4, 4)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), whole * share, _BAR_PX), 4, 4)
        guess = _NAME_PX + whole * _CHANCE
        painter.setPen(QPen(QColor(colours.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(round(guess), 2, round(guess), 2 * _ROW_PX - 2)
        painter.setPen(QColor(colours.muted))
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.drawText(round(guess) - 24, 2 * _ROW_PX + 12, "guessing")
