from pathlib import Path

import pytest

from mecomp_desktop.errors import UserError
from mecomp_desktop.query.mecomp_csv import read_mecomp_csv
from mecomp_desktop.query.writer import query_text

_FILE = '''\
dynamic playlist name,query
Seventies,(release_year >= 1970 AND release_year < 1980)
"Rock, loud","(genre ANYINSIDE [""Rock"", ""Metal""] AND NOT_A_FIELD = 1)"
Rock,"(genre CONTAINSANY [""Rock"", ""Metal""] OR artist CONTAINS ""Björk"")"
"two
lines","""foo"" IN album_artist"
short
'''


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_names_and_queries_are_read_and_bad_lines_told(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    path = tmp_path / "dynamic.csv"
    path.write_bytes(_FILE.replace("\n", newline).encode(encoding))
    read = read_mecomp_csv(path)
    assert [(" ".join(name.split()), query_text(query)) for name, query in read.queries] == [
        ("Seventies", "year >= 1970 AND year < 1980"),
        ("Rock", 'genre CONTAINSANY ["Rock", "Metal"] OR artist CONTAINS "Björk"'),
        ("two lines", 'album artist CONTAINS "foo"'),
    ]
    assert read.problems == (
        "line 3, “Rock, loud”: there is no field “NOT_A_FIELD” (at NOT_A_FIELD)",
        "line 7: a name and a query belong here",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"name,songs\n", "its first line"),
        (b"\xff\xfe\0", "no text in UTF-8"),
        (b"dynamic playlist name,query\n" + b'"' + b"x" * 200_000, "damaged at line 2"),
    ],
)
def test_another_file_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message) as raised:
        read_mecomp_csv(path)
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no longer there"):
        read_mecomp_csv(tmp_path / "none.csv")
