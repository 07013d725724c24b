import pytest

from mecomp_desktop.query.dependence import Dependence, dependence_of
from mecomp_desktop.query.parser import parse


@pytest.mark.parametrize(
    ("text", "facts", "clock", "sound"),
    [
        ("abba year > 1990 added >= 2024", False, False, False),
        ("", False, False, False),
        ("year > 1990 sort by plays", True, False, False),
        ("a OR NOT (b AND last played IS MISSING)", True, False, False),
        ("added < 2 weeks ago", False, True, False),
        ("last played = today", True, True, False),
        ("NOT similar(a) > 0.5", False, False, True),
    ],
)
def test_what_a_query_looks_at(text: str, facts: bool, clock: bool, sound: bool) -> None:
    assert dependence_of(parse(text)) == Dependence(facts, clock, sound)
