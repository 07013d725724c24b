from pathlib import Path

import numpy as np
import pytest
import soundfile

from mecomp_desktop.analysis.excerpts import Excerpts, Policy, WholeTrack, embed_track
from tests.support.models import make_model
from tests.trainer.music import GENRES, RATE_HZ, tone
from trainer.config import ModelConfig
from trainer.evaluation.track_embedding import (
    mfcc_embedder,
    network_embedder,
    onnx_embedder,
    take_excerpts,
)
from trainer.models import build_model


@pytest.mark.parametrize(
    "policy", [Excerpts(3, 1.5), Excerpts(2, 4.0), Excerpts(1, 0.5), WholeTrack(2.5), WholeTrack()]
)
def test_picks_the_excerpts_of_the_app(tmp_path: Path, policy: Policy) -> None:
    audio = tone("Pulse", 1, 7.3)
    soundfile.write(tmp_path / "a.wav", audio, RATE_HZ, subtype="FLOAT")
    np.testing.assert_array_equal(
        take_excerpts(audio, RATE_HZ, policy), embed_track(tmp_path / "a.wav", RATE_HZ, policy)
    )


def test_a_network_and_a_file_embed_one_recording(tmp_path: Path) -> None:
    audio = tone("Bells", 0, 2.0)
    for embed in (
        onnx_embedder(make_model(tmp_path / "m.onnx")),
        network_embedder(build_model(ModelConfig())),
    ):
        vector = embed(audio)
        assert vector.shape == (32,)
        assert vector.dtype == np.float64
        np.testing.assert_array_equal(embed(audio), vector)


def test_the_mfcc_baseline_is_standardised_over_its_library() -> None:
    library = [tone(genre, seed, 2.0) for genre in GENRES for seed in range(3)]
    embed = mfcc_embedder(library, RATE_HZ)
    vectors = np.stack([embed(audio) for audio in library])
    assert vectors.shape == (12, 40)
    np.testing.assert_allclose(vectors.mean(0), 0, atol=1e-9)
    np.testing.assert_allclose(vectors.std(0), 1, atol=1e-9)
