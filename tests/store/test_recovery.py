"""Damaged, restored and backed-up libraries: what a listener did is not lost."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.store import backups, damage, recovery, salvage
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.first_read import FirstRead
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.state import State
from mecomp_desktop.store.tracks import Tracks

SONGS, PLAYS, ANSWERS = 300, 500, 200
PAGE = 4096


def judgment(number: int) -> Judgment:
    trio = (AudioId(f"a{number}"), AudioId(f"b{number}"), AudioId(f"c{number}"))
    return Judgment(JudgmentId(0), trio, Pair.FIRST_SECOND, False, "quiz", "h", 2.0, float(number))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "library.sqlite3"
    path.parent.mkdir()
    database = Database(path)
    root = Roots(database).add(Path("/music"))
    with database.write():
        Tracks(database).upsert_many(
            FileFacts(
                Path(f"/music/{number}.flac"),
                root,
                FileStamp(1, number),
                AudioId(f"a{number}"),
                Tags(f"Song {number}", artists=("Band",), album="Album"),
            )
            for number in range(SONGS)
        )
        for number in range(PLAYS):
            Plays(database).record(AudioId(f"a{number % SONGS}"), float(number), 60.0)
        Judgments(database).add_many(judgment(number) for number in range(ANSWERS))
        Embeddings(database).put_many(
            StoredEmbedding(
                AudioId(f"a{number}"),
                "body",
                "head",
                "policy",
                np.full(64, number, np.float32),
                np.full(8, number, np.float32),
                1.0,
            )
            for number in range(SONGS)
        )
        State(database).set("volume", [0.5, False])
    database.close()
    return path


def counts(library: Path) -> tuple[int, int, int]:
    return tuple(salvage.count(library))  # type: ignore[return-value]  # three numbers


def opened(library: Path) -> str:
    database, message = recovery.open_library(library)
    database.close()
    return message


def overwrite(library: Path, offset: int, data: bytes) -> None:
    with library.open("rb+") as file:
        file.seek(offset)
        file.write(data)


def noise(length: int, seed: int = 3) -> bytes:
    return random.Random(seed).randbytes(length)


def damage_header(library: Path) -> None:
    overwrite(library, 0, noise(100))


def damage_first_page(library: Path) -> None:
    overwrite(library, 0, noise(PAGE))


def test_a_sound_library_is_opened_without_a_word(library: Path) -> None:
    assert damage.header_is_sound(library)
    assert damage.first_problem(library) == ""
    assert opened(library) == ""
    assert not (library.parent / "damaged").exists()


@pytest.mark.parametrize("damage", [damage_header, damage_first_page])
def test_a_broken_beginning_costs_nothing(library: Path, damage: Callable[[Path], None]) -> None:
    damage(library)
    broken = library.read_bytes()
    message = opened(library)
    assert counts(library) == (SONGS, PLAYS, ANSWERS)
    assert "Carried over: 300 songs, 500 plays, 200 answers" in message
    [aside] = (library.parent / "damaged").rglob("library.sqlite3")
    assert aside.read_bytes() == broken
    assert str(aside) in message
    assert opened(library) == "", "told again"
    database = Database(library)
    assert Embeddings(database).bodies() == {"body": SONGS}
    assert State(database).get("volume") == [0.5, False]
    database.close()


@pytest.mark.parametrize("seed", range(12))
def test_broken_pages_cost_only_what_was_on_them(library: Path, seed: int) -> None:
    rng = random.Random(seed)
    pages = library.stat().st_size // PAGE
    for page in rng.sample(range(1, pages), 3):
        overwrite(library, page * PAGE, rng.randbytes(PAGE))
    message = recovery.check_in_background(library)
    assert "Close the program and start it again" in message
    assert "Carried over" in opened(library)
    assert damage.first_problem(library) == ""
    # Three pages of at most some eighty rows each; a page inside a tree costs a table at most.
    assert sum(counts(library)) >= SONGS + PLAYS + ANSWERS - max(SONGS, PLAYS) - 160


def test_half_a_file_gives_what_is_in_that_half(library: Path) -> None:
    data = library.read_bytes()
    library.write_bytes(data[: len(data) // 2])
    assert not damage.header_is_sound(library)
    assert "Carried over" in opened(library)
    # The songs were written first; before them lies a page for each table and index, and the
    # library is small: a third of all its songs may be in that half. What lies behind is read as
    # zeros, without an error and without an end.
    assert counts(library)[0] > SONGS // 4


@pytest.mark.parametrize("content", [b"", b"this is a letter, not a library\n" * 999, b"short"])
def test_what_has_nothing_in_it_is_replaced_by_the_last_backup(
    library: Path, content: bytes
) -> None:
    assert backups.daily(library) is not None
    library.write_bytes(content)
    message = opened(library)
    assert counts(library) == (SONGS, PLAYS, ANSWERS)
    assert "Carried over" in message


def test_text_without_a_backup_starts_a_new_library_and_says_so(library: Path) -> None:
    library.write_text("dear diary\n" * 5000)
    assert "Carried over: 0 songs" in opened(library)
    assert counts(library) == (0, 0, 0)


def test_what_was_deleted_on_purpose_does_not_come_back_from_a_backup(library: Path) -> None:
    backups.daily(library)
    database = Database(library)
    Judgments(database).remove([JudgmentId(number) for number in range(1, 101)])
    database.close()
    damage_header(library)
    opened(library)
    assert counts(library) == (SONGS, PLAYS, ANSWERS - 100)


def test_a_repair_that_was_cut_short_is_finished(library: Path) -> None:
    library.replace(library.with_name(library.name + ".repaired"))
    assert opened(library) == ""
    assert counts(library) == (SONGS, PLAYS, ANSWERS)


def test_an_empty_file_without_backups_is_a_new_library(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite3").touch()
    assert opened(tmp_path / "library.sqlite3") == ""


def test_a_damaged_library_of_the_old_schema_is_carried_over(tmp_path: Path) -> None:
    fixture = Path(__file__).parent / "fixtures" / "schema_2.sql"
    path = tmp_path / "library.sqlite3"
    old = sqlite3.connect(path)
    old.executescript(fixture.read_text(encoding="utf-8"))
    old.close()
    recovery.mark_damaged(path, "page 7 is never used")
    assert "Carried over: 5 songs, 4 plays, 3 answers" in opened(path)
    database = Database(path)
    assert [str(root.path) for root in Roots(database).all()] == ["/music/rock", "/music/jazz"]
    assert Embeddings(database).bodies() == {"body-a": 3, "body-retired": 1}
    database.close()


def test_a_broken_page_of_what_the_listener_did_is_found_at_the_start(library: Path) -> None:
    connection = sqlite3.connect(library)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'judgments'"
    ).fetchone()
    connection.close()
    overwrite(library, (page - 1) * PAGE, noise(PAGE))
    assert "Carried over: 300 songs, 500 plays" in opened(library)
    assert damage.tables_are_sound(library)


def test_the_first_read_finds_damage_of_the_tracks(library: Path) -> None:
    connection = sqlite3.connect(library)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'tracks'"
    ).fetchone()
    connection.close()
    overwrite(library, (page - 1) * PAGE, noise(PAGE))
    assert damage.tables_are_sound(library)
    assert not damage.tables_are_sound(library, tracks=True)
    first_read = FirstRead(library)
    assert first_read.take() is None
    assert first_read.found_damage
    first_read.close()
