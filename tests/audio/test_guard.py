from pathlib import Path

import pytest

from mecomp_desktop.audio.guard import check_claims, unreadable_if_raised
from mecomp_desktop.errors import Reason, UnreadableFile

PATH = Path("song.mp3")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (IndexError("index out of range"), Reason.DAMAGED),
        (OverflowError("too large"), Reason.DAMAGED),
        (MemoryError(), Reason.TOO_MUCH_MEMORY),
        (RuntimeError("Cannot allocate memory"), Reason.TOO_MUCH_MEMORY),
        (FileNotFoundError(2, "gone"), Reason.MISSING),
        (PermissionError(13, "no"), Reason.NO_PERMISSION),
        (UnreadableFile(PATH, Reason.CUT_OFF), Reason.CUT_OFF),
    ],
)
def test_whatever_is_raised_is_an_unreadable_file(error: Exception, reason: Reason) -> None:
    with pytest.raises(UnreadableFile) as raised, unreadable_if_raised(PATH):
        raise error
    assert raised.value.reason is reason
    assert raised.value.path == PATH


def test_an_interrupt_is_none_of_its_business() -> None:
    with pytest.raises(KeyboardInterrupt), unreadable_if_raised(PATH):
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("rate_hz", "channels"), [(0, 2), (99, 2), (100_000_000, 2), (44_100, 0), (44_100, 65)]
)
def test_claims_out_of_bounds_are_refused(rate_hz: int, channels: int) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        check_claims(PATH, rate_hz, channels)


@pytest.mark.parametrize(("rate_hz", "channels"), [(8_000, 1), (352_800, 2), (48_000, 24)])
def test_claims_within_are_not(rate_hz: int, channels: int) -> None:
    check_claims(PATH, rate_hz, channels)
