import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from mecomp_desktop.analysis import embedding_writer
from mecomp_desktop.analysis.excerpts import embed_track
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.analysis.status import PauseSwitch
from mecomp_desktop.domain.progress import Progress
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.failures import Failures
from tests.analysis.indexers import (
    BODY,
    PATIENCE_S,
    POLICY,
    Open,
    collect_embedded,
    embedded,
    reasons,
    run,
    songs,
)
from tests.support.audio_files import make_bad_files
from tests.support.models import RATE_HZ
from tests.support.odd_readers import endless
from tests.support.permissions import ordinary_permissions
from tests.support.track_rows import add_files


def wait_for_reader(pipe: Path) -> int:
    """Wait until a worker has begun this pipe; return our end of it, so that it goes on waiting."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads
            assert time.monotonic() < deadline_s, "nobody reads"
            time.sleep(0.01)


def wait_until(true: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline_s, f"not in time: {what}"
        time.sleep(0.01)


def wait_for_end(process: psutil.Process) -> None:
    """Wait until a process holds no file open any more."""
    deadline_s = time.monotonic() + PATIENCE_S
    # Not `wait`: that would take the exit code from whoever started it. And a zombie may have
    # threads that are not dead yet.
    while process.is_running():
        assert time.monotonic() < deadline_s, "it lives"
        time.sleep(0.01)


def children() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        try:
            if any("analysis.worker" in word for word in child.cmdline()):
                found.append(child)
        except psutil.Error:  # it ends at this moment
            continue
    return found


def test_every_recording_gets_its_vector(
    tmp_path: Path, database: Database, model: Path, open_indexer: Open
) -> None:
    files = songs(tmp_path, 5)
    ids = add_files(database, files)
    indexer = open_indexer(workers=2)
    audio_ids = collect_embedded(indexer)
    run(indexer)
    assert sorted(audio_ids) == sorted(ids)
    for path, audio_id in zip(files, ids, strict=True):
        stored = Embeddings(database).get(audio_id, BODY)
        assert stored is not None
        embedding, pooled = load_model(model).embed(embed_track(path, RATE_HZ, POLICY)[np.newaxis])
        np.testing.assert_array_equal(stored.embedding, embedding[0])
        np.testing.assert_array_equal(stored.pooled, pooled[0])
        assert (stored.head_hash, stored.policy) == ("head-1", "excerpts-2x1s")
    status = indexer.status()
    assert status.state == "idle"
    assert status.progress == Progress(5, 5, 0, status.progress.rate_per_s, 0.0)


def test_bad_files_are_listed_and_the_good_ones_analysed(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    bad = make_bad_files(tmp_path / "bad")
    good = add_files(database, songs(tmp_path, 2))
    cut_off = add_files(database, [bad.pop("truncated")])
    add_files(database, [*bad.values(), tmp_path / "vanished.mp3"])
    with ordinary_permissions():
        indexer = open_indexer()
        run(indexer)
    assert embedded(database) == sorted([*good, *cut_off])
    found = reasons(database)
    assert set(found) == {path.name for path in bad.values()} | {"vanished.mp3"}
    assert found["vanished.mp3"] is Reason.MISSING
    assert found["empty.mp3"] is Reason.EMPTY
    assert found["no permission.flac"] is Reason.NO_PERMISSION
    assert indexer.status().progress.done == 3


def test_the_last_result_does_not_wait_for_others(
    tmp_path: Path, database: Database, open_indexer: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_writer, "_BATCH_S", 2 * PATIENCE_S)
    ids = add_files(database, songs(tmp_path, 3))
    run(open_indexer())
    assert embedded(database) == sorted(ids)


def test_nothing_is_done_twice(tmp_path: Path, database: Database, open_indexer: Open) -> None:
    add_files(database, [*songs(tmp_path, 2), *make_bad_files(tmp_path).values()])
    indexer = open_indexer()
    run(indexer)
    before = [(row[0], row[1]) for row in _rows(database)]
    failed = Failures(database).all()
    changes: list[object] = []
    indexer.embedded.connect(changes.append)
    indexer.failed.connect(lambda: changes.append("failed"))
    run(indexer)
    run(open_indexer())
    assert changes == []
    assert [(row[0], row[1]) for row in _rows(database)] == before
    assert Failures(database).all() == failed


def test_a_recording_in_two_files_is_analysed_once_and_from_the_good_one(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    (song,) = songs(tmp_path, 1)
    gone, copy = tmp_path / "gone.flac", tmp_path / "copy.flac"
    for path in (gone, copy):
        path.write_bytes(song.read_bytes())
    ids = add_files(database, [gone, song, copy])
    assert len(set(ids)) == 1
    gone.unlink()
    indexer = open_indexer()
    audio_ids = collect_embedded(indexer)
    run(indexer)
    assert audio_ids == ids[:1]
    assert reasons(database) == {"gone.flac": Reason.MISSING}


def test_a_retry_analyses_a_file_that_was_mended(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    (song,) = songs(tmp_path, 1)
    (audio_id,) = add_files(database, [song])
    data = song.read_bytes()
    song.write_bytes(b"")
    indexer = open_indexer()
    run(indexer)
    assert reasons(database) == {song.name: Reason.EMPTY}
    song.write_bytes(data)
    Failures(database).clear(song, "analysis")
    indexer.wake()
    assert indexer.wait_idle(PATIENCE_S)
    assert embedded(database) == [audio_id]
    assert reasons(database) == {}


def test_waking_finds_what_the_scan_brought(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    files = songs(tmp_path, 4)
    indexer = open_indexer()
    indexer.wake()  # not started: nobody listens
    add_files(database, files[:2])
    run(indexer)
    assert len(embedded(database)) == 2
    add_files(database, files)
    indexer.wake()
    assert indexer.wait_idle(PATIENCE_S)
    assert len(embedded(database)) == 4


@pytest.mark.slow
def test_a_pause_takes_effect_within_one_file(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    first, *rest = songs(tmp_path, 4)
    pipe = endless(tmp_path / "slow.flac")
    (first_id, *_) = urgent = add_files(database, [first, tmp_path / "slow.flac", *rest])
    pause = PauseSwitch()
    indexer = open_indexer(pause=pause)
    indexer.prioritise(urgent)
    indexer.start()
    wait_until(
        lambda: embedded(database) == [first_id], "the first file, while the second is embedded"
    )
    pause.set(True)
    assert indexer.status().state == "paused"
    pipe.open("wb").close()  # now the second is at its end
    wait_until(lambda: reasons(database) == {"slow.flac": Reason.EMPTY}, "the second file")
    time.sleep(0.3)
    assert embedded(database) == [first_id]
    assert not indexer.wait_idle(0.05)
    pause.set(False)
    assert indexer.wait_idle(PATIENCE_S)
    assert len(embedded(database)) == 4


def test_paused_before_the_start_nothing_is_analysed(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    add_files(database, songs(tmp_path, 1))
    pause = PauseSwitch()
    pause.set(True)
    indexer = open_indexer(pause=pause)
    indexer.start()
    assert not indexer.wait_idle(0.5)
    assert indexer.status().state == "paused"
    assert embedded(database) == []
    pause.set(False)
    assert indexer.wait_idle(PATIENCE_S)
    assert len(embedded(database)) == 1


def test_cancelling_blames_no_file(tmp_path: Path, database: Database, open_indexer: Open) -> None:
    ids = add_files(database, songs(tmp_path, 1))
    endless(tmp_path / "endless.flac")
    add_files(database, [tmp_path / "endless.flac"])
    indexer = open_indexer(workers=2)  # which file comes first is not said
    indexer.start()
    wait_until(lambda: embedded(database) == ids, "the good file")
    indexer.cancel()
    assert indexer.wait_idle(PATIENCE_S)
    wait_until(lambda: not children(), "the end of the workers")
    assert reasons(database) == {}
    indexer.wake()
    assert indexer.status().state == "idle"


def test_closing_waits_for_nothing_but_leaves_nothing(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    endless(tmp_path / "endless.flac")
    add_files(database, [tmp_path / "endless.flac"])
    indexer = open_indexer(workers=2)
    indexer.start()
    wait_until(children, "a worker")
    begin_s = time.monotonic()
    indexer.close()
    indexer.close()
    assert time.monotonic() - begin_s < 3.0
    assert children() == []
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("analysis", "indexer"))]
    indexer.start()
    assert indexer.status().state == "idle"


@pytest.mark.parametrize(
    ("number", "reason"), [(signal.SIGSEGV, Reason.CRASHED), (signal.SIGKILL, Reason.INTERRUPTED)]
)
def test_a_worker_that_dies_twice_over_a_file_costs_that_file(
    tmp_path: Path,
    database: Database,
    open_indexer: Open,
    number: signal.Signals,
    reason: Reason,
) -> None:
    deadly = endless(tmp_path / "deadly.flac")
    add_files(database, [tmp_path / "deadly.flac"])
    good = add_files(database, songs(tmp_path, 3))
    indexer = open_indexer()
    indexer.start()
    killed: set[int] = set()
    while len(killed) < 2:
        writer = wait_for_reader(deadly)
        (child,) = children()
        os.kill(child.pid, number)
        os.close(writer)
        killed.add(child.pid)
        wait_for_end(child)
    assert indexer.wait_idle(PATIENCE_S)
    assert embedded(database) == sorted(good)
    assert reasons(database) == {"deadly.flac": reason}


def test_a_passing_failure_is_tried_again_at_the_next_start_and_no_sooner(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    (song,) = songs(tmp_path, 1)
    (audio_id,) = add_files(database, [song])
    away = song.rename(tmp_path / "away")
    indexer = open_indexer()
    run(indexer)
    assert reasons(database) == {song.name: Reason.MISSING}
    away.rename(song)
    indexer.wake()
    assert indexer.wait_idle(PATIENCE_S)
    assert embedded(database) == []
    run(indexer)
    assert embedded(database) == [audio_id]
    assert reasons(database) == {}


def test_a_file_that_takes_too_long_costs_only_itself(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    endless(tmp_path / "endless.flac")
    add_files(database, [tmp_path / "endless.flac"])
    good = add_files(database, songs(tmp_path, 2))
    run(open_indexer(time_limit_s=0.5))
    assert embedded(database) == sorted(good)
    assert reasons(database) == {"endless.flac": Reason.NO_ANSWER}


def test_the_urgent_are_analysed_first(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    ids = add_files(database, songs(tmp_path, 6))
    indexer = open_indexer()
    order = collect_embedded(indexer)
    indexer.prioritise([ids[4], ids[2]])
    run(indexer)
    assert order[:2] == [ids[4], ids[2]]
    assert sorted(order) == sorted(ids)


def _rows(database: Database) -> list[Any]:
    query = "SELECT audio_id, embedded_at_s FROM embeddings ORDER BY audio_id"
    return database.read().execute(query).fetchall()
