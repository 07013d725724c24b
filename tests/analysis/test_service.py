import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.analysis.service import ListeningService, usable_cores, workers_for
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.library.scanner import Scanner
from mecomp_desktop.paths import Paths, resource
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from tests.support.audio_files import make_audio
from tests.support.players import wait_for

COUNT = 6


@pytest.fixture
def database(paths: Paths, tmp_path: Path) -> Iterator[Database]:
    for number in range(COUNT):
        make_audio(tmp_path / "music" / f"{number}.flac", 2.0, seed=number, sample_rate_hz=22_050)
    made = Database(paths.database)
    Roots(made).add(tmp_path / "music")
    Scanner(made).run()
    yield made
    made.close()


@pytest.fixture
def listening(database: Database) -> Iterator[ListeningService]:
    made = ListeningService(database, resource(BUNDLED_MODEL), workers=1)
    yield made
    made.close()


def test_hears_everything_and_tells(listening: ListeningService) -> None:
    heard: list[AudioId] = []
    listening.heard.connect(heard.extend)
    assert listening.status().state == "idle"
    listening.start()
    assert listening.wait_idle(60)
    assert len(set(heard)) == len(heard) == COUNT
    status = listening.status()
    assert (status.state, status.error) == ("idle", "")
    assert (status.progress.done, status.progress.total) == (COUNT, COUNT)


def test_pause_holds_it_back_and_resume_goes_on(listening: ListeningService) -> None:
    heard: list[AudioId] = []
    listening.heard.connect(heard.extend)
    listening.pause()
    listening.start()
    wait_for(lambda: listening.status().state == "paused")
    time.sleep(0.3)
    assert heard == []
    listening.resume()
    assert listening.wait_idle(60)
    assert len(heard) == COUNT


def test_cancel_ends_it_and_start_goes_on(listening: ListeningService) -> None:
    listening.start()
    listening.cancel()
    assert listening.wait_idle(30)
    assert listening.status().state == "idle"
    listening.start()
    assert listening.wait_idle(60)
    assert listening.status().progress.done == COUNT


def test_another_number_of_workers_goes_on_where_it_was(listening: ListeningService) -> None:
    heard: list[AudioId] = []
    listening.heard.connect(heard.extend)
    listening.start()
    wait_for(lambda: listening.status().state == "running")
    listening.set_workers(2)
    assert listening.wait_idle(60)
    assert len(set(heard)) == COUNT


def test_a_model_that_cannot_be_used_is_told(database: Database, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(b"no model")
    listening = ListeningService(database, model)
    listening.start()
    assert listening.wait_idle(30)
    status = listening.status()
    assert status.state == "waiting"
    assert str(model) in status.error
    listening.close()


def test_closing_while_it_listens_is_quick(listening: ListeningService) -> None:
    listening.start()
    wait_for(lambda: listening.status().state == "running")
    began = time.monotonic()
    listening.close()
    listening.close()
    listening.start()
    assert time.monotonic() - began < 4


def test_the_program_leaves_cores_to_others() -> None:
    assert workers_for(3) == 3
    assert 1 <= workers_for(0) <= max(1, usable_cores() // 2)
