from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.decode import decode_mono
from mecomp_desktop.audio.loudness import SILENT_LUFS, loudness_lufs
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.quiz.clips import CLIP_S, TARGET_LUFS, choose_clip, matching_gain
from tests.support.audio_files import make_bad_files, write_audio

RATE_HZ = 22_050


def tone(seconds: float, level: float, hertz: float = 1000, rate_hz: int = 48_000) -> np.ndarray:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (level * np.sin(2 * np.pi * hertz * time_s)).astype(np.float32)


def song(parts: list[tuple[float, float]], seed: int = 0) -> np.ndarray:
    """Noise in parts of (seconds, level)."""
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [level * rng.uniform(-1, 1, round(seconds * RATE_HZ)) for seconds, level in parts]
    ).astype(np.float32)


def test_a_full_scale_tone_is_as_loud_as_the_standard_says() -> None:
    # ITU-R BS.1770-4: a 0 dBFS sine of 997 Hz in one channel is at -3.01 LKFS.
    assert loudness_lufs(tone(3, 1.0, 997), 48_000) == pytest.approx(-3.01, abs=0.1)
    assert loudness_lufs(tone(3, 0.1, 997), 48_000) == pytest.approx(-23.01, abs=0.1)


def test_bass_counts_less_than_treble() -> None:
    low, high = (loudness_lufs(tone(2, 0.5, hertz), 48_000) for hertz in (40, 4000))
    assert high - low > 5


def test_silence_between_does_not_count() -> None:
    loud = tone(4, 0.5)
    gaps = np.concatenate([loud, np.zeros(480_000, np.float32), loud])
    assert loudness_lufs(gaps, 48_000) == pytest.approx(loudness_lufs(loud, 48_000), abs=0.3)
    assert loudness_lufs(np.zeros(48_000, np.float32), 48_000) == SILENT_LUFS


@pytest.mark.parametrize("level", [0.05, 0.3, 1.0])
def test_all_clips_are_equally_loud(tmp_path: Path, level: float) -> None:
    path = write_audio(tmp_path / "song.flac", song([(20, level)])[:, None], RATE_HZ, "flac")
    clip = choose_clip(path)
    played = clip.gain * decode_mono(path, RATE_HZ, clip.start_s, clip.length_s)
    assert loudness_lufs(played, RATE_HZ) == pytest.approx(TARGET_LUFS, abs=0.5)


def test_no_gain_makes_a_clip_distort() -> None:
    samples = np.full(RATE_HZ, 1e-3, np.float32) * np.sin(np.arange(RATE_HZ)).astype(np.float32)
    samples[100] = 0.5
    assert matching_gain(samples, RATE_HZ) * np.abs(samples).max() <= 1


def test_clip_is_where_the_song_is_strong(tmp_path: Path) -> None:
    parts = [(25.0, 0.02), (30.0, 0.6), (20.0, 0.02)]
    path = write_audio(tmp_path / "song.flac", song(parts)[:, None], RATE_HZ, "flac")
    clip = choose_clip(path)
    assert 24 <= clip.start_s <= 44
    assert clip.length_s == pytest.approx(CLIP_S, abs=0.01)
    assert len(clip.envelope) == 120
    assert max(clip.envelope) == pytest.approx(1)


def test_a_short_song_is_played_whole(tmp_path: Path) -> None:
    path = write_audio(tmp_path / "song.flac", song([(5, 0.3)])[:, None], RATE_HZ, "flac")
    clip = choose_clip(path)
    assert clip.start_s == 0
    assert clip.length_s == pytest.approx(5, abs=0.05)


def test_bad_files_are_reported(tmp_path: Path) -> None:
    for kind, path in make_bad_files(tmp_path).items():
        if kind in ("one sample", "no permission"):
            continue
        with pytest.raises(UnreadableFile):
            choose_clip(path)
