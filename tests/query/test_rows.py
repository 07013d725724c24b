import pytest
from hypothesis import given, settings

from mecomp_desktop.query.fields import field_named
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.rows import COMPARISONS, Row, Rows, rows_of
from mecomp_desktop.query.tree import Query
from tests.query.strategies import queries


@pytest.mark.parametrize(
    "text",
    [
        "",
        'title ~ "love"',
        'artist = "A" AND year >= 1990 AND added < 2 weeks ago sort by plays desc limit 20',
        'abba OR NOT "two words" OR last played IS MISSING OR composer IS KNOWN',
        "duration <= 3:30 AND liked = yes AND last played > 1 year ago AND added = today",
        "added > 2024-05 AND added = 2 days ago sort by title",
    ],
)
def test_what_rows_can_say_they_say_again(text: str) -> None:
    rows = rows_of(parse(text))
    assert rows is not None
    assert rows.text() == text


@pytest.mark.parametrize(
    "text",
    [
        "a AND (b OR c)",
        'genre IN ["a", "b"]',
        'similar("a") > 0.5',
        'NOT title ~ "a"',
        "year > 1 sort by year, title",
        'title > "m"',
    ],
)
def test_what_rows_cannot_say(text: str) -> None:
    assert rows_of(parse(text)) is None


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(query=queries)
def test_rows_never_say_something_else(query: Query) -> None:
    rows = rows_of(query)
    if rows is not None:
        assert parse(rows.text()) == query


def test_rows_that_say_nothing_yet_are_left_out() -> None:
    title = field_named("title")
    rows = Rows(
        (
            Row(title, COMPARISONS[None][0], "  "),
            Row(None, COMPARISONS[None][0], 'say "x"'),
        )
    )
    assert rows.text() == '"say \\"x\\""'
