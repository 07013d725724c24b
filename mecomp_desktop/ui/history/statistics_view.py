"""Numbers about plays and the library: tiles, charts and rankings."""

import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mecomp_desktop.history.statistics import DAYS_SHOWN, Ranking, Statistics
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.history.bar_chart import BarChart
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.widgets.basics import label, surface
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel

_GAP_PX = 24
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RANKED = 8


class StatisticsView(QScrollArea):
    """Shows `Statistics`, below each other, to scroll through."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Statistics")
        self.total = label("", "strong")
        self.total.setWordWrap(True)
        self.by_day = BarChart(bridge, f"Hours a day, the last {DAYS_SHOWN} days", "hours")
        self.by_hour = BarChart(bridge, "Hours by time of day", "hours")
        self.by_weekday = BarChart(bridge, "Hours by day of the week", "hours")
        self.decades = BarChart(bridge, "Songs of the library by decade", "songs")
        self.rankings = {
            title: _RankingList(title)
            for title in ("Top artists", "Top albums", "Top songs", "Genres of the library")
        }
        inside = QWidget()
        surface(inside, "base")
        inside.setLayout(self._layout())
        self.setWidget(inside)

    def show_statistics(self, found: Statistics, today: datetime.date) -> None:
        """Show these numbers.

        Args:
            found: The numbers.
            today: The last of the days that are told one by one.
        """
        self.total.setText(
            f"{found.hours:,.1f} hours · {found.plays:,} plays · {found.skips:,} skips · "
            f"{found.songs_played:,} of {found.songs:,} songs played"
        )
        days = [
            today - datetime.timedelta(days=DAYS_SHOWN - 1 - place) for place in range(DAYS_SHOWN)
        ]
        self.by_day.show_values(
            found.hours_by_day,
            [(place, f"{day.day} {day:%b}") for place, day in enumerate(days) if place % 7 == 1],
        )
        self.by_hour.show_values(
            found.hours_by_hour, [(hour, f"{hour}:00") for hour in range(0, 24, 6)]
        )
        self.by_weekday.show_values(found.hours_by_weekday, list(enumerate(_WEEKDAYS)))
        names = [(place, name[-3:]) for place, (name, _) in enumerate(found.decades)]
        self.decades.show_values([number for _, number in found.decades], names)
        for title, ranking in (
            ("Top artists", found.top_artists),
            ("Top albums", found.top_albums),
            ("Top songs", found.top_songs),
            ("Genres of the library", found.genres),
        ):
            self.rankings[title].show_ranking(ranking)

    def _layout(self) -> QVBoxLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(_GAP_PX)
        grid.setVerticalSpacing(_GAP_PX)
        grid.addWidget(_titled("Hours a day", self.by_day), 0, 0, 1, 2)
        grid.addWidget(_titled("By time of day", self.by_hour), 1, 0)
        grid.addWidget(_titled("By day of the week", self.by_weekday), 1, 1)
        for place, (title, ranking) in enumerate(self.rankings.items()):
            grid.addWidget(_titled(title, ranking), 2 + place // 2, place % 2)
        grid.addWidget(_titled("Decades of the library", self.decades), 4, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout()
        column.setContentsMargins(SIDE_PX, 0, SIDE_PX, _GAP_PX)
        column.setSpacing(_GAP_PX)
        column.addWidget(self.total)
        column.addLayout(grid)
        column.addStretch()
        return column


class _RankingList(QWidget):
    """Names with their numbers, one below the other."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._rows = [(ElidedLabel(), label("", "muted")) for _ in range(_RANKED)]
        for name, number in self._rows:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(name, 1)
            row.addWidget(number)
            column.addLayout(row)
        column.addStretch()

    def show_ranking(self, ranking: Ranking) -> None:
        """Show the greatest."""
        for place, (name, number) in enumerate(self._rows):
            is_shown = place < len(ranking)
            name.setVisible(is_shown or place == 0)
            number.setVisible(is_shown)
            if is_shown:
                name.show_text(ranking[place][0])
                number.setText(f"{ranking[place][1]:,.0f}")
            elif place == 0:
                name.show_text("Nothing yet")


def _titled(title: str, part: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(label(title, "heading"))
    column.addWidget(part)
    column.addStretch()
    return made
