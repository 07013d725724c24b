import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import UserError
from mecomp_desktop.store import backups, recovery
from mecomp_desktop.store.care import LibraryCare
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.tracks import Tracks
from mecomp_desktop.threads import WorkerThread
from tests.store.test_embeddings import add, vector_of
from tests.store.test_recovery import judgment
from tests.support.players import wait_for


@pytest.fixture
def care(database: Database) -> Iterator[LibraryCare]:
    Judgments(database).add_many(judgment(number) for number in range(50))
    made = LibraryCare(database)
    yield made
    made.close()


def test_a_sound_library_is_backed_up_without_a_word(care: LibraryCare, database: Database) -> None:
    messages: list[str] = []
    care.notice.connect(messages.append)
    care.start(delay_s=0.0)
    wait_for(care.backups, "for the backup")
    assert messages == []
    assert care.backups() == backups.all_of(database.path, "daily")


def test_damage_is_reported_and_not_backed_up(care: LibraryCare, database: Database) -> None:
    database.read().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.path.open("rb+") as file:
        file.seek(8 * 4096)
        file.write(random.Random(1).randbytes(4096 * 8))
    messages: list[str] = []
    care.notice.connect(messages.append)
    care.start(delay_s=0.0)
    wait_for(lambda: messages, "for the sentence")
    assert "Close the program and start it again" in messages[0]
    assert care.backups() == []
    assert database.path.with_name("library.damaged").exists()


def test_closing_at_once_leaves_no_half_backup(care: LibraryCare, database: Database) -> None:
    care.start(delay_s=60.0)
    care.close()
    assert not backups.folder_of(database.path).exists()


def test_back_up_and_restore(care: LibraryCare, database: Database, tmp_path: Path) -> None:
    care.back_up(tmp_path / "mine.sqlite3")
    backups.check(tmp_path / "mine.sqlite3")
    Plays(database).record(AudioId("a"), 1.0, 2.0)
    with pytest.raises(UserError):
        care.restore_at_next_start(tmp_path / "nowhere")
    care.restore_at_next_start(tmp_path / "mine.sqlite3")
    assert Plays(database).recent() == ["a"]


def test_vectors_of_retired_models_go(care: LibraryCare, database: Database) -> None:
    embeddings = Embeddings(database)
    for body in ("old", "chosen before", "new"):
        embeddings.put(vector_of("a", body=body))
    add(database, "/music/a.mp3", "a")
    add(database, "/music/b.mp3", "b")
    care.drop_retired_vectors("new", lambda: {"chosen before"})
    assert care._worker.settle()
    assert len(embeddings.bodies()) == 3, "one song is not embedded yet: the old model serves"
    embeddings.put(vector_of("b", body="new"))
    care.drop_retired_vectors("new", lambda: {"chosen before"})
    assert care._worker.settle()
    assert embeddings.bodies() == {"chosen before": 1, "new": 2}


@pytest.mark.logs_errors
def test_damage_that_another_thread_meets_is_reported_once(
    care: LibraryCare, database: Database
) -> None:
    messages: list[str] = []
    care.notice.connect(messages.append)
    database.read().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    reader = WorkerThread("reader")
    with database.path.open("rb+") as file:
        file.seek(4096)
        file.write(random.Random(1).randbytes(4096 * 30))
    for _ in range(2):
        reader.post(lambda: Tracks(database).all())
        reader.post(lambda: Judgments(database).all())
    reader.settle()
    reader.close()
    assert messages == [recovery.DAMAGED]
    assert database.path.with_name("library.damaged").exists()
