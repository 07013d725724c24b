"""What would be heard, sample by sample, without a sound card."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr

from mecomp_desktop.audio.decode import open_audio
from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.engine import OutputDevice, Playable
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.audio.null_output import NullOutputs
from mecomp_desktop.audio.output import Fill, Output
from mecomp_desktop.audio.player_engine import SoundEngine
from mecomp_desktop.errors import BrokenEnvironment
from tests.audio.conftest import Notes
from tests.support.audio_files import FORMATS, make_audio, music, write_audio
from tests.support.pulse import wait_for

# Faster, and a busy machine decodes too late now and then: silence is heard where sound should be.
SPEED = 2.0


class Ear:
    """Keeps what an engine lets be heard."""

    def __init__(self) -> None:
        self.blocks: list[Samples] = []

    def __call__(self, block: Samples) -> None:
        self.blocks.append(block)

    def sound(self) -> Samples:
        samples = np.concatenate(self.blocks)
        loud = np.flatnonzero(np.any(samples != 0, axis=1))
        return samples[loud[0] : loud[-1] + 1]


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def engine(ear: Ear) -> Iterator[NullEngine]:
    engine = NullEngine(SPEED, ear)
    yield engine
    engine.close()


@pytest.fixture
def notes(engine: NullEngine) -> Notes:
    found = Notes()
    found.listen_to(engine)
    return found


def trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.any(samples != 0, axis=1))
    return samples[loud[0] : loud[-1] + 1]


def cut(folder: Path, samples: Samples, rate_hz: int, places: list[int]) -> list[Path]:
    edges = [0, *places, len(samples)]
    return [
        write_audio(folder / f"{n}.flac", samples[start:end], rate_hz, "FLAC/PCM_16")
        for n, (start, end) in enumerate(pairwise(edges))
    ]


def play_through(engine: NullEngine, notes: Notes, files: list[Path]) -> None:
    def follow(token: int) -> None:
        engine.set_next(Playable(token + 1, files[token + 1]) if token + 1 < len(files) else None)

    engine.track_started.connect(follow)
    engine.start(Playable(0, files[0]))
    wait_for(lambda: ("finished", len(files) - 1) in notes.events, 20.0)


def test_many_short_files_join_without_a_seam(
    engine: NullEngine, ear: Ear, notes: Notes, tmp_path: Path
) -> None:
    samples = music(6.0, seed=3)
    files = cut(tmp_path, samples, 44_100, [40_001, 99_999, 160_700, 200_000])
    play_through(engine, notes, files)
    np.testing.assert_array_equal(ear.sound(), trimmed(samples))


def test_resampled_files_join_as_if_they_were_one(ear: Ear, notes: Notes, tmp_path: Path) -> None:
    samples = music(9.0, 22_050, seed=4)
    files = cut(tmp_path, samples, 22_050, [66_001, 132_007])

    class FixedRate(NullOutputs):
        def rate_for(self, device_id: str | None, file_rate_hz: int) -> int:
            return 48_000

    engine = SoundEngine(FixedRate(SPEED, ear))
    notes.listen_to(engine)
    play_through(engine, notes, files)
    engine.close()
    wanted = soxr.resample(samples, 22_050, 48_000)
    found = np.concatenate(ear.blocks)
    begin = int(np.flatnonzero(np.any(found != 0, axis=1))[0])
    first = int(np.flatnonzero(np.any(wanted != 0, axis=1))[0])
    np.testing.assert_allclose(found[begin - first :][: len(wanted)], wanted, atol=1e-5)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_join_after_every_format_is_exact(
    engine: NullEngine, ear: Ear, notes: Notes, tmp_path: Path, kind: str
) -> None:
    form = FORMATS[kind]
    first = make_audio(tmp_path / f"a{form.suffix}", 1.0, kind=kind, seed=1)
    second = make_audio(tmp_path / f"b{form.suffix}", 1.0, kind=kind, seed=2)
    play_through(engine, notes, [first, second])
    with open_audio(first) as first_source, open_audio(second) as second_source:
        wanted = np.concatenate([first_source.read(100_000), second_source.read(100_000)])
    np.testing.assert_allclose(ear.sound(), trimmed(wanted), atol=2e-6)


def test_a_replaced_successor_leaves_no_trace(
    engine: NullEngine, ear: Ear, notes: Notes, tmp_path: Path
) -> None:
    pieces = [music(3.0, seed=n) for n in range(3)]
    files = [
        write_audio(tmp_path / f"{n}.flac", piece, 44_100, "FLAC/PCM_16")
        for n, piece in enumerate(pieces)
    ]
    engine.start(Playable(0, files[0]))
    engine.set_next(Playable(1, files[1]))
    wait_for(lambda: engine.status().position_s > 1.5)  # by now the ring holds the wrong one
    engine.set_next(Playable(2, files[2]))
    wait_for(lambda: ("finished", 2) in notes.events)
    np.testing.assert_array_equal(ear.sound(), trimmed(np.concatenate([pieces[0], pieces[2]])))


class NoCards(NullOutputs):
    """A computer without a sound device."""

    def devices(self) -> list[OutputDevice]:
        return []

    def rate_for(self, device_id: str | None, file_rate_hz: int) -> int:
        raise BrokenEnvironment("There is no sound device.")

    def open(self, device_id: str | None, rate_hz: int, fill: Fill) -> Output:
        raise BrokenEnvironment("There is no sound device.")


def test_without_a_device_it_plays_in_silence_and_says_so(tmp_path: Path) -> None:
    engine = SoundEngine(NoCards())
    notes = Notes()
    notes.listen_to(engine)
    engine.start(Playable(1, make_audio(tmp_path / "a.flac", 0.5)))
    wait_for(lambda: ("finished", 1) in notes.events)
    assert engine.status().device_error == "There is no sound device."
    assert engine.devices() == []
    engine.close()


def test_every_computer_gets_an_engine(tmp_path: Path) -> None:
    engine = SoundEngine(device_id="ALSA/a card that was sold")
    notes = Notes()
    notes.listen_to(engine)
    engine.start(Playable(1, make_audio(tmp_path / "a.flac", 0.3)))
    wait_for(lambda: ("finished", 1) in notes.events)
    assert engine.status().device_error
    engine.close()
