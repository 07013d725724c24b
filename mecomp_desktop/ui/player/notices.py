"""Sentences that wait for their turn to be shown."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

_SHOWN_MS = 6_000
_HURRIED_MS = 3_000
_MAX_PENDING = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, perhaps with something to do about it.

    Attributes:
        sentence: What happened, in plain words.
        action_words: What the button says; empty for none.
        action: What the button does.
    """

    sentence: str
    action_words: str = ""
    action: Callable[[], object] | None = None


class Notices(QObject):
    """Shows one notice after the other, each long enough to be read.

    Signals:
        changed: Another notice is shown, or none (`current` tells).
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: Notice | None = None
        self._waiting: deque[Notice] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)

    @property
    def current(self) -> Notice | None:
        """The notice that is shown now."""
        return self._current

    def show_message(self, notice: Notice) -> None:
        """Show a notice, after those that came before; the same one twice is shown once."""
        if self._current is None:
            self._show(notice)
        elif notice.sentence == self._current.sentence:
            # The newer one knows the newer way back.
            self._show(notice)
        else:
            if len(self._waiting) >= _MAX_PENDING:
                self._waiting.popleft()
            self._waiting.append(notice)
            self._timer.start(min(self._timer.remainingTime(), _HURRIED_MS))

    def dismiss(self) -> None:
        """Go on to the next notice, or to none."""
        self._timer.stop()
        if self._waiting:
            self._show(self._waiting.popleft())
        elif self._current is not None:
            self._current = None
            self.changed.emit()

    def act(self) -> None:
        """Do what the notice offers, and take it away."""
        notice = self._current
        self.dismiss()
        if notice is not None and notice.action is not None:
            notice.action()

    def _show(self, notice: Notice) -> None:
        self._current = notice
        self._timer.start(_HURRIED_MS if self._waiting else _SHOWN_MS)
        self.changed.emit()
