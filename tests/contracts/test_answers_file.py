from pathlib import Path

import pytest

from mecomp_desktop.contracts.answers_file import (
    AnswerFileError,
    Reading,
    closest_pair,
    read_answers,
    resolver,
    summary,
    write_all_columns,
    write_paper,
)
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Pair
from tests.quiz.conftest import judged

LIBRARY = [
    (AudioId(letter), Path(f"/music/{letter}/{number}.flac"))
    for number, letter in enumerate("abcdef", start=101)
]
ANSWERS = [
    judged("abc", Pair.FIRST_THIRD, at=10.25),
    judged("bcd", Pair.SECOND_THIRD, held_back=True, at=11),
    judged("cde", None, at=12),
    judged("abc", Pair.FIRST_SECOND, at=13),
    judged("abc", Pair.FIRST_SECOND, at=14),
]


def read(path: Path) -> Reading:
    return read_answers(path, resolver(LIBRARY), now_s=99.0)


def test_full_form_brings_everything_back(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    assert write_all_columns(path, ANSWERS, dict(LIBRARY)) == 5
    assert read(path) == Reading(ANSWERS)


def test_paper_form_is_the_papers(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    write_paper(path, ANSWERS, str)
    assert path.read_text().splitlines()[:4] == [
        "song1,song2,song3,anchor,positive",
        "a,b,c,1,3",
        "b,c,d,2,3",
        "c,d,e,,",
    ]
    reading = read(path)
    assert [judgment.closest for judgment in reading.judgments] == [1, 2, 0, 0]
    assert (reading.unanswered, reading.foreign, reading.damaged) == (1, 0, [])
    assert {judgment.origin for judgment in reading.judgments} == {"import"}
    assert {judgment.judged_at_s for judgment in reading.judgments} == {99.0}


@pytest.mark.parametrize("names", ["a,b,c", "/music/a/101.flac,102.flac,103"])
def test_songs_go_by_identity_path_or_name(tmp_path: Path, names: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f"song1,song2,song3,anchor,positive\n{names},3,1\n")
    (judgment,) = read(path).judgments
    assert judgment.trio == ("a", "b", "c")
    assert judgment.closest is Pair.FIRST_THIRD


def test_a_name_that_two_songs_have_is_foreign(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("song1,song2,song3,anchor,positive\nx.flac,b,c,1,2\n")
    twins = [*LIBRARY, (AudioId("g"), Path("/1/x.flac")), (AudioId("h"), Path("/2/x.flac"))]
    reading = read_answers(path, resolver(twins), 0)
    assert (reading.judgments, reading.foreign) == ([], 1)


def test_bad_rows_do_not_keep_the_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(
        "song1,song2,song3,anchor,positive\n"
        "a,b,c,1,2\n"
        "a,b,c,1,1\n"
        "a,b,c,1,7\n"
        "a,b,c,x,y\n"
        "a,a,c,1,2\n"
        "a,b\n"
        "a,,c,1,2\n"
        "9,8,7,1,2\n"
        "d,e,f,2,3\n"
    )
    reading = read(path)
    assert [judgment.trio for judgment in reading.judgments] == [("a", "b", "c"), ("d", "e", "f")]
    assert reading.foreign == 1
    assert [damage.split(":")[0] for damage in reading.damaged] == [
        f"line {n}" for n in range(3, 9)
    ]
    text = summary(reading, added=2, known=0)
    assert text.startswith("2 answers added. 1 answer left out: about songs")
    assert "6 rows could not be read: line 3: anchor '1' and positive '1'" in text
    assert text.endswith("; and 1 more.")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"title,artist\nx,y\n", "lacks the column"),
        (b"\xff\xfe\x00\x01" * 50, "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "not a text file"),
    ],
)
def test_foreign_files_are_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(AnswerFileError, match=expected):
        read(path)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AnswerFileError, match="cannot be opened"):
        read(tmp_path / "none.csv")


def test_a_file_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    write_all_columns(path, ANSWERS, {})
    text = path.read_text()
    path.write_text(text[: text.index("quiz", text.index("b,c,d"))])
    reading = read(path)
    assert reading.judgments == ANSWERS[:1]
    assert len(reading.damaged) == 1


def test_an_old_file_survives_a_failed_export(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(AnswerFileError, match="cannot be written"):
        write_paper(path, ANSWERS, str)
    assert path.is_dir()


@pytest.mark.parametrize(
    ("anchor", "positive", "pair"),
    [("1", "3", Pair.FIRST_THIRD), (" 2.0", "1.0 ", Pair.FIRST_SECOND), ("", " ", None)],
)
def test_numbers_may_have_gone_through_a_spreadsheet(
    anchor: str, positive: str, pair: Pair | None
) -> None:
    assert closest_pair(anchor, positive) is pair


@pytest.mark.parametrize(
    "numbers",
    [("1", "1"), ("0", "2"), ("1.5", "2"), ("x", "2"), ("1", ""), ("inf", "1"), ("nan", "1")],
)
def test_numbers_that_name_no_pair_are_an_error(numbers: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="are no two of 1, 2 and 3"):
        closest_pair(*numbers)
