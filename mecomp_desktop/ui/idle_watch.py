"""Tells when nobody uses the window, and when somebody does again."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

IDLE_AFTER_MS = 120_000


class IdleWatch(QObject):
    """Follows whether the program is the one that the listener works with.

    Another program in front, a locked screen or a minimised window for some minutes is idle. Keys
    and clicks are not counted: an event filter in Python over every event of the application
    would cost more than it tells.

    Signals:
        idle_changed: Whether the window is idle now.
    """

    idle_changed = Signal(bool)

    def __init__(self, parent: QObject, idle_after_ms: int = IDLE_AFTER_MS) -> None:
        super().__init__(parent)
        self._idle = False
        self._timer = QTimer(self, singleShot=True, interval=idle_after_ms)
        self._timer.timeout.connect(lambda: self._set_idle(True))
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.connect(self.note)

    def note(self, state: Qt.ApplicationState) -> None:
        """Take in that the application came forward, or went behind others."""
        if state == Qt.ApplicationState.ApplicationActive:
            self._timer.stop()
            self._set_idle(False)
        elif not self._timer.isActive():
            self._timer.start()

    def _set_idle(self, idle: bool) -> None:
        if idle != self._idle:
            self._idle = idle
            self.idle_changed.emit(idle)
