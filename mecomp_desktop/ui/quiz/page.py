"""The quiz page: the question above, what comes of it below."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.quiz.answers_panel import AnswersPanel
from mecomp_desktop.ui.quiz.learning_panel import LearningPanel
from mecomp_desktop.ui.quiz.models_panel import ModelsPanel
from mecomp_desktop.ui.quiz.question_view import QuestionView
from mecomp_desktop.ui.widgets.basics import label, surface

_SIDE_PX = 24
_WIDEST_PX = 960


class QuizPage(Page):
    """Asks which two of three sound most alike, and shows what was learned from it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        app, bridge = context.app, context.bridge
        surface(self, "base")
        self.question = QuestionView(app, bridge)
        self.learning = LearningPanel(app, bridge)
        self.models = ModelsPanel(app, bridge)
        self.answers = AnswersPanel(app, bridge)
        self._lay_out()

    def first_focus(self) -> QWidget | None:
        """Return the first clip, or the button that plays all while there is no question."""
        return self.question.first_focus()

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Have questions ready from now on."""
        super().showEvent(event)
        self.question.begin()
        self.learning.refresh()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(inside)
        column.setContentsMargins(_SIDE_PX, 20, _SIDE_PX, _SIDE_PX)
        column.setSpacing(16)
        column.addWidget(label("Which two sound most alike?", "title"))
        column.addWidget(self.question)
        column.addWidget(self.learning)
        column.addWidget(self.models)
        column.addWidget(self.answers)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAlignment(Qt.AlignmentFlag.AlignLeft)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
