import pytest

from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.search_text import hint, search_query
from mecomp_desktop.query.writer import query_text


@pytest.mark.parametrize(
    "typed",
    [
        *("", "abba", "Simon & Garfunkel (live)", "don't stop", '7" mix', "limit 5", "off limit"),
        *("E=MC2", "a < b", "LOVE IS NOT OVER", "THIS AND THAT", "this and that", "sort by year"),
        *("similar", "similar artists", "title", "album in a day", "!!!", "[untitled]", "(", '"'),
        *("year", "last played", "=", "~", "what? *~", "ac/dc", "1 + 1 = 2", "AND", "OR"),
    ],
)
def test_plain_words_are_searched_for_as_they_stand(typed: str) -> None:
    assert search_query(typed) is None


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("year > 1990", "year > 1990"),
        ("abba year>1990", "abba AND year > 1990"),
        ("Rock OR Jazz", "Rock OR Jazz"),
        ("abba NOT live", "abba AND NOT live"),
        ("genre IN [rock]", 'genre IN ["rock"]'),
        ("YEAR IS MISSING", "year IS MISSING"),
        ("1990 < year", "year > 1990"),
        ("similar(abba) > 0.5 limit 5", 'similar("abba") > 0.5 limit 5'),
    ],
)
def test_a_compared_field_makes_it_a_query(typed: str, means: str) -> None:
    query = search_query(typed)
    assert query is not None
    assert query_text(query) == means


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("year >", "At the end: a number belongs here, for year"),
        ("year > n", "At “n”: a number belongs here, for year"),
        ('title = "Blu', 'At “"Blu”: this quotation mark is not closed'),
        ("(year > 1990", "At “(”: this bracket is not closed"),
        ("abba OR", "At the end: something is missing at the end"),
    ],
)
def test_a_query_that_is_still_typed_has_a_hint(typed: str, says: str) -> None:
    with pytest.raises(QueryError) as raised:
        search_query(typed)
    assert hint(raised.value, typed) == says
