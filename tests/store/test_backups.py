import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.store import backups, recovery
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.schema import MIGRATIONS
from tests.store.test_embeddings import vector_of

DAY_S = 24 * 3600


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "library.sqlite3"
    path.parent.mkdir()
    database = Database(path)
    Roots(database).add(Path("/music"))
    Plays(database).record(AudioId("a"), 1.0, 60.0)
    Embeddings(database).put(vector_of("a"))
    database.close()
    return path


def number_of(backup: Path, table: str) -> int:
    connection = sqlite3.connect(backup)
    found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()
    return found


def plays_in(library: Path) -> int:
    return number_of(library, "plays")


def age(backup: Path, days: float) -> None:
    then_s = time.time() - days * DAY_S
    os.utime(backup, (then_s, then_s))


def test_one_a_day_without_vectors(library: Path) -> None:
    first = backups.daily(library)
    assert first is not None
    assert backups.daily(library) is None, "two on one day"
    assert (plays_in(first), number_of(first, "embeddings")) == (1, 0)
    age(first, 1.1)
    assert backups.daily(library) is not None


def test_a_new_library_has_nothing_to_back_up(tmp_path: Path) -> None:
    Database(tmp_path / "library.sqlite3").close()
    assert backups.daily(tmp_path / "library.sqlite3") is None


def test_the_newest_seven_are_kept_whatever_the_clock_says(library: Path) -> None:
    made = []
    for number in range(10):
        # From the fifth on, the clock is a year behind.
        backup = backups.daily(library)
        assert backup is not None
        made.append(backup)
        age(backup, 2 if number < 5 else 365)
    assert backups.all_of(library, "daily") == made[:2:-1]


def test_a_clock_set_back_does_not_keep_backups_from_being_made(library: Path) -> None:
    backup = backups.daily(library)
    assert backup is not None
    age(backup, -400)
    assert backups.daily(library) is not None


def test_a_backup_of_what_is_being_written_is_whole(library: Path, tmp_path: Path) -> None:
    database = Database(library)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.write():  # both or none
                Plays(database).record(AudioId("x"), 1.0, 1.0)
                Plays(database).record(AudioId("y"), 1.0, 1.0)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backups.back_up(library, tmp_path / f"{number}.sqlite3")
    finally:
        stop.set()
        writer.join()
        database.close()
    for number in range(5):
        backups.check(tmp_path / f"{number}.sqlite3")
        assert plays_in(tmp_path / f"{number}.sqlite3") % 2 == 1


def test_before_a_migration_the_old_library_is_backed_up(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    old = Database(path, MIGRATIONS[:2])
    with old.write() as connection:
        connection.execute("INSERT INTO plays (audio_id, started_at_s, heard_s) VALUES ('a', 1, 2)")
    old.close()
    Database(path).close()
    [backup] = backups.all_of(path, "migration")
    connection = sqlite3.connect(backup)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT heard_s FROM plays").fetchall() == [(2.0,)]
    connection.close()
    Database(path).close()
    assert backups.all_of(path, "migration") == [backup], "made without a migration"


def test_restore_brings_back_and_keeps_what_was_there(library: Path, tmp_path: Path) -> None:
    backup = backups.daily(library)
    assert backup is not None
    database = Database(library)
    Plays(database).record(AudioId("b"), 2.0, 60.0)
    database.close()
    message = recovery.restore(library, backup)
    assert plays_in(library) == 1
    # The daily backup has no vectors; those that were there serve on.
    assert number_of(library, "embeddings") == 1
    [before] = backups.all_of(library, "restore")
    assert plays_in(before) == 2
    assert str(before) in message


def test_restore_of_an_old_backup_migrates_it(library: Path, tmp_path: Path) -> None:
    old = Database(tmp_path / "old.sqlite3", MIGRATIONS[:2])
    old.close()
    recovery.restore(library, tmp_path / "old.sqlite3")
    database = Database(library)
    assert Plays(database).counts() == {}
    database.close()


def test_restore_over_a_damaged_library(library: Path) -> None:
    backup = backups.daily(library)
    assert backup is not None
    library.write_bytes(b"no database" * 1000)
    recovery.restore(library, backup)
    assert plays_in(library) == 1
    assert list((library.parent / "damaged").rglob("library.sqlite3"))


def test_a_restore_that_was_asked_for_happens_at_the_next_start(library: Path) -> None:
    backup = backups.daily(library)
    assert backup is not None
    database = Database(library)
    Plays(database).record(AudioId("b"), 2.0, 60.0)
    recovery.ask_for_restore(library, backup)
    assert plays_in(library) == 2
    database.close()
    database, message = recovery.open_library(library)
    database.close()
    assert "was restored" in message
    assert plays_in(library) == 1
    database, message = recovery.open_library(library)
    database.close()
    assert message == "", "restored again"


def test_a_backup_that_vanished_before_the_start_is_reported(library: Path) -> None:
    backup = backups.daily(library)
    assert backup is not None
    recovery.ask_for_restore(library, backup)
    backup.unlink()
    database, message = recovery.open_library(library)
    assert Plays(database).counts() == {"a": 1}
    database.close()
    assert "was not restored" in message


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no backup of a library"), (b"text" * 999, "no backup of a library")],
)
def test_what_is_no_backup_is_refused(
    library: Path, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(UserError, match=words):
        recovery.restore(library, tmp_path / "file")
    assert plays_in(library) == 1


def test_a_damaged_backup_is_refused(library: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    backups.back_up(library, copy)
    data = copy.read_bytes()
    copy.write_bytes(data[:4096] + bytes(4096) + data[8192:])
    with pytest.raises(UserError, match="damaged"):
        recovery.restore(library, copy)


def test_a_missing_backup_and_a_newer_one_are_refused(library: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no backup"):
        backups.check(tmp_path / "nowhere")
    newer = Database(tmp_path / "newer", (*MIGRATIONS, "CREATE TABLE extra (id INTEGER) STRICT;"))
    newer.close()
    with pytest.raises(UserError, match="newer version"):
        backups.check(tmp_path / "newer")


def test_a_backup_over_the_library_or_below_a_file_is_refused(library: Path) -> None:
    with pytest.raises(UserError, match="over the library itself"):
        backups.back_up(library, library)
    with pytest.raises(BrokenEnvironment, match="cannot write the backup"):
        backups.back_up(library, library / "below")
    assert plays_in(library) == 1


def test_restore_is_refused_while_the_library_is_open(library: Path) -> None:
    backup = backups.daily(library)
    assert backup is not None
    database = Database(library)
    with pytest.raises(BrokenEnvironment, match="in use"):
        recovery.restore(library, backup)
    database.close()
    recovery.restore(library, backup)


def test_a_backup_is_given_up_when_the_program_ends(library: Path) -> None:
    with pytest.raises(BrokenEnvironment, match="ending"):
        backups.daily(library, stopped=lambda: True)
    assert list(backups.folder_of(library).iterdir()) == []
