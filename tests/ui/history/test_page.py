import time

import pytest
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import Subject, SubjectKind
from mecomp_desktop.history.views import View
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.history.page import NEVER_AGAIN, HistoryPage
from mecomp_desktop.ui.page import PageContext


@pytest.fixture
def page(app: Application, bridge: Bridge, qtbot: QtBot) -> HistoryPage:
    made = HistoryPage(PageContext.of(app, bridge))
    qtbot.addWidget(made)
    made.resize(744, 450)
    made.show()
    made.show_catalog(app.library.catalog())
    return made


def subject(app: Application, track_id: TrackId) -> Subject:
    return Subject.song(app.library.catalog().track(track_id))


def test_follows_what_is_played(
    page: HistoryPage, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.shown_part is page.empty)
    for number, track_id in enumerate(ids[:2]):
        audio_id = app.library.catalog().track(track_id).audio_id
        app.history.record(audio_id, time.time() + number, 20.0)
    qtbot.waitUntil(lambda: page.table.visible_ids() == [ids[1], ids[0]], timeout=10_000)
    assert page.heading.count == "2 songs"
    page.show_view(View.NEVER_PLAYED)
    qtbot.waitUntil(lambda: set(page.table.visible_ids()) == set(ids[2:]), timeout=10_000)


def test_never_again_is_listed_and_taken_back(
    page: HistoryPage, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    page.show_view(NEVER_AGAIN)
    qtbot.waitUntil(lambda: page.shown_part is page.empty)
    app.ratings.put_away([subject(app, ids[0]), Subject(SubjectKind.ARTIST, "Artist 2")])
    qtbot.waitUntil(lambda: page.shown_part is page.never_again, timeout=10_000)
    names = {row.name for row in page.never_again.model.rows}
    assert names == {"Song 1 — Artist 1", "Artist 2"}
    page.never_again.table.selectAll()
    page.never_again.take_back()
    assert not app.ratings.table().has_never_again
    qtbot.waitUntil(lambda: page.shown_part is page.empty, timeout=10_000)
    app.undo.undo()
    qtbot.waitUntil(lambda: len(page.never_again.model.rows) == 2, timeout=10_000)


def test_what_is_listed_is_remembered(
    page: HistoryPage, app: Application, bridge: Bridge, qtbot: QtBot
) -> None:
    page.show_view(View.LIKED)
    again = HistoryPage(PageContext.of(app, bridge))
    qtbot.addWidget(again)
    again.restore(page.state())
    assert again.view == View.LIKED
    again.restore({"view": "no such", "table": 7})
    assert again.view == View.LIKED


def test_search_and_selection_are_those_of_the_list(
    page: HistoryPage, app: Application, ids: list[TrackId], qtbot: QtBot
) -> None:
    page.show_view(View.RECENTLY_ADDED)
    qtbot.waitUntil(lambda: page.shown_part is page.table, timeout=10_000)
    assert page.first_focus() is page.table
    page.table.reveal(ids[0])
    assert list(page.selected_songs()) == [ids[0]]
    page.heading.search.setText("Song 3")
    qtbot.waitUntil(lambda: page.table.visible_ids() == [ids[2]], timeout=10_000)
