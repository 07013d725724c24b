"""What embedding a song of five minutes costs in each format, beside decoding all of it.

``MECOMP_DESKTOP_MUSIC`` names a folder of real music to make the song of; otherwise it is made.
"""

# ruff: noqa: T201  (a benchmark prints what it measured)

import os
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY, embed_track
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.audio.decode import decode_mono
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.paths import resource
from tests.support.audio_files import FORMATS, music, write_audio
from trainer.evaluation.embedding_cost import cpu_ms

pytestmark = pytest.mark.benchmark

SONG_S = 300.0
# The most that the whole of it may cost on one core of the machine that the limits were set on.
LIMITS_MS = {"flac": 100, "mp3": 100, "aac": 100, "vorbis": 150, "opus": 150}
ROUNDS = 5


def song(sample_rate_hz: int) -> np.ndarray:
    """Five minutes of stereo."""
    folder = os.environ.get("MECOMP_DESKTOP_MUSIC")
    wanted = round(SONG_S * sample_rate_hz)
    if not folder:
        return music(SONG_S, sample_rate_hz)
    parts: list[np.ndarray] = []
    for path in sorted(Path(folder).rglob("*.*")):
        if path.suffix in {".flac", ".mp3", ".ogg", ".opus", ".m4a", ".wav"}:
            parts.append(decode_mono(path, sample_rate_hz))
        if sum(map(len, parts)) >= wanted:
            break
    mono = np.concatenate(parts)[:wanted]
    late = np.concatenate([np.zeros(500, np.float32), mono[:-500]])
    return np.clip(np.stack([mono, 0.6 * mono + 0.35 * late], axis=1), -1, 1).astype(np.float32)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("songs")
    songs = {rate: song(rate) for rate in (44_100, 48_000)}
    found = {}
    for kind in LIMITS_MS:
        form = FORMATS[kind]
        path = folder / f"song{form.suffix}"
        rate = form.sample_rate_hz
        found[kind] = write_audio(path, songs[rate], rate, form.codec)
    return found


@pytest.mark.timeout(600)
def test_a_song_costs_a_fraction_of_decoding_it(files: dict[str, Path]) -> None:
    model = load_model(resource(BUNDLED_MODEL))
    rate_hz = model.info.sample_rate_hz
    print(f"\n{DEFAULT_POLICY.name}, {model.info.name}; ms of one core for {SONG_S:g} s of stereo:")
    for kind, path in files.items():
        excerpt = embed_track(path, rate_hz)
        excerpt_ms = cpu_ms(lambda path=path: embed_track(path, rate_hz), ROUNDS)
        embedding = cpu_ms(lambda excerpt=excerpt: model.embed(excerpt[np.newaxis]), ROUNDS)
        decoding = cpu_ms(lambda path=path: decode_mono(path, rate_hz), 2)
        total = excerpt_ms + embedding
        print(
            f"{kind:7} excerpt {excerpt_ms:5.1f} + model {embedding:4.1f} = {total:5.1f} ms"
            f" (limit {LIMITS_MS[kind]}), {total / decoding:.3f} of decoding it all"
        )
        assert len(excerpt) == pytest.approx(DEFAULT_POLICY.total_s * rate_hz, abs=30)
        assert total < decoding
