import os
from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain.changes import FileStamp
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failure, Failures

_FAILURE = Failure(Path("/m/a.mp3"), "scan", Reason.EMPTY, "nothing", 0, 7, 100.0)


def test_a_failure_comes_back(database: Database) -> None:
    Failures(database).record(_FAILURE)
    assert Failures(database).all() == [_FAILURE]
    assert Failures(database).stamps("scan") == {"/m/a.mp3": FileStamp(0, 7)}
    assert Failures(database).stamps("analysis") == {}


def test_every_reason_comes_back(database: Database) -> None:
    made = [replace(_FAILURE, path=Path(f"/m/{reason.name}"), reason=reason) for reason in Reason]
    Failures(database).record_many(made)
    assert {failure.reason for failure in Failures(database).all()} == set(Reason)


def test_the_last_failure_of_a_stage_stands(database: Database) -> None:
    failures = Failures(database)
    listen = replace(_FAILURE, stage="analysis", reason=Reason.CRASHED)
    later = replace(_FAILURE, reason=Reason.DAMAGED)
    for failure in (_FAILURE, listen, later):
        failures.record(failure)
    assert failures.all() == [listen, later]


def test_clear_one_stage_or_both(database: Database) -> None:
    failures = Failures(database)
    listen = replace(_FAILURE, stage="analysis")
    failures.record_many([_FAILURE, listen])
    failures.clear(_FAILURE.path, "scan")
    assert failures.all() == [listen]
    failures.record(_FAILURE)
    failures.clear(_FAILURE.path)
    assert failures.all() == []


def test_a_name_that_is_not_utf8(database: Database) -> None:
    path = Path(os.fsdecode(b"/m/\xff.mp3"))
    Failures(database).record(replace(_FAILURE, path=path, detail=f"cannot open {path}"))
    (failure,) = Failures(database).all()
    assert failure.path == path
    assert failure.detail == "cannot open /m/?.mp3"


def test_the_parts_of_a_file_fail_for_themselves(database: Database) -> None:
    failures = Failures(database)
    path = Path("/music/disc.flac")
    listen = replace(_FAILURE, path=path, stage="analysis")
    first, second = replace(listen, start_s=0.0), replace(listen, start_s=61 / 75)
    failures.record_many([second, first, listen, second])
    assert failures.all() == [listen, first, second]
    failures.clear_analysed([(path, Part(61 / 75, None)), (path, None)])
    assert failures.all() == [first]
    failures.clear(path)
    assert failures.all() == []
