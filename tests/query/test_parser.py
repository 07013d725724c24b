import pytest

from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.parser import MAX_DEPTH, MAX_TERMS, parse
from mecomp_desktop.query.writer import query_text


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", ""),
        ("hello goodbye", "hello AND goodbye"),
        ("Hello, Goodbye", "Hello AND Goodbye"),
        ("simon and garfunkel", "simon AND and AND garfunkel"),
        ("don't 'Don't Stop'", "don't AND \"Don't Stop\""),
        ("artist = Björk year>=1990", 'artist = "Björk" AND year >= 1990'),
        ("last_played > 30 days ago", "last played > 30 days ago"),
        ("Last Played < 2 weeks", "last played < 2 weeks ago"),
        ('added > "1 month ago"', "added > 1 month ago"),
        ("added = today OR added = 2024-5", "added = today OR added = 2024-05"),
        ("duration > 5 minutes", "duration > 5:00"),
        ("length < 90s", "duration < 1:30"),
        ("duration = 1:02:03", "duration = 1:02:03"),
        ("bit rate >= 320k", "bit rate >= 320"),
        ("compilation = true", "compilation = yes"),
        ("year IS MISSING", "year IS MISSING"),
        ("year IS NOT MISSING", "year IS KNOWN"),
        ("NOT genre = Rock", 'NOT genre = "Rock"'),
        ("a b OR c AND NOT d", "(a AND b) OR (c AND NOT d)"),
        ("(a OR b) c", "(a OR b) AND c"),
        ("genre IN [Rock, 'Hip Hop']", 'genre IN ["Rock", "Hip Hop"]'),
        ("genre NOT IN [Rock]", 'genre NOT IN ["Rock"]'),
        ("genre CONTAINS ALL [Rock]", 'genre CONTAINSALL ["Rock"]'),
        # MECOMP also takes the value on the left.
        ('"Rock" IN genre', 'genre CONTAINS "Rock"'),
        ('["a", "b"] CONTAINS artist', 'artist IN ["a", "b"]'),
        ("1990 < release_year", "year > 1990"),
        ('(title = "foo" AND (artist = "b" OR album != "c"))', None),
        ("similar(Blue in Green) > 0.8", 'similar("Blue in Green") > 0.8'),
        ("plays = 0 sort by added desc, title limit 50", None),
        ("limit 5 sort by year", "sort by year limit 5"),
        ("off limit", 'off AND "limit"'),
    ],
)
def test_what_is_typed_means(typed: str, means: str | None) -> None:
    query = parse(typed)
    if means is not None:
        assert query_text(query) == means
    assert parse(query_text(query)) == query


@pytest.mark.parametrize(
    ("typed", "at_fault", "message"),
    [
        ("year > old", "old", "a number belongs here, for year"),
        ("artst = x", "artst", "there is no field “artst”; did you mean “artist”?"),
        ("mood = sad", "mood", "the library does not know the mood of songs"),
        ("bpm > 120", "bpm", "the library does not know the bpm of songs"),
        ("title = ", "", "a text belongs here, for title"),
        ('title = ""', '""', "this text is empty; title IS MISSING asks for songs without"),
        ('title = "x', '"x', "this quotation mark is not closed"),
        ("(a OR b", "(", "this bracket is not closed"),
        ("a)", ")", "no bracket is open here"),
        ("a OR", "", "something is missing at the end"),
        ("OR a", "OR", "something is missing before OR"),
        ("= 3", "=", "there is no field before “=”"),
        ("genre = [a]", "[", "= takes one value, not a list; IN takes a list"),
        ("genre IN [a", "[", "this list is not closed"),
        ("genre IN [a b]", "b", "a comma or the end of the list belongs here"),
        ("year ~ 19", "~", "~ cannot be asked of year"),
        ("added IN [today]", "IN", "IN cannot be asked of added"),
        ("compilation > no", ">", "> cannot be asked of compilation"),
        ("compilation = perhaps", "perhaps", "yes or no belongs here, for compilation"),
        ("duration > long", "long", "a length belongs here, as in 3:30 or 5 minutes, for duration"),
        (
            "added > 2024-13-01",
            "2024-13-01",
            "a date belongs here, as in 2024-05-31, today or 2 weeks ago, for added",
        ),
        ("a limit 0", "0", "a number from 1 to 1,000,000 belongs here"),
        ("a limit 5 limit 6", "limit", "there is a limit already"),
        ("a sort by nothing", "nothing", "there is no field “nothing”"),
        ("similar() > 1", ")", 'the title of a song belongs here: similar("Blue in Green")'),
        ("similar(a) ~ 1", "~", "an operator belongs here, as in > 0.8"),
        ("similar(a) > b", "b", "a number from 0 to 1 belongs here"),
        ("year IS NOT OLD", "OLD", "MISSING or KNOWN belongs here"),
    ],
)
def test_an_error_points_at_its_place(typed: str, at_fault: str, message: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(typed)
    error = raised.value
    assert str(error) == message
    assert typed[error.start : error.end] == at_fault
    assert error.end > error.start


def test_an_error_draws_a_caret() -> None:
    with pytest.raises(QueryError) as raised:
        parse("東京 year > old\tthing")
    assert raised.value.pointed("東京 year > old\tthing") == (
        "東京 year > old?thing\n" + " " * 12 + "^^^"
    )


@pytest.mark.parametrize(
    "text",
    [
        "(" * (MAX_DEPTH + 1) + "a",
        "NOT " * 5000 + "a",
        "a " * (MAX_TERMS + 1),
        "(" * 100_000,
    ],
)
def test_what_is_too_long_is_an_error_and_no_crash(text: str) -> None:
    with pytest.raises(QueryError, match="too long"):
        parse(text)
