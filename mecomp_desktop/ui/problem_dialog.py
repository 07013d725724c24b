"""Dialog that collects what a report of a problem needs, to be read and copied."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.logs import LOG_FILE
from mecomp_desktop.problem_report import problem_report
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.basics import button, label

_WIDTH_PX, _HEIGHT_PX = 640, 440
_MARGIN_PX = 24
_EXPLANATION = (
    "Copy this into your report, and say what you did and what you expected. Nothing is sent by "
    "the program. Names of songs may stand in it: please read it first."
)


class ProblemDialog(QDialog):
    """Shows the report as text, and copies it.

    Args:
        app: The program.
        bridge: Reads the log on another thread.
        parent: The window.
    """

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Report a problem")
        self.resize(_WIDTH_PX, _HEIGHT_PX)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Report")
        self.copy_button = button("Copy", self.copy)
        self.copy_button.setDefault(True)
        explanation = label(_EXPLANATION)
        explanation.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.close, "quiet"))
        buttons.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(_MARGIN_PX,) * 4)
        column.setSpacing(12)
        column.addWidget(label("Report a problem", "title"))
        column.addWidget(explanation)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        bridge.run(lambda: _report(app), self.text.setPlainText, self)

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText("Copied")


def _report(app: Application) -> str:
    known, total = app.similarity.coverage()
    facts = {
        "Songs": len(app.library.catalog()),
        "Analysed": f"{known} of {total}",
        "Files that could not be read": len(app.library.failures()),
        "Sound": app.playback.status().device_error or "no fault",
    }
    return problem_report(app.paths.state / LOG_FILE, facts)
