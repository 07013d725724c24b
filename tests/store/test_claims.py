import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.claims import Claim, Claims
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failure, Failures
from mecomp_desktop.store.pending import PendingTrack

TRACK = PendingTrack(AudioId("a"), Path("/m/a.flac"), 1, 2, 3.0, 4)


@pytest.fixture
def claims(database: Database) -> Claims:
    return Claims(database, "body", "policy")


def rows(database: Database) -> int:
    count: int = database.read().execute("SELECT count(*) FROM claims").fetchone()[0]
    return count


def claimed_by(database: Database, pid: int, started_s: float, at_s: float | None = None) -> None:
    with database.write() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO claims VALUES ('a', 'body', ?, ?, ?)",
            (pid, started_s, time.time() if at_s is None else at_s),
        )


def test_a_claim_is_ours_until_it_is_released(database: Database, claims: Claims) -> None:
    assert claims.take(TRACK) is Claim.TAKEN
    assert claims.take(TRACK) is Claim.TAKEN
    assert rows(database) == 1
    claims.release([TRACK.audio_id])
    assert rows(database) == 0


def test_another_process_has_it_until_it_ends(database: Database, claims: Claims) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        claimed_by(database, child.pid, psutil.Process(child.pid).create_time())
        assert claims.take(TRACK) is Claim.ELSEWHERE
        claims.release([TRACK.audio_id])
        claims.release_all()
        assert rows(database) == 1
        child.communicate(b"\n")
    assert claims.take(TRACK) is Claim.TAKEN


def test_a_process_with_the_same_id_is_another_one(database: Database, claims: Claims) -> None:
    parent = psutil.Process(os.getppid())
    claimed_by(database, parent.pid, parent.create_time() - 500)
    assert claims.take(TRACK) is Claim.TAKEN


def test_a_claim_of_hours_is_over(database: Database, claims: Claims) -> None:
    parent = psutil.Process(os.getppid())
    claimed_by(database, parent.pid, parent.create_time(), time.time() - 2 * 3600)
    assert claims.take(TRACK) is Claim.TAKEN
    claimed_by(database, parent.pid, parent.create_time(), time.time() + 2 * 3600)
    assert claims.take(TRACK) is Claim.ELSEWHERE  # the clock was set back


def test_what_failed_meanwhile_is_done(database: Database, claims: Claims) -> None:
    failure = Failure(TRACK.path, "analysis", Reason.DAMAGED, "", 1, 2, 1.0, 4)
    Failures(database).record(failure)
    assert claims.take(TRACK) is Claim.DONE
    assert claims.take(TRACK._replace(ctime_ns=5)) is Claim.TAKEN


def test_what_dead_processes_left_is_cleared(database: Database, claims: Claims) -> None:
    claimed_by(database, 4_000_000, 1.0)
    claims.release_all()
    assert rows(database) == 0
