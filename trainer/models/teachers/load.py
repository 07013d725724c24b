"""Reads the teachers' arrays (``NAME.npz``) into their networks."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch

from mecomp_desktop.arrays import Floats
from trainer.errors import DataError
from trainer.models.teachers.convolutional import CRNN, FCN
from trainer.models.teachers.musicnn import Musicnn, MusicnnMsd
from trainer.models.teachers.teacher import Teacher

TEACHERS: Mapping[str, Callable[[], Teacher]] = {
    "fcn_jamendo": FCN,
    "fcn_msd": FCN,
    "crnn_jamendo": CRNN,
    "crnn_msd": CRNN,
    "musicnn_jamendo": Musicnn,
    "musicnn_msd": MusicnnMsd,
}

# TensorFlow numbers layers in the order in which they were made; ours are named by their place.
_CONVOLUTIONS = {
    **{
        f"conv2d{suffix}": f"layers.{row}"
        for row, suffix in enumerate(("", "_1", "_2", "_3", "_4"))
    },
    **{f"conv2d_{number + 4}": f"layer{number}" for number in (1, 2, 3)},
}
_NORMS = {
    "batch_normalization": "spec_bn",
    **{f"batch_normalization_{row + 1}": f"layers.{row}.bn" for row in range(5)},
    **{f"batch_normalization_{number + 5}": f"layer{number}.bn" for number in (1, 2, 3)},
    "batch_normalization_9": "pool_bn",
    "batch_normalization_10": "bn",
}
_NORM_VALUES = {
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}
_DENSE = {"dense": "dense1", "dense_1": "dense2"}
_PARTS = {"kernel": "weight", "bias": "bias"}


def load_teacher(folder: Path, name: str) -> Teacher:
    """Returns a teacher with its published weights, in evaluation mode.

    Raises:
        DataError: There is no such teacher, or its file is missing or does not fit.
    """
    if name not in TEACHERS:
        raise DataError(f"there is no teacher {name}; there are {', '.join(TEACHERS)}")
    path = folder / f"{name}.npz"
    try:
        with np.load(path) as file:
            arrays: dict[str, Floats] = {key: file[key] for key in file.files}
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    if any(key.endswith(".kernel") for key in arrays):
        arrays = from_tensorflow(arrays)
    teacher = TEACHERS[name]()
    state = {key: torch.from_numpy(values) for key, values in arrays.items()}
    # PyTorch counts the batches that a norm has seen; the arrays do not, and nothing reads it here.
    counters = {key for key in teacher.state_dict() if key.endswith("num_batches_tracked")}
    try:
        missing, unknown = teacher.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise DataError(f"{path} does not fit {name}: {error}") from error
    if unknown or set(missing) - counters:
        raise DataError(f"{path} does not fit {name}: {sorted(set(missing) - counters) + unknown}")
    return teacher.eval()


def from_tensorflow(arrays: Mapping[str, Floats]) -> dict[str, Floats]:
    """Renames and turns TensorFlow's arrays of ``musicnn_msd`` into those of ``MusicnnMsd``.

    Kernels are height (time) × width (frequency) × in × out there; the convolutions over all
    channels (``conv2d_5`` to ``_7``) are ``[7, channels, 1, out]``.
    """
    result = {}
    for key, values in arrays.items():
        layer, _, part = key.rpartition(".")
        if layer in _NORMS:
            result[f"{_NORMS[layer]}.{_NORM_VALUES[part]}"] = values
        elif layer in _DENSE:
            result[f"{_DENSE[layer]}.{_PARTS[part]}"] = values.T if part == "kernel" else values
        elif part == "bias":
            result[f"{_CONVOLUTIONS[layer]}.conv.bias"] = values
        elif _CONVOLUTIONS[layer].startswith("layers."):
            result[f"{_CONVOLUTIONS[layer]}.conv.weight"] = values.transpose(3, 2, 1, 0)
        else:
            result[f"{_CONVOLUTIONS[layer]}.conv.weight"] = values[:, :, 0].transpose(2, 1, 0)
    return {key: np.ascontiguousarray(values) for key, values in result.items()}
