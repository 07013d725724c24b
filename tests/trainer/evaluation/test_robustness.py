"""The measure of robustness tells an embedder that has it from one that lacks one part of it."""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mecomp_desktop.analysis.excerpts import Excerpts
from tests.trainer.music import RATE_HZ, tone
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.evaluation.edge_cases import is_unit
from trainer.evaluation.perturbations import CHANGES
from trainer.evaluation.robustness import (
    Robustness,
    after_changes,
    after_odd_sounds,
    measure_robustness,
    other_half,
    without_copies,
)

PIECES = [(genre, seed) for genre in ("Bells", "Drone", "Pulse") for seed in (0, 1)]
FEW = {name: CHANGES[name] for name in ("resampled to 48 kHz", "6 dB louder")}
POLICY = Excerpts(3, 2.0)


def spectrum_embedder(audio: np.ndarray) -> np.ndarray:
    """The shape of the mean spectrum in 24 bands: stands gain and codecs, knows its own half."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, 2_048)[::1_024]
    power = (np.abs(np.fft.rfft(frames * np.hanning(2_048), axis=1)) ** 2).mean(0)
    edges = np.unique(np.geomspace(2, 700, 25).astype(int))
    bands = np.log(np.add.reduceat(power, edges)[:-1] + 1e-5 * power.sum() + 1e-20)
    bands -= bands.mean()
    return np.asarray(bands / max(np.linalg.norm(bands), 1e-9))


def random_embedder(audio: np.ndarray) -> np.ndarray:
    vector = np.random.default_rng(zlib.crc32(audio.tobytes())).standard_normal(32)
    return np.asarray(vector / np.linalg.norm(vector))


def loudness_embedder(audio: np.ndarray) -> np.ndarray:
    level = np.sqrt(np.mean(np.asarray(audio, np.float64) ** 2))
    return np.array([np.cos(level), np.sin(level)])


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    folder = tmp_path_factory.mktemp("songs")
    found = []
    for genre, seed in PIECES:
        path = folder / f"{genre} {seed}.wav"
        soundfile.write(path, tone(genre, seed, 8.0), RATE_HZ)
        found.append(Clip(path.stem, path, artist=path.stem, genre=genre))
    return found


@pytest.fixture(scope="module")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> AudioCache:
    return AudioCache(tmp_path_factory.mktemp("decoded"), RATE_HZ)


@pytest.fixture(scope="module")
def measured(clips: Sequence[Clip], decoded: AudioCache) -> Robustness:
    return measure_robustness(spectrum_embedder, clips, decoded, POLICY, library=clips[:2])


@pytest.mark.nightly
@pytest.mark.slow
def test_measures_everything(measured: Robustness) -> None:
    assert (measured.tracks, measured.library, measured.policy) == (6, 6, "excerpts-3x2s")
    assert measured.other_half == 1.0
    assert set(measured.kept.values()) == {1.0}
    assert all(0 <= way < 1 for way in measured.moved.values())
    assert measured.moved["6 dB louder"] < 1e-3
    assert 0.1 < measured.median_distance < 2.0
    lines = measured.lines()
    assert lines[0] == "| 6 tracks by unseen artists, excerpts-3x2s | |"
    assert "| nearest is the track's own other half | 100.0% |" in lines


def test_silence_has_no_direction_and_is_reported(measured: Robustness) -> None:
    assert not measured.odd_sounds["silence"]
    assert measured.odd_sounds["white noise"]
    assert measured.odd_sounds["three hours"]
    assert "silence: no finite unit vector" in measured.failures()


def test_random_vectors_are_found_out(clips: Sequence[Clip], decoded: AudioCache) -> None:
    recordings = [decoded.excerpt(clip.path, 0.0, 8.0) for clip in clips]
    assert other_half(random_embedder, recordings, RATE_HZ, POLICY) < 0.7
    kept, _ = after_changes(random_embedder, [c.path for c in clips], RATE_HZ, POLICY, FEW)
    assert max(kept.values()) < 0.7


def test_an_ear_for_loudness_is_found_out(clips: Sequence[Clip]) -> None:
    kept, moved = after_changes(loudness_embedder, [c.path for c in clips], RATE_HZ, POLICY, FEW)
    assert kept["6 dB louder"] < 0.5 < kept["resampled to 48 kHz"]
    assert moved["6 dB louder"] > 1.0


def test_a_second_copy_of_a_recording_is_no_other_track() -> None:
    titles = ["Give Me Love", "Karma Dogs:", "Give me love", "", "", "Karma Dogs (live)"]
    clips = [Clip(str(n), Path(f"{n}.opus"), "One", title=title) for n, title in enumerate(titles)]
    clips.append(Clip("6", Path("6.opus"), "Another", title="Give Me Love"))
    assert [clip.key for clip in without_copies(clips)] == ["0", "1", "3", "4", "5", "6"]


@pytest.mark.slow
def test_what_is_not_finite_or_not_a_unit_is_found_out() -> None:
    assert is_unit(np.array([0.6, 0.8]))
    assert not is_unit(np.array([0.6, 0.7]))
    assert not is_unit(np.array([np.nan, 1.0]))
    found = after_odd_sounds(
        lambda audio: np.array([1.0 / max(float(np.abs(audio).max()), 1e-30)]),
        np.full(RATE_HZ, 0.5, np.float32),
        RATE_HZ,
        POLICY,
    )
    assert found["one sample that is not silent"]
    assert not found["one second"]


def test_the_targets_are_those_of_the_issue(measured: Robustness) -> None:
    fields = measured.to_dict() | {"hubs": measured.hubs, "odd_sounds": {"silence": True}}
    good = fields | {"median_distance": 1.0, "hubs": _with_most(measured, 0.049)}
    assert Robustness(**good).failures() == []
    short: list[dict[str, object]] = [
        {"other_half": 0.94},
        {"kept": {"MP3, 96 kbit/s": 0.98}},
        {"median_distance": 0.79},
        {"median_distance": 1.41},
        {"hubs": _with_most(measured, 0.05)},
        {"odd_sounds": {"silence": False}},
    ]
    for change in short:
        assert len(Robustness(**(good | change)).failures()) == 1, change
    harsh = good | {"kept": {"MP3, 48 kbit/s": 0.5}}
    assert Robustness(**harsh).failures() == []


def _with_most(measured: Robustness, most: float) -> object:
    kind = type(measured.hubs)
    return kind(tracks=100, most=most, evenly=0.01, never=0.0, skewness=0.0)
