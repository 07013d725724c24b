"""How far the listener is, what was learned, and whether it got better."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.model_version import Verdict
from mecomp_desktop.quiz.service import LearningStatus, QuizProgress
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import count
from mecomp_desktop.ui.quiz.verdict_chart import VerdictChart
from mecomp_desktop.ui.widgets.basics import button, label, surface

_STEPS = 1000


class LearningPanel(QWidget):
    """Progress toward the next improvement, the learning itself, and the last verdict."""

    def __init__(self, app: Application, bridge: Bridge) -> None:
        super().__init__()
        self._app = app
        self._bridge = bridge
        surface(self, "raised")
        self._title = label("", "strong")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setRange(0, _STEPS)
        self._bar.setAccessibleName("Progress toward the next improvement")
        self._counts = label("", "muted")
        self.reason = label("")
        self._details = label("", "muted")
        self._install = label("", "muted")
        for words in (self.reason, self._details, self._install, self._counts):
            words.setWordWrap(True)
        self._chart = VerdictChart(bridge)
        self.learn = button("Learn now", app.quiz.learn)
        self.stop = button("Stop", app.quiz.cancel_learning, "quiet")
        self._lay_out()
        bridge.on(app.quiz.learning_changed, self.refresh, self)
        bridge.on(app.quiz.answers.changed, self.refresh, self)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now; the answers are counted on another thread."""
        self._bridge.run(self._app.quiz.progress, self._show, self)

    def _show(self, progress: QuizProgress) -> None:
        status = self._app.quiz.learning()
        self._show_progress(progress, status)
        verdict = status.verdict
        self._chart.show_verdict(verdict)
        self.reason.setText(status.error or (verdict.reason if verdict else ""))
        self.reason.setVisible(bool(self.reason.text()))
        self._details.setText(_details(verdict) if verdict is not None else "")
        self._details.setVisible(bool(self._details.text()))
        missing = progress.install_command
        self._install.setVisible(bool(missing))
        self._install.setText(
            f"Your answers are kept. To learn from them, install the trainer: {missing}"
        )
        self.learn.setEnabled(not status.running and not missing and progress.counts.learnable > 0)
        self.stop.setVisible(status.running)

    def _show_progress(self, progress: QuizProgress, status: LearningStatus) -> None:
        if status.running:
            self._title.setText("Learning from your answers…")
            self._bar.setValue(round(status.share * _STEPS))
        else:
            left = progress.wanted - progress.new
            words = (
                f"{count(left, 'answer')} to the next improvement"
                if left > 0
                else "Ready to learn from your answers"
            )
            self._title.setText(words)
            self._bar.setValue(min(_STEPS, round(_STEPS * progress.new / progress.wanted)))
        counts = progress.counts
        parts = [
            f"{count(counts.total, 'answer')} so far",
            f"{counts.held_back} kept to check with",
        ]
        if counts.undecided:
            parts.append(f"{counts.undecided} undecided")
        if counts.contradictory:
            parts.append(f"{counts.contradictory} contradict another")
        self._counts.setText(", ".join(parts))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.stop)
        head.addWidget(self.learn)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._counts)
        column.addWidget(self._chart)
        column.addWidget(self.reason)
        column.addWidget(self._details)
        column.addWidget(self._install)


def _details(verdict: Verdict) -> str:
    """Return how sure the difference is, and what the random questions say."""
    if not verdict.questions:
        return ""
    words = (
        f"90 % confidence interval: {100 * verdict.low:+.0f} to {100 * verdict.high:+.0f} points."
    )
    if verdict.held_back:
        words += (
            f" Of the {verdict.held_back} random questions kept to check with, the model agreed "
            f"on {verdict.held_back_before} before, and the new one on {verdict.held_back_after}."
        )
    return words
