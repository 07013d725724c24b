"""The program killed at random moments: nothing is lost, and nothing is done twice."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.paths import resource
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.failures import Failures
from mecomp_desktop.store.pending import Pending
from tests.support.audio_files import make_audio
from tests.support.track_rows import add_files

FILES, KILLS = 150, 4
SHARED_FILES = 120
PATIENCE_S = 90.0

PROGRAM = """
import sys
from pathlib import Path
from mecomp_desktop.analysis.excerpts import WholeTrack
from mecomp_desktop.analysis.indexer import Indexer
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.analysis.embedding_worker import WorkerSettings
from mecomp_desktop.store.database import Database
database, model = Database(Path(sys.argv[1])), Path(sys.argv[2])
indexer = Indexer(database, load_model(model).info, WorkerSettings(model, WholeTrack(60)), 2)
indexer.start()
indexer.wait_idle()
indexer.close()
database.close()
"""


def make_song(path: Path, seed: int) -> Path:
    # What decodes and embeds as any other, and is made in a tenth of the time.
    return make_audio(path, 5.0, seed=seed, sample_rate_hz=11_025, channels=1)


def begin(library: Path, model: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(library), str(model)])


def rows(library: Path) -> dict[str, float]:
    database = Database(library)
    try:
        query = "SELECT audio_id, embedded_at_s FROM embeddings"
        found: list[Any] = database.read().execute(query).fetchall()
        return {row[0]: row[1] for row in found}
    finally:
        database.close()


def kill_after_progress(library: Path, model: Path, rng: random.Random) -> None:
    """Let it store something new, then kill it at some moment."""
    before, program = len(rows(library)), begin(library, model)
    deadline_s = time.monotonic() + PATIENCE_S
    while program.poll() is None and len(rows(library)) == before:
        assert time.monotonic() < deadline_s, "nothing is stored"
        time.sleep(0.02)
    time.sleep(rng.uniform(0, 0.1))
    workers = psutil.Process(program.pid).children() if program.poll() is None else []
    program.kill()
    program.wait()
    psutil.wait_procs(workers, timeout=10)
    assert not [process for process in workers if process.is_running()], "orphans"


@pytest.mark.nightly
def test_killed_again_and_again_it_ends_with_the_same_vectors(tmp_path: Path) -> None:
    model = Path(shutil.copy(resource(BUNDLED_MODEL), tmp_path / "model.onnx"))
    files = [make_song(tmp_path / f"{seed}.flac", seed) for seed in range(FILES)]
    files.append(tmp_path / "bad.mp3")
    files[-1].write_bytes(b"no music")
    calm, rough = tmp_path / "calm.sqlite3", tmp_path / "rough.sqlite3"
    for library in (calm, rough):
        database = Database(library)
        add_files(database, files)
        database.close()
    assert begin(calm, model).wait(PATIENCE_S) == 0

    rng, kept = random.Random(7), [rows(rough)]
    for _ in range(KILLS):
        kill_after_progress(rough, model, rng)
        kept.append(rows(rough))
        # What was stored stays as it was: it has not been heard again.
        assert kept[-2].items() <= kept[-1].items()
    assert begin(rough, model).wait(PATIENCE_S) == 0
    assert kept[-1].items() <= rows(rough).items()
    assert 0 < len(kept[1]) < FILES

    _assert_same(calm, rough)


def test_two_at_once_share_the_work(tmp_path: Path) -> None:
    model = Path(shutil.copy(resource(BUNDLED_MODEL), tmp_path / "model.onnx"))
    files = [make_song(tmp_path / f"{seed}.flac", seed) for seed in range(SHARED_FILES)]
    files.append(tmp_path / "bad.mp3")
    files[-1].write_bytes(b"no music")
    library = tmp_path / "shared.sqlite3"
    database = Database(library)
    add_files(database, files)
    with database.write() as connection:
        connection.execute("CREATE TABLE stored (name TEXT)")
        connection.execute(
            "CREATE TRIGGER note_vector AFTER INSERT ON embeddings"
            " BEGIN INSERT INTO stored VALUES (new.audio_id); END"
        )
        connection.execute(
            "CREATE TRIGGER note_failure AFTER INSERT ON failures"
            " BEGIN INSERT INTO stored VALUES (new.path); END"
        )
    programs = [begin(library, model) for _ in range(2)]
    by: set[int] = set()
    while any(program.poll() is None for program in programs):
        by |= {row[0] for row in database.read().execute("SELECT process_id FROM claims")}
        time.sleep(0.01)
    assert [program.wait() for program in programs] == [0, 0]
    assert by == {program.pid for program in programs}
    read = database.read()
    assert read.execute("SELECT count(*) FROM stored").fetchone()[0] == SHARED_FILES + 1
    assert read.execute("SELECT count(*) FROM claims").fetchone()[0] == 0
    database.close()
    assert len(rows(library)) == SHARED_FILES


def _assert_same(calm: Path, rough: Path) -> None:
    results = []
    for library in (calm, rough):
        database = Database(library)
        embeddings = Embeddings(database)
        (body,) = embeddings.bodies()
        results.append((*embeddings.matrix(body), embeddings.pooled_matrix(body)[1]))
        assert [failure.path.name for failure in Failures(database).all()] == ["bad.mp3"]
        assert Pending(database).coverage(body) == (FILES, 1, FILES + 1)
        database.close()
    (ids, matrix, pooled), (ids_again, matrix_again, pooled_again) = results
    assert ids == ids_again
    np.testing.assert_array_equal(matrix, matrix_again)
    np.testing.assert_array_equal(pooled, pooled_again)
