import dataclasses
import sqlite3

import pytest

from mecomp_desktop.domain.judgment import JudgmentId, Pair
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.judgments import Judgments
from tests.quiz.conftest import judged


def test_stored_answers_come_back(database: Database) -> None:
    store = Judgments(database)
    first = judged("abc", Pair.SECOND_THIRD, held_back=True, at=12.5)
    second = judged("cab", None)
    numbers = [store.add(first), store.add(second)]
    assert store.all() == [
        dataclasses.replace(judgment, id=number)
        for judgment, number in zip((first, second), numbers, strict=True)
    ]


def test_repeated_and_contradictory_answers_are_kept(database: Database) -> None:
    store = Judgments(database)
    store.add_many([judged("abc"), judged("abc"), judged("cba")])
    assert len(store.all()) == 3


def test_answers_can_be_changed(database: Database) -> None:
    store = Judgments(database)
    number = store.add(judged("abc", Pair.FIRST_SECOND))
    assert store.change(number, None)
    assert store.all()[0].closest is None
    assert not store.change(JudgmentId(99), None)


def test_answers_can_be_deleted(database: Database) -> None:
    store = Judgments(database)
    first, second = store.add(judged("abc")), store.add(judged("abd"))
    assert store.remove([first, JudgmentId(99)]) == 1
    assert [judgment.id for judgment in store.all()] == [second]


def test_all_or_none_of_several_are_stored(database: Database) -> None:
    store = Judgments(database)
    with pytest.raises(sqlite3.IntegrityError):
        store.add_many([judged("abc"), judged("aab")])
    assert store.all() == []
