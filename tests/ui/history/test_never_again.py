from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mecomp_desktop.domain.rating import Subject, SubjectKind
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.history.never_again import (
    Column,
    NeverAgainList,
    PutAway,
    PutAwayModel,
    name_of,
)

SONG = Subject(SubjectKind.SONG, "sha")
ALBUM = Subject(SubjectKind.ALBUM, "Dummy", "Portishead")
FOLDER = Subject.folder(Path("/music/caf\udce9"))
ROWS = [PutAway(SONG, "Song — Band", 0.0), PutAway(ALBUM, "Dummy — Portishead", 86_400.0)]


def test_model(qtmodeltester: ModelTester) -> None:
    model = PutAwayModel()
    qtmodeltester.check(model)
    model.show_rows(ROWS)
    qtmodeltester.check(model)
    cells = [[model.index(row, column).data() for column in Column] for row in range(2)]
    assert cells == [
        ["Song — Band", "Song", "1 Jan 1970"],
        ["Dummy — Portishead", "Album", "2 Jan 1970"],
    ]


@pytest.mark.parametrize(
    ("subject", "title", "words"),
    [
        (SONG, "Song — Band", "Song — Band"),
        (SONG, "", "A song that is no longer in the library"),
        (ALBUM, "", "Dummy — Portishead"),
        (FOLDER, "", "/music/caf?"),
    ],
)
def test_names(subject: Subject, title: str, words: str) -> None:
    assert name_of(subject, title) == words


def test_what_is_selected_is_taken_back(bridge: Bridge, qtbot: QtBot) -> None:
    taken: list[Subject] = []
    shown = NeverAgainList(bridge, taken.extend)
    qtbot.addWidget(shown)
    shown.show_rows(ROWS)
    assert not shown.button.isEnabled()
    shown.take_back()
    assert taken == []
    shown.table.selectRow(1)
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    assert taken == [ALBUM]
