import pytest

from mecomp_desktop.ui import formatting


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, ""), (0.4, "0:00"), (59.6, "1:00"), (134, "2:14"), (3599.6, "1:00:00"), (3734, "1:02:14")],
)
def test_clock(seconds: float, shown: str) -> None:
    assert formatting.clock(seconds) == shown


def test_position_is_never_empty() -> None:
    assert formatting.position(0) == "0:00"
    assert formatting.position(-3) == "0:00"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 min"), (20, "1 min"), (2880, "48 min"), (7200, "2 h"), (7500, "2 h 5 min")],
)
def test_length(seconds: float, shown: str) -> None:
    assert formatting.length(seconds) == shown


def test_remaining() -> None:
    assert formatting.remaining(30) == "less than a minute left"
    assert formatting.remaining(480) == "8 min left"


def test_count() -> None:
    assert formatting.count(1, "song") == "1 song"
    assert formatting.count(1204, "song") == "1,204 songs"
    assert formatting.count(0, "entry", "entries") == "0 entries"
