import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mecomp_desktop.errors import Reason
from mecomp_desktop.store.failures import Failure
from mecomp_desktop.ui.activity.failure_model import Column, FailureModel, when


def failure(name: str, reason: Reason = Reason.CUT_OFF) -> Failure:
    return Failure(Path("/music") / name, "scan", reason, "end of file", 10, 20, time.time())


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> Iterator[FailureModel]:
    made = FailureModel()
    qtmodeltester.check(made)
    yield made
    qtmodeltester.check(made, force_py=True)


def test_reports_file_reason_folder_and_time(model: FailureModel) -> None:
    model.show_failures([failure("a.flac")])
    row = [model.index(0, column).data() for column in Column]
    assert row[:3] == ["a.flac", "the file is cut off", "/music"]
    assert row[3].startswith("today")
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "a.flac couldn't be read: the file is cut off"


def test_rows_come_and_go_one_by_one(model: FailureModel) -> None:
    a, b, c = failure("a"), failure("b"), failure("c")
    model.show_failures([a, c])
    kept = QPersistentModelIndex(model.index(1, 0))
    model.show_failures([b, c])
    assert kept.isValid()
    assert kept.row() == 1
    assert model.failures == [b, c]


def test_new_reason_of_a_known_file_is_shown(model: FailureModel) -> None:
    model.show_failures([failure("a", Reason.CUT_OFF)])
    model.show_failures([failure("a", Reason.EMPTY)])
    assert model.index(0, Column.REASON).data() == "the file is empty"


def test_name_that_is_not_utf8_can_be_shown(model: FailureModel) -> None:
    model.show_failures([failure(os.fsdecode(b"caf\xe9.mp3"))])
    assert model.index(0, Column.FILE).data() == "caf\N{REPLACEMENT CHARACTER}.mp3"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 5, 4, 9, 30), "today, 09:30"),
        (datetime(2026, 5, 3, 23, 0), "3 May, 23:00"),
        (datetime(2024, 12, 31, 8, 0), "2024-12-31"),
    ],
)
def test_moments_in_words(moment: datetime, words: str) -> None:
    now = datetime(2026, 5, 4, 12, 0)
    assert when(moment.timestamp(), now.timestamp()) == words
