import numpy as np
import pytest

from mecomp_desktop.analysis.model import Model, load_model
from mecomp_desktop.analysis.worker_main import INAUDIBLE, flushed
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.paths import resource

_LENGTH_S = 10


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(resource(BUNDLED_MODEL))


@pytest.fixture
def noise(model: Model) -> Floats:
    rng = np.random.default_rng(0)
    return (0.1 * rng.standard_normal(_LENGTH_S * model.info.sample_rate_hz)).astype(np.float32)


def _embed(model: Model, audio: Floats) -> Floats:
    return model.embed(audio[np.newaxis])[0]


def test_music_keeps_its_vector_to_the_last_bit(model: Model, noise: Floats) -> None:
    before = _embed(model, noise)
    np.testing.assert_array_equal(_embed(model, flushed(noise.copy())), before)


def test_a_fade_to_the_last_bit_of_24_keeps_its_vector(model: Model, noise: Floats) -> None:
    faded = (noise * np.logspace(0, -7, len(noise))).astype(np.float32)
    before = _embed(model, faded)
    np.testing.assert_allclose(_embed(model, flushed(faded.copy())), before, atol=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_what_no_one_hears_is_silence(sign: int) -> None:
    audio = np.float32(sign) * np.float32([0.5, 1e-7, 2e-10, 5e-11, 1e-20, 1e-39, 0.0])
    kept = np.abs(audio) >= INAUDIBLE
    assert kept.tolist() == [True, True, True, False, False, False, False]
    np.testing.assert_array_equal(flushed(audio.copy()), np.where(kept, audio, 0))
