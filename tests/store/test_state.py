import pytest

from mecomp_desktop.store.database import Database
from mecomp_desktop.store.state import State


@pytest.mark.parametrize("value", [None, 0.5, "ü", [1, [2]], {"a": {"b": [True]}}])
def test_a_value_comes_back(database: Database, value: object) -> None:
    State(database).set("x", value)
    assert State(database).get("x") == value


def test_the_last_value_stands_until_removed(database: Database) -> None:
    state = State(database)
    state.set("x", 1)
    state.set("x", 2)
    assert state.get("x") == 2
    state.remove("x")
    assert state.get("x") is None


def test_what_json_cannot_hold_is_refused(database: Database) -> None:
    State(database).set("x", 1)
    with pytest.raises(TypeError):
        State(database).set("x", object())
    assert State(database).get("x") == 1


def test_a_damaged_value_counts_as_none(database: Database) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO state VALUES ('x', '{')")
    assert State(database).get("x") is None
