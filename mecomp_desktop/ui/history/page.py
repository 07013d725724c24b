"""The page of what was played, liked and put away."""

import datetime
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.rating import RatingTable, Subject, SubjectKind
from mecomp_desktop.history.statistics import Statistics, statistics_of
from mecomp_desktop.history.views import View, songs_of
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.text import isolated
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.history.never_again import NeverAgainList, PutAway, name_of
from mecomp_desktop.ui.library.empty_states import EmptyState
from mecomp_desktop.ui.library.heading import Heading
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.library.song_table import SongTable
from mecomp_desktop.ui.page import Page, PageContext
from mecomp_desktop.ui.widgets.basics import show_page, surface
from mecomp_desktop.ui.widgets.controls import Choice
from mecomp_desktop.ui.window_state import Value

if TYPE_CHECKING:
    from mecomp_desktop.ui.history.statistics_view import StatisticsView

NEVER_AGAIN = "never again"
STATISTICS = "statistics"
_SHOWN = (Column.TITLE, Column.ARTIST, Column.LIKED, Column.PLAYS, Column.LAST_PLAYED)
_EMPTY = {
    View.RECENTLY_PLAYED: (
        "Nothing played yet",
        "What you play for half of its length, or for four minutes, is listed here.",
    ),
    View.MOST_PLAYED: ("Nothing played yet", "The songs that you play most are listed here."),
    View.LIKED: ("Nothing liked yet", "The heart in the player, or Ctrl+L, likes a song."),
    View.RECENTLY_ADDED: ("No songs yet", "New songs are listed here as they are found."),
    View.NEVER_PLAYED: ("Everything was played", "There is no song that you have not played."),
    View.FORGOTTEN: (
        "No forgotten favourites",
        "What you liked, rated highly or played often, and not for four months, is listed here.",
    ),
}
_NOTHING_AWAY = (
    "Nothing is put away",
    "“Never again” in the menu of a song keeps it out of radio, shuffle and the quiz.",
)


