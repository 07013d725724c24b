from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.domain.rating import Subject
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.paths import Paths
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.dynamic.page import DynamicPage
from mecomp_desktop.ui.page import PageContext
from tests.support.libraries import fill, open_application

_PATIENCE_MS = 20_000


@pytest.fixture
def opened(paths: Paths, tmp_path: Path, qtbot: QtBot) -> Iterator[Application]:
    folder = tmp_path / "music"
    folder.mkdir()
    fill(paths, [Tags(f"Song {year}", year=year) for year in range(1990, 2000)], folder)
    with open_application(paths) as app:
        app.library.load()
        qtbot.waitUntil(lambda: app.library.has_loaded, timeout=_PATIENCE_MS)
        yield app


@pytest.fixture
def page(opened: Application, bridge: Bridge, qtbot: QtBot) -> DynamicPage:
    made = DynamicPage(PageContext.of(opened, bridge))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.show_catalog(opened.library.catalog())
    return made


def _shown(page: DynamicPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def test_a_listener_builds_one_by_rows(page: DynamicPage, qtbot: QtBot) -> None:
    assert page.state_shown is page.empty
    assert page.first_focus() is page.empty.button
    page.begin_new()
    builder = page.builder
    assert page.state_shown is builder
    qtbot.keyClicks(builder.name, "Late nineties")
    row = builder.row_editors[0]
    row.field.setCurrentText("Year")
    row.comparison.setCurrentText("is at least")
    qtbot.keyClicks(row.value, "1997")
    assert builder.text.text() == "year >= 1997"
    qtbot.waitUntil(lambda: builder.found.whole == "3 songs", timeout=_PATIENCE_MS)
    builder.sort.setCurrentText("Year")
    builder.descending.setChecked(True)
    builder.limit.setValue(2)
    assert builder.text.text() == "year >= 1997 sort by year desc limit 2"
    builder.save()
    qtbot.waitUntil(lambda: _shown(page) == ["Late nineties  ·  2"], timeout=_PATIENCE_MS)
    assert page.state_shown is page.detail
    model = page.detail.table.songs
    assert [model.track(row).title for row in range(model.rowCount())] == ["Song 1999", "Song 1998"]


def test_text_and_rows_follow_each_other(page: DynamicPage, qtbot: QtBot) -> None:
    page.begin_new()
    builder = page.builder
    builder.text.setText('title ~ "song" OR liked = yes limit 5')
    rows = [editor.row() for editor in builder.row_editors]
    assert [row.value for row in rows] == ["song", "yes"]
    assert builder.match.currentIndex() == 1
    assert builder.limit.value() == 5
    qtbot.mouseClick(builder.row_editors[0].remove, Qt.MouseButton.LeftButton)
    # One row is left, and "any" of one is as good as "all".
    assert builder.text.text() == "liked = yes limit 5"
    builder.text.setText("(title = a OR title = b) year > 1990")
    assert not builder.row_editors[0].field.isEnabled()
    builder.text.setText("year > ")
    qtbot.waitUntil(lambda: builder.found.whole.startswith("At the end: a number"), timeout=5000)
    builder.name.setText("Bad")
    builder.save()
    assert page.state_shown is builder


def test_edit_delete_and_undo(page: DynamicPage, opened: Application, qtbot: QtBot) -> None:
    opened.dynamic_playlists.create("One", "year = 1990")
    opened.dynamic_playlists.create("Two", "year > 1995")
    qtbot.waitUntil(lambda: _shown(page) == ["One  ·  1", "Two  ·  4"], timeout=_PATIENCE_MS)
    page.list.setCurrentRow(1)
    page.edit()
    page.builder.text.setText("year > 1998")
    page.builder.name.setText("Last")
    page.builder.save()
    qtbot.waitUntil(lambda: _shown(page) == ["Last  ·  1", "One  ·  1"], timeout=_PATIENCE_MS)
    page.remove()
    qtbot.waitUntil(lambda: _shown(page) == ["One  ·  1"], timeout=_PATIENCE_MS)
    opened.undo.undo()
    qtbot.waitUntil(lambda: _shown(page) == ["Last  ·  1", "One  ·  1"], timeout=_PATIENCE_MS)
    page.edit()
    page.builder.cancelled.emit()
    assert page.state_shown is page.detail


def test_the_export_of_mecomp_is_imported(
    page: DynamicPage, bridge: Bridge, qtbot: QtBot, tmp_path: Path
) -> None:
    messages: list[str] = []
    bridge.message.connect(lambda sentence, *_more: messages.append(sentence))
    path = tmp_path / "dynamic.csv"
    path.write_text("dynamic playlist name,query\nOld,release_year < 1992\nBad,year ~ 3\n")
    page.import_file(path)
    qtbot.waitUntil(lambda: _shown(page) == ["Old  ·  2"], timeout=_PATIENCE_MS)
    problem = "line 3, “Bad”: ~ cannot be asked of year (at ~)"
    assert messages == [f"1 dynamic playlist imported. Not imported: {problem}."]


def test_a_like_leaves_the_selection_alone(
    page: DynamicPage, opened: Application, qtbot: QtBot
) -> None:
    tracks = opened.library.catalog().tracks
    opened.dynamic_playlists.create("Mine", "liked = yes OR year < 1993")
    qtbot.waitUntil(lambda: _shown(page) == ["Mine  ·  3"], timeout=_PATIENCE_MS)
    page.detail.table.selectRow(1)
    chosen = list(page.selected_songs())
    assert len(chosen) == 1
    opened.ratings.like([Subject.song(tracks[9])])
    qtbot.waitUntil(lambda: page.detail.facts.whole == "4 songs", timeout=_PATIENCE_MS)
    assert list(page.selected_songs()) == chosen


def test_it_is_frozen_into_a_playlist(
    page: DynamicPage, opened: Application, bridge: Bridge, qtbot: QtBot
) -> None:
    messages: list[str] = []
    bridge.message.connect(lambda sentence, *_more: messages.append(sentence))
    opened.dynamic_playlists.create("Late", "year > 1996 sort by year desc")
    qtbot.waitUntil(lambda: _shown(page) == ["Late  ·  3"], timeout=_PATIENCE_MS)
    page.freeze()
    qtbot.waitUntil(
        lambda: messages == ["“Late” is a playlist of 3 songs now."], timeout=_PATIENCE_MS
    )
    (frozen,) = opened.playlists.all().values()
    tracks = opened.library.catalog().tracks
    late = [tracks[row].audio_id for row in (9, 8, 7)]
    assert [entry.audio_id for entry in frozen.entries] == late
    opened.undo.undo()
    assert not opened.playlists.all()
