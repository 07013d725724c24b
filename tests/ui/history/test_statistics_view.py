import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.history.bar_chart import BarChart
from mecomp_desktop.ui.history.page import STATISTICS, HistoryPage
from mecomp_desktop.ui.page import PageContext


@pytest.fixture
def page(app: Application, bridge: Bridge, qtbot: QtBot) -> HistoryPage:
    made = HistoryPage(PageContext.of(app, bridge))
    qtbot.addWidget(made)
    made.resize(744, 450)
    made.show()
    made.show_catalog(app.library.catalog())
    return made


def test_shows_what_was_played_and_follows(
    page: HistoryPage, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    page.show_view(STATISTICS)
    qtbot.waitUntil(lambda: page.statistics is not None, timeout=20_000)
    view = page.statistics
    assert view is not None
    assert page.shown_part is view
    assert "0 plays" in view.total.text()
    audio_id = app.library.catalog().track(ids[0]).audio_id
    app.history.record(audio_id, time.time(), 3600.0)
    qtbot.waitUntil(lambda: "1.0 hours · 1 plays" in view.total.text(), timeout=20_000)
    assert view.by_day.values[-1] == pytest.approx(1.0)
    assert sum(view.by_hour.values) == pytest.approx(1.0)


def test_a_chart_is_described_and_leaves_wheel_and_mouse_alone(
    bridge: Bridge, qtbot: QtBot
) -> None:
    chart = BarChart(bridge, "Hours by day", "hours")
    qtbot.addWidget(chart)
    chart.show_values([], [])
    assert chart.accessibleName() == "Hours by day: none"
    chart.show_values([1.0, 3.0], [(0, "Mon"), (1, "Tue")])
    assert chart.accessibleName() == "Hours by day: 4.0 hours in all, most at Tue"
    chart.show()
    before = chart.viewRange()
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    chart.wheelEvent(wheel)
    assert not wheel.isAccepted()
    qtbot.mousePress(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.mouseRelease(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(120, 90))
    assert chart.viewRange() == before


def test_a_chart_follows_the_theme(bridge: Bridge, qtbot: QtBot) -> None:
    chart = BarChart(bridge, "Hours by day", "hours")
    qtbot.addWidget(chart)
    chart.show_values([1.0], [(0, "Mon")])
    before = chart.backgroundBrush().color().name()
    bridge.theme.choose("dark")
    assert chart.backgroundBrush().color().name() != before
