from pathlib import Path

import numpy as np
import psutil
import pytest

from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.errors import ModelFileError
from mecomp_desktop.paths import resource
from tests.support.models import BREAKS, DIMENSION, RATE_HZ, WIDTH, make_model


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make_model(tmp_path / "model.onnx")


def test_reads_what_the_file_says_of_itself(tmp_path: Path) -> None:
    path = make_model(tmp_path / "m.onnx", rate_hz=16_000, metadata={"recipe": "by hand"})
    info = load_model(path).info
    assert (info.dimension, info.pooled_width) == (DIMENSION, WIDTH)
    assert (info.name, info.sample_rate_hz) == ("test", 16_000)
    assert (info.body_hash, info.head_hash) == ("body-1", "head-1")
    assert info.metadata["recipe"] == "by hand"


def test_embeds_a_batch_as_it_does_one_by_one(file: Path) -> None:
    model = load_model(file)
    audio = np.random.default_rng(1).uniform(-1, 1, (3, 2 * RATE_HZ)).astype(np.float32)
    embedding, pooled = model.embed(audio)
    assert embedding.shape == (3, DIMENSION)
    assert pooled.shape == (3, WIDTH)
    alone = np.concatenate([model.embed(excerpt[None])[0] for excerpt in audio])
    np.testing.assert_allclose(embedding, alone, atol=1e-6)
    assert np.abs(embedding[0] - embedding[1]).max() > 1e-4


@pytest.mark.parametrize("how", BREAKS)
def test_refuses_a_model_that_breaks_the_contract(tmp_path: Path, how: str) -> None:
    path = make_model(tmp_path / "broken.onnx", break_by=how)
    with pytest.raises(ModelFileError) as raised:
        load_model(path)
    assert BREAKS[how] in str(raised.value)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"name": ""}, "'name'"),
        ({"body_hash": ""}, "'body_hash'"),
        ({"head_hash": ""}, "'head_hash'"),
        ({"sample_rate_hz": ""}, "'sample_rate_hz'"),
        ({"sample_rate_hz": "fast"}, "'fast'"),
        ({"sample_rate_hz": "12"}, "'12'"),
    ],
)
def test_refuses_metadata_that_do_not_say_enough(
    tmp_path: Path, metadata: dict[str, str], words: str
) -> None:
    path = make_model(tmp_path / "mute.onnx", metadata=metadata)
    with pytest.raises(ModelFileError, match=words):
        load_model(path)


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="there is no model file"):
        load_model(tmp_path / "nowhere.onnx")


def test_refuses_a_cut_off_file(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelFileError, match="cannot be opened"):
        load_model(file)


def test_the_memory_for_a_long_track_is_given_back() -> None:
    model = load_model(resource(BUNDLED_MODEL))
    rate_hz = model.info.sample_rate_hz
    noise = np.random.default_rng(2).uniform(-0.1, 0.1, (1, 150 * rate_hz)).astype(np.float32)
    model.embed(noise[:, : 30 * rate_hz])
    before = psutil.Process().memory_info().rss
    model.embed(noise)
    grown = psutil.Process().memory_info().rss - before
    assert grown < 100 << 20, f"{grown >> 20} MiB kept"
