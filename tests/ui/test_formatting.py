import pytest

from mecomp_desktop.analysis.status import AnalysisStatus
from mecomp_desktop.domain.progress import Progress
from mecomp_desktop.library.scan_queue import ScanStatus
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.formatting import (
    analysed_but_failed,
    analysis_numbers,
    analysis_share,
    closeness_number,
    scan_numbers,
    speed,
)


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


@pytest.mark.parametrize(
    ("rate", "words"), [(14.2, "14 songs/s"), (0.5, "30 songs/min"), (0.001, "1 song/min")]
)
def test_speed(rate: float, words: str) -> None:
    assert speed(rate) == words


@pytest.mark.parametrize(("closeness", "number"), [(0.873, 87), (1.2, 100), (-0.1, 0)])
def test_closeness_number(closeness: float, number: int) -> None:
    assert closeness_number(closeness) == number


def test_numbers_of_the_analysis() -> None:
    status = AnalysisStatus("running", Progress(3_400, 10_230, 12, 14.0, 485.0))
    assert analysis_numbers(status) == "3,412 of 10,230 · 14 songs/s · 8 min left"
    assert analysis_numbers(AnalysisStatus("paused", Progress(1, 4))) == "1 of 4 · paused"
    assert analysis_numbers(AnalysisStatus("waiting", error="No room.")) == "No room."


def test_what_failed_counts_as_done() -> None:
    assert analysis_share(AnalysisStatus("running", Progress(18, 40, 2))) == 0.5
    assert analysis_share(AnalysisStatus()) == 0.0


def test_end_with_failures_says_how_many() -> None:
    words = analysed_but_failed(AnalysisStatus("idle", Progress(18, 21, 3)))
    assert words == "18 of 21 songs analysed; 3 files could not be decoded"


def test_numbers_of_a_scan() -> None:
    assert scan_numbers(ScanStatus(True, 1, 5_310)) == "1 new song · 5,310 files looked at"
