import os
from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain.changes import FileStamp
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failure, Failures

_ONE = Failure(Path("/m/a.mp3"), "scan", Reason.EMPTY, "nothing", 0, 7, 100.0)


def test_a_failure_comes_back(database: Database) -> None:
    Failures(database).record(_ONE)
    assert Failures(database).all() == [_ONE]
    assert Failures(database).stamps("scan") == {"/m/a.mp3": FileStamp(0, 7)}
    assert Failures(database).stamps("analysis") == {}


def test_every_reason_comes_back(database: Database) -> None:
    made = [replace(_ONE, path=Path(f"/m/{reason.name}"), reason=reason) for reason in Reason]
    Failures(database).record_many(made)
    assert {one.reason for one in Failures(database).all()} == set(Reason)


def test_the_last_failure_of_a_stage_stands(database: Database) -> None:
    failures = Failures(database)
    listen = replace(_ONE, stage="analysis", reason=Reason.CRASHED)
    later = replace(_ONE, reason=Reason.DAMAGED)
    for one in (_ONE, listen, later):
        failures.record(one)
    assert failures.all() == [listen, later]


def test_clear_one_stage_or_both(database: Database) -> None:
    failures = Failures(database)
    listen = replace(_ONE, stage="analysis")
    failures.record_many([_ONE, listen])
    failures.clear(_ONE.path, "scan")
    assert failures.all() == [listen]
    failures.record(_ONE)
    failures.clear(_ONE.path)
    assert failures.all() == []


def test_a_name_that_is_not_utf8(database: Database) -> None:
    path = Path(os.fsdecode(b"/m/\xff.mp3"))
    Failures(database).record(replace(_ONE, path=path, detail=f"cannot open {path}"))
    (failure,) = Failures(database).all()
    assert failure.path == path
    assert failure.detail == "cannot open /m/?.mp3"