class HistoryPage(Page):
    """Songs by what was done with them, in views to choose from."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        surface(self, "base")
        self._app, self._bridge = context.app, context.bridge
        self._catalog = Catalog()
        self._view: str = View.RECENTLY_PLAYED
        self.heading = Heading(self._bridge, "History")
        self.choice = Choice()
        self.choice.setAccessibleName("What is listed")
        for name in (*View, NEVER_AGAIN, STATISTICS):
            self.choice.addItem(name.capitalize(), str(name))
        self.table = SongTable(self._bridge, context.songs, _SHOWN)
        self.never_again = NeverAgainList(self._bridge, self._take_back)
        self.statistics: StatisticsView | None = None
        self.empty = EmptyState(self._bridge, "clock-counter-clockwise")
        self._stack = QStackedWidget()
        for part in (self.empty, self.table, self.never_again):
            self._stack.addWidget(part)
        self._lay_out()
        self.choice.currentIndexChanged.connect(self._chosen)
        self.heading.search.searched.connect(self._search)
        self.heading.search.left.connect(self.table.setFocus)
        self._bridge.on(self._app.history.changed, self.refresh, self)
        self._bridge.on(self._app.ratings.changed, self.refresh, self)

    @property
    def view(self) -> str:
        """What is listed: a `View`, or `NEVER_AGAIN`."""
        return self._view

    @property
    def shown_part(self) -> QWidget | None:
        """The list, or what stands in its place."""
        return self._stack.currentWidget()

    def show_view(self, name: str) -> None:
        """List something else."""
        row = self.choice.findData(name)
        if row >= 0:
            self.choice.setCurrentIndex(row)

    def refresh(self) -> None:
        """Choose the songs anew, on another thread."""
        view, catalog = self._view, self._catalog
        counts, ratings = self._app.history.counts(), self._app.ratings.table()
        if view == STATISTICS:
            self._renew_statistics(catalog, counts)
            return
        if view == NEVER_AGAIN:
            self._bridge.run(lambda: _put_away(catalog, ratings), self._show_put_away, self)
            return

        def shown(ids: Sequence[TrackId]) -> None:
            if view == self._view and catalog is self._catalog:
                self._show_songs(ids)

        self._bridge.run(
            lambda: songs_of(View(view), catalog, counts, ratings, time.time()), shown, self
        )

    def _renew_statistics(self, catalog: Catalog, counts: Mapping[AudioId, PlayCounts]) -> None:
        today = datetime.date.today()

        def shown(found: Statistics) -> None:
            if self._view != STATISTICS:
                return
            if self.statistics is None:  # only now: what draws the charts takes time to import
                from mecomp_desktop.ui.history.statistics_view import StatisticsView

                self.statistics = StatisticsView(self._bridge)
                self._stack.addWidget(self.statistics)
            self.statistics.show_statistics(found, today)
            self._show(self.statistics, "")

        self._bridge.run(
            lambda: statistics_of(catalog, self._app.history.log(), counts, today), shown, self
        )

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library."""
        self._catalog = catalog
        self.table.show_catalog(catalog)
        self.refresh()

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""
        self.table.songs.set_playing(track_id)

    def first_focus(self) -> QWidget | None:
        """Return the list, or the choice of what is listed."""
        if self.shown_part is self.never_again:
            return self.never_again.table
        return self.table if self.shown_part is self.table else self.choice

    def search_field(self) -> QLineEdit | None:
        """Return the search among the songs that are listed."""
        return self.heading.search if self.shown_part is self.table else None

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the selected songs, top to bottom."""
        return self.table.selected_ids() if self.shown_part is self.table else ()

    def state(self) -> dict[str, Value]:
        """Return what is listed, and the columns, as JSON values."""
        return {"view": self._view, "table": self.table.layout_state()}

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up what was listed, and the columns."""
        view, table = state.get("view"), state.get("table")
        if isinstance(table, dict):
            self.table.restore_layout(table)
        if isinstance(view, str):
            self.show_view(view)

    def _chosen(self) -> None:
        self._view = str(self.choice.currentData())
        # In the order that the view is made for, whatever column was clicked in the last one.
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.scrollToTop()
        self.refresh()

    def _search(self, words: str) -> None:
        self.table.set_search(words)

    def _show_songs(self, ids: Sequence[TrackId]) -> None:
        if not ids:
            self.empty.show_message(*_EMPTY[View(self._view)])
            self._show(self.empty, "")
            return
        self.table.show_scope(ids)
        self._show(self.table, formatting.count(len(ids), "song"))

    def _show_put_away(self, rows: Sequence[PutAway]) -> None:
        if self._view != NEVER_AGAIN:
            return
        self.never_again.show_rows(rows)
        self.empty.show_message(*_NOTHING_AWAY)
        words = formatting.count(len(rows), "entry", "entries") if rows else ""
        self._show(self.never_again if rows else self.empty, words)

    def _show(self, part: QWidget, words: str) -> None:
        self.heading.set_count(words)
        self.heading.search.setVisible(part is self.table)
        show_page(self._stack, part)

    def _take_back(self, subjects: list[Subject]) -> None:
        command = self._app.ratings.put_away(subjects, False)
        if command is not None:
            self._bridge.show_message(
                f"{command.sentence}.", "Undo", lambda: self._app.undo.undo_command(command)
            )

    def _lay_out(self) -> None:
        head = self.heading.layout()
        assert isinstance(head, QBoxLayout)
        head.insertWidget(1, self.choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self._stack, 1)


def _put_away(catalog: Catalog, ratings: RatingTable) -> list[PutAway]:
    """Return what was put away, the last first."""
    rows_of = catalog.recordings()
    found = []
    for subject, rating in ratings.all():
        if rating.never_at_s is None:
            continue
        is_song = subject.kind is SubjectKind.SONG
        row = rows_of.get(AudioId(subject.name)) if is_song else None
        track = None if row is None else catalog.tracks[row]
        title = "" if track is None else f"{isolated(track.title)} — {isolated(track.artist)}"
        found.append(PutAway(subject, name_of(subject, title), rating.never_at_s))
    return sorted(found, key=lambda entry: -entry.at_s)
