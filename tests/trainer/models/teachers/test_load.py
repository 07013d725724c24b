from pathlib import Path

import numpy as np
import pytest
import torch

from mecomp_desktop.arrays import Floats
from tests.trainer.models.teachers.arrays import tensorflow_arrays, write_teachers
from trainer.errors import DataError
from trainer.models.teachers.load import TEACHERS, from_tensorflow, load_teacher

PUBLISHED = Path(__file__).parents[5] / "shared/data/teachers"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_teachers(tmp_path_factory.mktemp("teachers"))


@pytest.mark.parametrize("name", TEACHERS)
def test_reads_its_arrays_and_answers(folder: Path, name: str) -> None:
    teacher = load_teacher(folder, name)
    assert not teacher.training
    audio = torch.randn(2, teacher.piece_samples) * 0.1
    with torch.inference_mode():
        output = teacher(audio)
    assert output.logits.shape == (2, 50)
    assert output.embedding.shape == (2, teacher.dimension)
    assert torch.isfinite(output.logits).all()


@pytest.mark.parametrize("name", TEACHERS)
@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published arrays are not at hand")
def test_agrees_with_the_published_networks(name: str) -> None:
    check = np.load(PUBLISHED / "check.npz")
    teacher = load_teacher(PUBLISHED, name)
    with torch.inference_mode():
        output = teacher(torch.from_numpy(check["audio"])[None, : teacher.piece_samples])
    assert np.abs(output.logits.sigmoid()[0].numpy() - check[f"{name}.tags"]).max() < 1e-4
    assert np.abs(output.embedding[0].numpy() - check[f"{name}.embedding"]).max() < 1e-4


def naive_convolution(mel: Floats, kernel: Floats, bias: Floats) -> Floats:
    """TensorFlow's convolution over ``[time, width]``: kernel ``[height, width, 1, out]``."""
    height, width, _, outputs = kernel.shape
    before = (height - 1) // 2
    padded = np.pad(mel, ((before, height - 1 - before), (0, 0)))
    steps = mel.shape[1] - width + 1
    result = np.zeros((len(mel), steps, outputs))
    for time in range(len(mel)):
        for band in range(steps):
            piece = padded[time : time + height, band : band + width]
            result[time, band] = (piece[:, :, None] * kernel[:, :, 0]).sum((0, 1)) + bias
    return np.maximum(result, 0).astype(np.float32)


@pytest.mark.parametrize("row", [0, 4])
def test_tensorflow_layouts_are_turned_as_a_loop_reads_them(folder: Path, row: int) -> None:
    arrays = tensorflow_arrays(list(TEACHERS).index("musicnn_msd"))
    suffix = f"_{row}" if row else ""
    mel = np.random.default_rng(3).standard_normal((40, 96)).astype(np.float32)
    maps = naive_convolution(mel, arrays[f"conv2d{suffix}.kernel"], arrays[f"conv2d{suffix}.bias"])
    norm = f"batch_normalization_{row + 1}"
    spread = np.sqrt(arrays[f"{norm}.moving_variance"] + 1e-3)
    maps = (maps - arrays[f"{norm}.moving_mean"]) / spread
    expected = (maps * arrays[f"{norm}.gamma"] + arrays[f"{norm}.beta"]).max(1)

    layer = load_teacher(folder, "musicnn_msd").get_submodule(f"layers.{row}")
    with torch.inference_mode():
        got = layer(torch.from_numpy(mel.T.copy())[None, None])[0].numpy()
    np.testing.assert_allclose(got.T, expected, rtol=1e-3, atol=1e-4)


def test_every_tensorflow_array_finds_its_place() -> None:
    turned = from_tensorflow(tensorflow_arrays(0))
    assert turned.keys() == {
        key for key in TEACHERS["musicnn_msd"]().state_dict() if "num_batches" not in key
    }


def test_an_unknown_missing_or_foreign_file_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no teacher vgg"):
        load_teacher(folder, "vgg")
    with pytest.raises(DataError, match="cannot be read"):
        load_teacher(tmp_path, "fcn_msd")
    (tmp_path / "fcn_msd.npz").write_bytes((folder / "crnn_msd.npz").read_bytes())
    with pytest.raises(DataError, match="does not fit"):
        load_teacher(tmp_path, "fcn_msd")
    (tmp_path / "crnn_msd.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match="cannot be read"):
        load_teacher(tmp_path, "crnn_msd")
