from mecomp_desktop.analysis.service import AnalysisStatus
from mecomp_desktop.domain.progress import Progress
from mecomp_desktop.library.service import ScanStatus
from mecomp_desktop.ui.player.progress_text import (
    analysed_but_failed,
    analysis_numbers,
    analysis_share,
    scan_numbers,
)


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
