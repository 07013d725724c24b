import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.schema import MIGRATIONS
from mecomp_desktop.store.state import State
from tests.support.permissions import ordinary_permissions

_TWO_STEPS = (
    "CREATE TABLE songs (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;",
    """
    ALTER TABLE songs ADD COLUMN stars INTEGER NOT NULL DEFAULT 0;
    UPDATE songs SET stars = length(name);
    """,
)


def _version(database: Database) -> int:
    version: int = database.read().execute("PRAGMA user_version").fetchone()[0]
    return version


def test_connection_settings(database: Database) -> None:
    def ask(pragma: str) -> object:
        return database.read().execute(f"PRAGMA {pragma}").fetchone()[0]

    assert ask("journal_mode") == "wal"
    assert ask("foreign_keys") == 1
    assert ask("user_version") == len(MIGRATIONS)


def test_every_table_is_strict(database: Database) -> None:
    tables = [row for row in database.read().execute("PRAGMA table_list") if row["type"] == "table"]
    ours = {row["name"]: row["strict"] for row in tables if not row["name"].startswith("sqlite_")}
    assert set(ours) >= {"roots", "tracks", "embeddings", "failures", "plays", "state"}
    assert all(ours.values()), ours


def test_a_wrong_type_is_refused(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError), database.write() as connection:
        connection.execute(
            "INSERT INTO plays (audio_id, started_at_s, played_s) VALUES ('a', 'x', 1)"
        )


def _schema(database: Database) -> dict[str, object]:
    """Each table's columns and each index. Not the order of columns: those of tags come late."""
    read = database.read()
    found: dict[str, object] = {}
    for kind, name, sql in read.execute("SELECT type, name, sql FROM sqlite_schema").fetchall():
        columns = read.execute(f"PRAGMA table_info({name})").fetchall()
        found[name] = (kind, sorted(tuple(row)[1:] for row in columns) if columns else sql)
    return found


@pytest.mark.parametrize("before", range(len(MIGRATIONS)))
def test_each_version_migrates_to_the_newest(tmp_path: Path, before: int) -> None:
    Database(tmp_path / "old", MIGRATIONS[:before]).close()
    migrated = Database(tmp_path / "old")
    fresh = Database(tmp_path / "fresh")
    assert _version(migrated) == len(MIGRATIONS)
    assert _schema(migrated) == _schema(fresh)
    migrated.close()
    fresh.close()


def test_a_step_keeps_what_was_there(tmp_path: Path) -> None:
    old = Database(tmp_path / "db", _TWO_STEPS[:1])
    with old.write() as connection:
        connection.execute("INSERT INTO songs (name) VALUES ('abc')")
    old.close()
    new = Database(tmp_path / "db", _TWO_STEPS)
    assert [tuple(row) for row in new.read().execute("SELECT * FROM songs")] == [(1, "abc", 3)]
    assert _version(new) == 2
    new.close()


def test_a_failing_step_leaves_the_old_version(tmp_path: Path) -> None:
    Database(tmp_path / "db", _TWO_STEPS[:1]).close()
    broken = (_TWO_STEPS[0], "CREATE TABLE extra (id INTEGER) STRICT;\nCREATE TABLE songs (id);")
    with pytest.raises(BrokenEnvironment):
        Database(tmp_path / "db", broken)
    old = Database(tmp_path / "db", _TWO_STEPS[:1])
    names = [row["name"] for row in old.read().execute("SELECT name FROM sqlite_schema")]
    assert _version(old) == 1
    assert names == ["songs"]
    old.close()


def test_a_newer_library_is_refused(tmp_path: Path) -> None:
    Database(tmp_path / "db", _TWO_STEPS).close()
    with pytest.raises(UserError, match="newer version"):
        Database(tmp_path / "db", _TWO_STEPS[:1])


def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / "db").write_bytes(b"this is a letter, not a library\n" * 99)
    with pytest.raises(BrokenEnvironment, match="db"):
        Database(tmp_path / "db")


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BrokenEnvironment):
        Database(tmp_path / "nowhere" / "db")


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    plays = Plays(database)

    def fail() -> None:
        with database.write():
            plays.record("a", 1.0, 2.0)  # type: ignore[arg-type]  # any text is an id here
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert plays.recent() == []
    plays.record("b", 1.0, 2.0)  # type: ignore[arg-type]  # any text is an id here
    assert plays.recent() == ["b"]


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    plays = Plays(database)
    seen: list[object] = []
    with database.write():
        plays.record("a", 1.0, 2.0)  # type: ignore[arg-type]  # any text is an id here
        reader = threading.Thread(target=lambda: seen.append(plays.recent()))
        reader.start()
        reader.join(10)
        assert seen == [[]]
    assert plays.recent() == ["a"]


