"""The page that shows what is going on, and which files could not be read."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.ui.activity.failure_list import FailureList
from mecomp_desktop.ui.activity.task_card import TaskCard
from mecomp_desktop.ui.formatting import (
    ANALYSING,
    SCANNING,
    analysed_but_failed,
    analysis_numbers,
    analysis_share,
    count,
    scan_numbers,
)
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import label, surface

_PACE_MS = 500
_ICON_PX = 40
_SIDE_PX = 24


class ActivityPage(Page):
    """Running work with its buttons, and below it the files that could not be read."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        app, bridge = context.app, context.bridge
        self._app = app
        self._bridge = bridge
        surface(self, "base")
        self._scan = TaskCard(
            bridge, "folder-open", SCANNING, app.library.rescan, app.library.cancel_scan
        )
        self._analysis = TaskCard(
            bridge, "ear", ANALYSING, self._switch_analysis, app.analysis.cancel
        )
        self.failures = FailureList(app, bridge)
        self._picture = QLabel()
        self._below = QStackedWidget()
        self._below.addWidget(self._all_well())
        self._below.addWidget(self.failures)
        self._lay_out()
        self._count = -1
        self._timer = QTimer(self)
        self._timer.setInterval(_PACE_MS)
        self._timer.timeout.connect(self._show_work)
        bridge.on(app.library.failures_changed, self._show_failures, self)
        bridge.on(app.analysis.changed, self._show_work, self)
        bridge.on(app.library.changed, self._show_work, self)
        self._show_failures()
        self._show_work()

    def first_focus(self) -> QWidget | None:
        """Return the list of files that could not be read, else the button of a task."""
        if self._count:
            return self.failures.table
        buttons = (self._analysis.switch, self._scan.switch)
        return next((button for button in buttons if button.isVisible()), None)

    @property
    def count(self) -> int:
        """How many files could not be read."""
        return self._count

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the work from now on."""
        super().showEvent(event)
        self._timer.start()
        self._show_work()

    @guarded()
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _show_failures(self) -> None:
        number = self.failures.refresh()
        self._below.setCurrentIndex(int(number > 0))
        if number != self._count:
            self._count = number
            self.badge_changed.emit(number)

    def _show_work(self) -> None:
        scan = self._app.library.scan_status()
        if scan.running:
            self._scan.show_state(scan_numbers(scan), "", None, running=True)
        else:
            folders = self._app.library.roots()
            songs = count(len(self._app.library.catalog()), "song")
            words = f"{songs} in {count(len(folders), 'music folder')}"
            self._scan.show_state(words, "Look again" if folders else "", None, running=False)
        self._show_analysis()

    def _show_analysis(self) -> None:
        status = self._app.analysis.status()
        numbers, share = analysis_numbers(status), analysis_share(status)
        if status.state in ("running", "paused"):
            words = "Pause" if status.state == "running" else "Go on"
            self._analysis.show_state(numbers, words, share, running=True)
            return
        if status.state == "waiting":
            words = "Try again" if status.error else ""
            self._analysis.show_state(numbers, words, share, running=False)
            return
        embedded, total = self._app.similarity.coverage()
        if embedded >= total:
            words = "All songs are analysed" if total else "No songs yet"
            self._analysis.show_state(words, "", share, running=False)
        elif status.progress.failed and not status.progress.remaining:
            words = analysed_but_failed(status)
            self._analysis.show_state(words, "", share, running=False)
        else:
            words = f"{embedded:,} of {count(total, 'song')} analysed"
            self._analysis.show_state(words, "Analyse now", share, running=False)

    def _switch_analysis(self) -> None:
        state = self._app.analysis.status().state
        if state == "running":
            self._app.analysis.pause()
        elif state == "paused":
            self._app.analysis.resume()
        else:
            self._app.analysis.start()
        self._show_work()

    def _all_well(self) -> QWidget:
        page = QWidget()
        picture = self._picture
        title = label("Every file could be read", "heading")
        words = label(
            "When a file can't be read, it is listed here with the reason, and can be tried again.",
            "muted",
        )
        words.setWordWrap(True)
        column = QVBoxLayout(page)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (picture, title, words):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addStretch(3)
        # A method of this page, so that the connection ends with it.
        self._bridge.theme.changed.connect(self._draw)
        self._draw()
        return page

    def _draw(self) -> None:
        picture = self._bridge.icons.pixmap("check-circle", _ICON_PX, "accent")
        self._picture.setPixmap(picture)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE_PX, 16, _SIDE_PX, 16)
        column.setSpacing(8)
        column.addWidget(label("Activity", "title"))
        column.addSpacing(8)
        column.addWidget(self._scan)
        column.addWidget(self._analysis)
        column.addSpacing(16)
        column.addWidget(self._below, 1)
