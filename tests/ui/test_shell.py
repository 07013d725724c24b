"""The parts of the window with each other and with the real services."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.ui.actions import WINDOW_ACTIONS
from mecomp_desktop.ui.library.song_model import PLAYING_ROLE
from mecomp_desktop.ui.main import Session
from mecomp_desktop.ui.shell import Shell
from tests.support.audio_files import make_audio
from tests.support.windows import activate

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Music"
    for number in range(6):
        make_audio(
            folder / f"{number}.flac",
            2.0,
            seed=number,
            tags={"title": f"Piece {number}", "artist": f"Artist {number % 2}", "album": "Pieces"},
        )
    return folder


@pytest.fixture
def shell(empty_app: Application, qapp: QApplication, qtbot: QtBot, music: Path) -> Iterator[Shell]:
    """The whole window, on a library of six songs that is not listened to."""
    session = Session(empty_app, qapp)
    session.show()
    empty_app.library.load()
    session.shell.add_folders([music])
    qtbot.waitUntil(lambda: session.shell.songs.heading.count == "6 songs", timeout=20_000)
    activate(session.shell.window, qtbot)
    yield session.shell
    session.close()
    session.end()


def test_every_shortcut_of_the_window_does_something(shell: Shell) -> None:
    # A list that has the keyboard keeps the letters for itself: they go to the next song so named.
    shell.songs.table.clearFocus()
    for entry in WINDOW_ACTIONS:
        assert shell.actions.action(entry.action_id).isEnabled(), entry


def test_no_two_shortcuts_share_a_key(shell: Shell) -> None:
    keys = [
        key.toString()
        for entry in WINDOW_ACTIONS
        for key in shell.actions.action(entry.action_id).shortcuts()
    ]
    assert len(keys) == len(set(keys))


def test_control_f_searches(shell: Shell, qtbot: QtBot) -> None:
    qtbot.keyClick(shell.window, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(shell.songs.heading.search.hasFocus)
    qtbot.keyClick(shell.window, Qt.Key.Key_2, CONTROL)
    qtbot.waitUntil(lambda: shell.window.page_name == "albums")
    qtbot.keyClick(shell.window, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(shell.albums.heading.search.hasFocus)
    qtbot.keyClick(shell.window, Qt.Key.Key_Comma, CONTROL)
    qtbot.waitUntil(lambda: shell.window.page_name == "settings")
    qtbot.keyClick(shell.window, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(shell.songs.heading.search.hasFocus)


def test_song_that_plays_is_marked_everywhere(
    shell: Shell, empty_app: Application, qtbot: QtBot
) -> None:
    songs = shell.songs.table.songs
    shell.songs.table.play_from(2)
    qtbot.waitUntil(lambda: songs.index(2, 0).data(PLAYING_ROLE) is True)
    empty_app.playback.next()
    qtbot.waitUntil(lambda: songs.index(3, 0).data(PLAYING_ROLE) is True)
    assert songs.index(2, 0).data(PLAYING_ROLE) is False


def test_show_album_leads_there(shell: Shell, qtbot: QtBot) -> None:
    wanted = shell.songs.table.songs.track(1).id
    shell._context.songs.show_album([wanted])
    qtbot.waitUntil(lambda: shell.albums.opened is not None)
    assert shell.window.page_name == "albums"
    assert shell.albums.detail.table.selected_ids() == [wanted]


def test_show_playing_ends_a_search_that_hides_it(
    shell: Shell, empty_app: Application, qtbot: QtBot
) -> None:
    table = shell.songs.table
    playing = table.songs.track(2).id
    table.play_from(2)
    qtbot.waitUntil(lambda: empty_app.playback.status().track_id == playing)
    title = table.songs.track(4).title
    shell.songs.heading.search.setText(title)
    qtbot.waitUntil(lambda: table.songs.rowCount() == 1)
    shell.window.go("artists")
    shell.show_track(playing)
    assert shell.window.page_name == "songs"
    assert table.selected_ids() == [playing]
    qtbot.waitUntil(lambda: shell.songs.heading.count == "6 songs")


def test_radio_without_a_song_says_what_to_do(shell: Shell, qtbot: QtBot) -> None:
    shell.songs.table.clearSelection()
    with qtbot.waitSignal(shell.status.notices.changed):
        shell.start_radio()
    notice = shell.status.notices.current
    assert notice is not None
    assert "Select a song" in notice.sentence


def test_folder_that_is_a_file_is_reported(shell: Shell, music: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shell.status.notices.changed):
        shell.add_folders([music / "0.flac"])
    notice = shell.status.notices.current
    assert notice is not None
    assert "0.flac" in notice.sentence


def test_theme_of_the_settings_is_used_at_once(
    shell: Shell, empty_app: Application, qapp: QApplication, qtbot: QtBot
) -> None:
    before = qapp.styleSheet()
    empty_app.settings.update(theme="dark")
    qtbot.waitUntil(lambda: qapp.styleSheet() != before)


def test_every_control_is_named(shell: Shell, empty_app: Application, qtbot: QtBot) -> None:
    shell.songs.table.play_from(0)
    qtbot.waitUntil(lambda: empty_app.playback.status().track_id is not None)
    shell.player.refresh()
    for place in ("settings", "activity", "albums", "artists", "songs"):
        shell.window.go(place)
        for kind in (QAbstractButton, QLineEdit, QSlider):
            for widget in shell.window.findChildren(kind):
                # Buttons inside a text field belong to it and are not reached on their own.
                if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    words = widget.text() if isinstance(widget, QAbstractButton) else ""
                    # The text field inside a number field goes by the number field's name.
                    inside = isinstance(widget.parent(), QAbstractSpinBox)
                    named = widget.parentWidget() if inside else widget
                    assert named.accessibleName() or words, (place, widget, widget.parent())