def test_connections_of_dead_threads_are_closed(database: Database) -> None:
    for _ in range(20):
        thread = threading.Thread(target=database.read)
        thread.start()
        thread.join()
    assert len(database._connections) <= 2


def test_a_closed_database_is_not_opened_again(database: Database) -> None:
    database.close()
    errors: list[BaseException] = []

    def use() -> None:
        try:
            database.read()
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(errors) == 1


_WRITER = """
import sys
from pathlib import Path
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays

database = Database(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    Plays(database).record(f"{sys.argv[2]} {number}", float(number), 1.0)
database.close()
"""


def test_threads_and_processes_write_at_once(tmp_path: Path) -> None:
    path, each = tmp_path / "db", 60
    # All of them find no database yet, so they race for making it too.
    processes = [
        subprocess.Popen([sys.executable, "-c", _WRITER, path, f"process {name}", str(each)])
        for name in range(2)
    ]
    database = Database(path)
    failures: list[BaseException] = []

    def write(name: int) -> None:
        try:
            for number in range(each):
                with database.write() as connection:
                    connection.execute(
                        "INSERT INTO plays (audio_id, started_at_s, played_s) VALUES (?, ?, 1.0)",
                        (f"thread {name} {number}", float(number)),
                    )
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    codes = [process.wait(60) for process in processes]
    played = [row["audio_id"] for row in database.read().execute("SELECT audio_id FROM plays")]
    database.close()
    assert not failures
    assert codes == [0, 0]
    assert len(played) == len(set(played)) == 6 * each


_LOCKER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


def _lock(path: Path, seconds: float) -> "subprocess.Popen[str]":
    """Let another program hold the library for so long."""
    locker = subprocess.Popen(
        [sys.executable, "-c", _LOCKER, path, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert locker.stdout is not None
    assert locker.stdout.readline() == "locked\n"
    return locker


def test_a_write_waits_for_another_program_and_then_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mecomp_desktop.store.database._WARN_AFTER_S", 0.5)
    messages: list[str] = []
    database.notice.connect(messages.append)
    with _lock(database.path, 2.5) as locker:
        Plays(database).record(AudioId("a"), 1.0, 2.0)
        locker.wait(20)
    assert Plays(database).recent() == ["a"]
    assert messages == [
        "Another program holds the library; what changed is stored when it lets go."
    ]
    (usual_ms,) = database.read().execute("PRAGMA busy_timeout").fetchone()
    assert usual_ms == 30_000


def test_closing_does_not_wait_for_another_program(database: Database) -> None:
    errors: list[BaseException] = []

    def write() -> None:
        try:
            Plays(database).record(AudioId("a"), 1.0, 2.0)
        except BrokenEnvironment as error:
            errors.append(error)

    with _lock(database.path, 30.0) as locker:
        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(0.3)
        began_s = time.monotonic()
        database.close()
        assert time.monotonic() - began_s < 5
        writer.join()
        locker.kill()
    assert "another program holds it" in str(errors[0])


def test_a_library_that_cannot_be_written_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    database = Database(folder / "library.sqlite3")
    Plays(database).record(AudioId("a"), 1.0, 2.0)
    database.close()
    folder.chmod(0o555)
    (folder / "library.sqlite3").chmod(0o444)
    try:
        with ordinary_permissions():
            database = Database(folder / "library.sqlite3")
            assert database.read_only
            assert Plays(database).recent() == ["a"]
            with pytest.raises(BrokenEnvironment, match="read-only"):
                Plays(database).record(AudioId("b"), 1.0, 2.0)
            database.close()
    finally:
        folder.chmod(0o755)


def test_a_full_disk_is_one_sentence(database: Database) -> None:
    # SQLite meets this limit exactly as it meets the end of a disk.
    (pages,) = database.read().execute("PRAGMA page_count").fetchone()
    database.read().execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        with database.write():
            for number in range(10_000):
                Plays(database).record(AudioId(f"a{number}"), 1.0, 2.0)

    with pytest.raises(BrokenEnvironment, match="the disk is full; make room and try again"):
        fill()
    assert Plays(database).counts() == {}


_HOLDER = """
import sys
from pathlib import Path
from mecomp_desktop.store.damage import header_is_sound
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.state import State

database = Database(Path(sys.argv[1]))
State(database).set("turn", 0)
assert header_is_sound(Path(sys.argv[1]))
for turn in sys.stdin:
    State(database).set("turn", int(turn))
    print(turn, end="", flush=True)
database.close()
"""


def test_who_opens_and_closes_a_library_does_not_disturb_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        for turn in range(1, 6):
            holder.stdin.write(f"{turn}\n")
            holder.stdin.flush()
            assert holder.stdout.readline() == f"{turn}\n"
            # The last to close a library deletes its log: only who really is the last may.
            visitor = Database(path)
            assert State(visitor).get("turn") == turn
            visitor.close()
        holder.stdin.close()
        assert holder.wait(10) == 0
