import pickle
from pathlib import Path

import pytest

from mecomp_desktop.errors import (
    BrokenEnvironment,
    MecompError,
    ModelFileError,
    Reason,
    SettingsError,
    UnreadableFile,
    UserError,
)


def test_the_tree() -> None:
    for kind in (UnreadableFile, ModelFileError, SettingsError):
        assert issubclass(kind, UserError)
    assert issubclass(UserError, MecompError)
    assert issubclass(BrokenEnvironment, MecompError)
    assert not issubclass(BrokenEnvironment, UserError)


@pytest.mark.parametrize("reason", list(Reason))
def test_an_unreadable_file_names_file_and_reason(reason: Reason) -> None:
    error = UnreadableFile(Path("/music/a.mp3"), reason, "sf_open failed")
    assert str(error) == f"/music/a.mp3 couldn't be read: {reason}"
    assert (error.path, error.reason, error.detail) == (
        Path("/music/a.mp3"),
        reason,
        "sf_open failed",
    )


def test_reasons_are_parts_of_a_sentence() -> None:
    for reason in Reason:
        assert reason[0].islower()
        assert not reason.endswith(".")
    assert len(set(Reason)) == len(Reason.__members__)


def test_reasons_are_kept_by_pickling() -> None:
    assert pickle.loads(pickle.dumps(Reason.CUT_OFF)) is Reason.CUT_OFF
