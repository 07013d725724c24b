"""Answers are stored in the background, and each is a step that can be undone."""

import random
import sqlite3
import time
from collections.abc import Iterator

import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Pair, Question
from mecomp_desktop.domain.undo import UndoStack
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.library.waveforms import Waveforms
from mecomp_desktop.paths import Paths
from mecomp_desktop.quiz.answers import Answers
from mecomp_desktop.quiz.questions import Prepared
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.unexpected import UnexpectedErrors
from tests.support.players import wait_for


@pytest.fixture
def stack() -> UndoStack:
    return UndoStack()


@pytest.fixture
def answers(database: Database, paths: Paths, stack: UndoStack) -> Iterator[Answers]:
    library = LibraryService(database, Waveforms(paths.cache / "waveforms"))
    made = Answers(database, library, lambda: "head", stack)
    yield made
    made.close()
    library.close()


def question(number: int) -> Prepared:
    trio = (AudioId(f"a{number}"), AudioId(f"b{number}"), AudioId(f"c{number}"))
    return Prepared(Question(trio, False), (), ())  # type: ignore[arg-type]  # no clip is played


def given(answers: Answers) -> list[tuple[str, Pair | None]]:
    assert answers.settle(10)
    return [(judgment.trio[0], judgment.closest) for judgment in answers.judgments()]


def test_undo_and_redo_of_everything_that_happens_to_answers(
    answers: Answers, stack: UndoStack
) -> None:
    answers.add(question(1), Pair.FIRST_SECOND, 1.0)
    answers.add(question(2), None, 1.0)
    full = given(answers)
    assert full == [("a1", Pair.FIRST_SECOND), ("a2", None)]
    first, second = (judgment.id for judgment in answers.judgments())
    answers.change(first, Pair.SECOND_THIRD)
    changed = given(answers)
    assert changed == [("a1", Pair.SECOND_THIRD), ("a2", None)]
    answers.remove([first, second])
    assert given(answers) == []
    assert stack.undo() == "2 answers were deleted"
    assert given(answers) == changed
    assert stack.undo() == "An answer was changed"
    assert given(answers) == full
    stack.undo()
    stack.undo()
    assert given(answers) == []
    while stack.redo():
        pass
    assert given(answers) == []
    stack.undo()
    assert given(answers) == changed


def test_undo_last_answer_takes_back_the_last_that_is_there(
    answers: Answers, stack: UndoStack
) -> None:
    answers.add(question(1), None, 1.0)
    answers.add(question(2), None, 1.0)
    stack.undo()
    assert answers.undo()
    assert given(answers) == []
    assert not answers.undo()


def test_an_answer_does_not_wait_for_a_locked_library(answers: Answers, database: Database) -> None:
    writer = sqlite3.connect(database.path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began_s = time.monotonic()
    answers.add(question(1), None, 1.0)
    assert time.monotonic() - began_s < 0.1
    time.sleep(0.5)
    assert answers.judgments() == []
    writer.execute("ROLLBACK")
    writer.close()
    assert given(answers) == [("a1", None)]


def test_an_answer_that_cannot_be_stored_is_reported(answers: Answers, database: Database) -> None:
    messages: list[str] = []

    def fill_the_disk() -> None:
        (pages,) = database.read().execute("PRAGMA page_count").fetchone()
        database.read().execute(f"PRAGMA max_page_count = {pages}")

    answers._worker.post(fill_the_disk)
    with UnexpectedErrors() as unexpected:
        unexpected.message.connect(messages.append)
        rng = random.Random(1)
        for number in range(200):
            answers.add(question(rng.randrange(1 << 60) + number), None, 1.0)
        wait_for(lambda: messages, "for the sentence")
        answers.settle(10)
    assert "Your answer was not stored: cannot write the library" in messages[0]
    assert messages[0].endswith("the disk is full; make room and try again.")
    assert Judgments(database).all()[0].closest is None
