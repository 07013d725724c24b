import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.albums_page import AlbumsPage
from mecomp_desktop.ui.page import PageContext
from tests.support.songs import song

TRACKS = [
    song(number, album=f"Album {number % 4}", album_artist=f"Artist {number % 4}")
    for number in range(1, 41)
]


@pytest.fixture
def page(
    empty_app: Application, bridge: Bridge, qtbot: QtBot, qtmodeltester: ModelTester
) -> AlbumsPage:
    made = AlbumsPage(PageContext.of(empty_app, bridge))
    qtmodeltester.check(made.albums)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.show_catalog(Catalog(TRACKS))
    qtbot.waitUntil(lambda: made.albums.rowCount() == 4)
    return made


def test_counts_albums(page: AlbumsPage) -> None:
    assert page.heading.count == "4 albums"


def test_click_opens_the_album_and_escape_closes_it(page: AlbumsPage, qtbot: QtBot) -> None:
    where = page.grid.visualRect(page.albums.index(2)).center()
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.opened == page.albums.item(2)
    assert page.detail.name.text() == page.albums.item(2).title
    assert page.detail.table.visible_ids() == list(page.albums.item(2).track_ids)
    qtbot.keyClick(page.detail.table, Qt.Key.Key_Escape)
    assert page.opened is None
    assert page.grid.currentIndex().row() == 2


def test_play_plays_the_whole_album(page: AlbumsPage, empty_app: Application, qtbot: QtBot) -> None:
    album = page.albums.item(1)
    page.open(album)
    play = next(found for found in page.detail.findChildren(QPushButton) if found.text() == "Play")
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)

    def queued() -> list[TrackId]:
        return [entry.track_id for entry in empty_app.playback.queue_snapshot().entries]

    qtbot.waitUntil(lambda: queued() == list(album.track_ids))


def test_song_leads_to_its_album(page: AlbumsPage, qtbot: QtBot) -> None:
    page.open_album_of(TrackId(7))
    qtbot.waitUntil(lambda: page.opened is not None)
    assert page.detail.table.selected_ids() == [TrackId(7)]


def test_search_by_album_or_artist(page: AlbumsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.heading.search, "artist 3")
    qtbot.waitUntil(lambda: page.heading.count == "1 album")
    qtbot.keyClicks(page.heading.search, "x")
    qtbot.waitUntil(lambda: page.heading.count == "0 albums")


def test_open_album_follows_the_library(page: AlbumsPage, qtbot: QtBot) -> None:
    page.open(page.albums.item(0))
    before = len(page.detail.ids)
    extra = song(100, album="Album 0", album_artist="Artist 0")
    page.show_catalog(Catalog([*TRACKS, extra]))
    qtbot.waitUntil(lambda: len(page.detail.table.visible_ids()) == before + 1)
    page.show_catalog(Catalog(TRACKS[:3]))
    qtbot.waitUntil(lambda: page.opened is None)
