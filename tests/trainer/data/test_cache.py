import multiprocessing
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mecomp_desktop.errors import Reason, UnreadableFile
from tests.trainer.music import RATE_HZ, tone
from trainer.data.cache import AudioCache


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.wav"
    soundfile.write(path, tone("Pulse", 1, 2.0), RATE_HZ)
    return path


def test_second_reading_is_mapped_and_equal(clip: Path, tmp_path: Path) -> None:
    cache = AudioCache(tmp_path / "cache", RATE_HZ)
    first = np.array(cache.samples(clip))
    second = cache.samples(clip)
    assert isinstance(second, np.memmap)
    assert np.array_equal(first, second)
    assert np.abs(cache.excerpt(clip, 0.0, 2.0) - tone("Pulse", 1, 2.0)).max() < 1e-4


def test_excerpt_past_the_end_is_filled_with_zeros(clip: Path, tmp_path: Path) -> None:
    audio = AudioCache(tmp_path / "cache", RATE_HZ).excerpt(clip, 1.5, 1.0)
    assert len(audio) == RATE_HZ
    assert audio[: RATE_HZ // 2].any()
    assert not audio[RATE_HZ // 2 :].any()


def test_a_changed_file_is_decoded_again(clip: Path, tmp_path: Path) -> None:
    cache = AudioCache(tmp_path / "cache", RATE_HZ)
    before = np.array(cache.samples(clip))
    soundfile.write(clip, tone("Drone", 2, 1.5), RATE_HZ)
    assert len(cache.samples(clip)) != len(before)


def test_a_damaged_entry_is_decoded_again(clip: Path, tmp_path: Path) -> None:
    cache = AudioCache(tmp_path / "cache", RATE_HZ)
    whole = np.array(cache.samples(clip))
    (entry,) = (tmp_path / "cache").iterdir()
    entry.write_bytes(entry.read_bytes()[:1_000])
    assert np.array_equal(cache.samples(clip), whole)


def test_stays_within_its_bound(clip: Path, tmp_path: Path) -> None:
    bound = 5 * 2 * 2 * RATE_HZ
    cache = AudioCache(tmp_path / "cache", RATE_HZ, max_bytes=bound)
    for number in range(12):
        cache.samples(shutil.copy(clip, tmp_path / f"copy {number}.wav"))
        assert sum(file.stat().st_size for file in (tmp_path / "cache").iterdir()) < bound * 1.01
    assert len(list((tmp_path / "cache").iterdir())) >= 3


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        (b"", {Reason.EMPTY, Reason.NOT_AUDIO}),
        (b"no music at all" * 100, {Reason.NOT_AUDIO, Reason.DAMAGED}),
    ],
)
def test_broken_audio_is_an_error_not_silence(
    content: bytes, reasons: set[Reason], tmp_path: Path
) -> None:
    path = tmp_path / "broken.mp3"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        AudioCache(tmp_path / "cache", RATE_HZ).samples(path)
    assert caught.value.reason in reasons


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        AudioCache(tmp_path / "cache", RATE_HZ).samples(tmp_path / "gone.wav")
    assert caught.value.reason is Reason.MISSING


def _read_all(folder: Path, clips: list[Path]) -> int:
    cache = AudioCache(folder, RATE_HZ, max_bytes=10 * 2 * 2 * RATE_HZ)
    return sum(int(np.abs(cache.samples(clip)).max() > 0) for _ in range(3) for clip in clips)


@pytest.mark.slow
def test_processes_share_a_cache(clip: Path, tmp_path: Path) -> None:
    clips = [Path(shutil.copy(clip, tmp_path / f"copy {n}.wav")) for n in range(20)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        read = pool.starmap(_read_all, [(tmp_path / "cache", clips)] * 2)
        pool.close()
        pool.join()
    assert read == [60, 60]
