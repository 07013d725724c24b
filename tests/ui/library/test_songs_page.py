from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.rating import Subject
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.songs_page import SongsPage
from mecomp_desktop.ui.page import PageContext
from tests.support.songs import song


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.fixture
def page(empty_app: Application, bridge: Bridge, qtbot: QtBot, chosen: list[str]) -> SongsPage:
    bridge.requested.connect(chosen.append)
    made = SongsPage(PageContext.of(empty_app, bridge))
    qtbot.addWidget(made)
    made.show()
    return made


def test_says_that_it_loads_before_it_knows(page: SongsPage) -> None:
    assert page.state_shown is page.waiting
    page.refresh()
    assert page.state_shown is page.waiting


def test_first_start_has_one_button(page: SongsPage, qtbot: QtBot, chosen: list[str]) -> None:
    page.show_catalog(Catalog())
    assert page.state_shown is page.first_start
    assert page.first_start.button is not None
    qtbot.mouseClick(page.first_start.button, Qt.MouseButton.LeftButton)
    assert chosen == ["library.add_folder"]
    assert not page.heading.search.isVisible()


def test_folder_without_music_is_reported_by_name(
    page: SongsPage, empty_app: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "Documents"
    folder.mkdir()
    with qtbot.waitSignal(page.shown):
        page.show_catalog(Catalog())
    empty_app.library.add_root(folder)
    qtbot.waitUntil(
        lambda: bool(empty_app.library.roots()) and not empty_app.library.scan_status().running
    )
    page.refresh()
    assert page.state_shown is page.no_music
    assert "Documents" in page.no_music.words[1]


def test_typing_searches_and_counts(page: SongsPage, qtbot: QtBot) -> None:
    page.show_catalog(Catalog([song(number) for number in range(1, 1205)]))
    assert page.heading.count == "1,204 songs"
    qtbot.keyClicks(page.heading.search, "song 120")
    qtbot.waitUntil(lambda: page.heading.count == "7 songs")
    assert page.state_shown is page.table


def test_nothing_found_is_a_page_with_a_way_out(page: SongsPage, qtbot: QtBot) -> None:
    page.show_catalog(Catalog([song(1)]))
    qtbot.keyClicks(page.heading.search, "zzz")
    qtbot.waitUntil(lambda: page.state_shown is page.no_match)
    assert "zzz" in page.no_match.words[1]
    assert page.no_match.button is not None
    qtbot.mouseClick(page.no_match.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state_shown is page.table)
    assert page.heading.count == "1 song"


def test_escape_ends_the_search_and_then_goes_to_the_songs(page: SongsPage, qtbot: QtBot) -> None:
    page.show_catalog(Catalog([song(1)]))
    page.heading.search.setFocus()
    qtbot.keyClicks(page.heading.search, "zzz")
    qtbot.waitUntil(lambda: page.state_shown is page.no_match)
    qtbot.keyClick(page.heading.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.state_shown is page.table)
    qtbot.keyClick(page.heading.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.table.hasFocus)


def test_a_query_is_answered_and_half_of_one_is_a_hint(page: SongsPage, qtbot: QtBot) -> None:
    page.show_catalog(Catalog([song(number) for number in range(1, 101)]))
    search = page.heading.search
    qtbot.keyClicks(search, "song year = 1971")
    qtbot.waitUntil(lambda: page.heading.count == "2 songs")
    assert page.hint.text == ""
    qtbot.keyClicks(search, " duration >")
    qtbot.waitUntil(lambda: page.hint.text.startswith("At the end: a length belongs here"))
    assert page.heading.count == "2 songs"
    assert page.state_shown is page.table
    qtbot.keyClicks(search, " 1:30")
    qtbot.waitUntil(lambda: page.heading.count == "1 song")
    assert page.hint.text == ""
    search.clear()
    qtbot.waitUntil(lambda: page.heading.count == "100 songs")


def test_a_song_that_is_not_there_is_a_hint_and_no_dialog(page: SongsPage, qtbot: QtBot) -> None:
    page.show_catalog(Catalog([song(1)]))
    page.heading.search.setText("similar(nobody) > 0.5")
    qtbot.waitUntil(lambda: "there is no song “nobody”" in page.hint.text)


def test_a_like_changes_what_a_query_shows(
    page: SongsPage, empty_app: Application, qtbot: QtBot
) -> None:
    page.show_catalog(Catalog([song(number) for number in range(1, 11)]))
    page.heading.search.setText("liked = yes")
    qtbot.waitUntil(lambda: page.state_shown is page.no_match)
    empty_app.ratings.like([Subject.song(song(3))])
    qtbot.waitUntil(lambda: page.heading.count == "1 song")
    empty_app.undo.undo()
    qtbot.waitUntil(lambda: page.state_shown is page.no_match)
