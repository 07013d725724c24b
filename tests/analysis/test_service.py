import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mecomp_desktop.analysis.effort import Effort
from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.scanner import Scanner
from mecomp_desktop.paths import Paths, resource
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from tests.analysis.indexers import collect_embedded
from tests.support.audio_files import make_audio
from tests.support.players import wait_for

COUNT = 6


@pytest.fixture
def database(paths: Paths, tmp_path: Path) -> Iterator[Database]:
    for number in range(COUNT):
        make_audio(tmp_path / "music" / f"{number}.flac", 2.0, seed=number, sample_rate_hz=22_050)
    made = Database(paths.database)
    Roots(made).add(tmp_path / "music")
    inspector = Inspector(workers=1)
    Scanner(made, inspector).run()
    inspector.close()
    yield made
    made.close()


@pytest.fixture
def analysis(database: Database) -> Iterator[AnalysisService]:
    made = AnalysisService(database, resource(BUNDLED_MODEL), workers=1)
    yield made
    made.close()


def test_analyses_everything_and_emits_events(analysis: AnalysisService) -> None:
    embedded = collect_embedded(analysis)
    assert analysis.status().state == "idle"
    analysis.start()
    assert analysis.wait_idle(60)
    assert len(set(embedded)) == len(embedded) == COUNT
    status = analysis.status()
    assert (status.state, status.error) == ("idle", "")
    assert (status.progress.done, status.progress.total) == (COUNT, COUNT)


def test_pause_holds_it_back_and_resume_goes_on(analysis: AnalysisService) -> None:
    embedded = collect_embedded(analysis)
    analysis.pause()
    analysis.start()
    wait_for(lambda: analysis.status().state == "paused")
    time.sleep(0.3)
    assert embedded == []
    analysis.resume()
    assert analysis.wait_idle(60)
    assert len(embedded) == COUNT


def test_cancel_ends_it_and_start_goes_on(analysis: AnalysisService) -> None:
    analysis.start()
    analysis.cancel()
    assert analysis.wait_idle(30)
    assert analysis.status().state == "idle"
    analysis.start()
    assert analysis.wait_idle(60)
    assert analysis.status().progress.done == COUNT


def test_another_number_of_workers_goes_on_where_it_was(analysis: AnalysisService) -> None:
    embedded = collect_embedded(analysis)
    analysis.start()
    wait_for(lambda: analysis.status().state == "running")
    analysis.set_workers(2)
    assert analysis.wait_idle(60)
    assert len(set(embedded)) == COUNT


def test_a_model_that_cannot_be_used_is_reported(database: Database, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(b"no model")
    analysis = AnalysisService(database, model)
    analysis.start()
    assert analysis.wait_idle(30)
    status = analysis.status()
    assert status.state == "waiting"
    assert str(model) in status.error
    analysis.close()


def test_closing_during_analysis_is_quick(analysis: AnalysisService) -> None:
    analysis.start()
    wait_for(lambda: analysis.status().state == "running")
    began = time.monotonic()
    analysis.close()
    analysis.close()
    analysis.start()
    assert time.monotonic() - began < 4


def nices() -> set[int]:
    found = set()
    for child in psutil.Process().children():
        try:
            if any("analysis.worker" in word for word in child.cmdline()):
                found.add(child.nice())
        except psutil.Error:
            continue
    return found


def nices_while_it_embeds(analysis: AnalysisService) -> set[int]:
    """Return a set that fills with the niceness of the processes, looked at while there are any."""
    seen: set[int] = set()
    analysis.embedded.connect(lambda _ids: seen.update(nices()))
    return seen


def at_least_ours(nice: int) -> int:
    """Return what a process that wants this niceness gets: not less than who started it."""
    return max(nice, psutil.Process().nice())


@pytest.mark.worker_priority
@pytest.mark.parametrize(("effort", "nice"), [(Effort.GENTLE, 19), (Effort.FULL, 2)])
def test_another_effort_goes_on_with_other_processes(
    analysis: AnalysisService, effort: Effort, nice: int
) -> None:
    analysis.pause()
    analysis.start()
    wait_for(lambda: analysis.status().state == "paused")
    analysis.set_effort(effort)
    assert analysis.settle(30)
    assert analysis.status().state == "paused"
    seen = nices_while_it_embeds(analysis)
    analysis.resume()
    assert analysis.wait_idle(60)
    assert seen == {at_least_ours(nice)}
    assert analysis.status().progress.done == COUNT


@pytest.mark.worker_priority
def test_an_idle_window_lends_its_time(
    analysis: AnalysisService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mecomp_desktop.analysis.effort.on_mains", lambda: True)
    analysis.set_window_idle(True)
    assert analysis.settle(30)
    seen = nices_while_it_embeds(analysis)
    analysis.start()
    assert analysis.wait_idle(60)
    assert seen == {at_least_ours(2)}
