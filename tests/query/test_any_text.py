"""Whatever is typed is a query or an error with a place; nothing else happens."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.fields import NAMES
from mecomp_desktop.query.operators import Operator
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.search_text import hint, search_query
from mecomp_desktop.query.tree import Query
from mecomp_desktop.query.writer import query_text

_PIECES = [
    *NAMES,
    *(operator.value for operator in Operator),
    *("AND", "OR", "NOT", "IS", "MISSING", "KNOWN", "(", ")", "[", "]", ",", '"', "'", "\\"),
    *("similar(", "sort by", "limit", "5", "2 weeks ago", "2024-02-30", "3:99", "yes", "٣", "²"),
    *("a", "Ünï", "\udcff", "\0", "\n", "1e999", "-0", "nan", "9" * 30, "today", "ago", "by"),
]
_texts = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=12).map("".join),
)


def _read(read: Callable[[str], Query | None], text: str) -> Query | QueryError | None:
    try:
        return read(text)
    except QueryError as error:
        return error


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(text=_texts)
def test_any_text_is_a_query_or_an_error_with_a_place(text: str) -> None:
    for read in (parse, search_query):
        found = _read(read, text)
        if isinstance(found, QueryError):
            assert 0 <= found.start <= len(text)
            assert found.end > found.start
            assert hint(found, text)
            assert len(found.pointed(text).splitlines()) == 2
        elif found is not None:
            assert parse(query_text(found)) == found
