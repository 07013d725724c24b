import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.artists_page import ArtistsPage
from mecomp_desktop.ui.page import PageContext
from tests.support.songs import song

TRACKS = [
    song(number, artists=(f"Artist {number % 3}",), album_artist=f"Artist {number % 3}")
    for number in range(1, 31)
]


@pytest.fixture
def page(
    empty_app: Application, bridge: Bridge, qtbot: QtBot, qtmodeltester: ModelTester
) -> ArtistsPage:
    made = ArtistsPage(PageContext.of(empty_app, bridge))
    qtmodeltester.check(made.artists)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.show_catalog(Catalog(TRACKS))
    qtbot.waitUntil(lambda: made.artists.rowCount() == 3)
    return made


def test_first_artist_is_shown_at_once(page: ArtistsPage) -> None:
    assert page.shown == page.artists.item(0)
    assert page.detail.name.text() == "Artist 0"
    assert page.detail.table.songs.rowCount() == 10


def test_arrow_keys_go_through_the_artists(page: ArtistsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert page.detail.name.text() == "Artist 1"
    assert page.detail.table.visible_ids() == list(page.artists.item(1).track_ids)


def test_search_keeps_the_artist_while_it_matches(page: ArtistsPage, qtbot: QtBot) -> None:
    page.list.setCurrentIndex(page.artists.index(2))
    qtbot.keyClicks(page.heading.search, "artist")
    qtbot.waitUntil(lambda: page.artists.search == "artist")
    assert page.detail.name.text() == "Artist 2"
    qtbot.keyClicks(page.heading.search, " 1")
    qtbot.waitUntil(lambda: page.heading.count == "1 artist")
    assert page.detail.name.text() == "Artist 1"


def test_nothing_found(page: ArtistsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.heading.search, "nobody")
    qtbot.waitUntil(page.empty.isVisible)
    assert "nobody" in page.empty.words[1]
