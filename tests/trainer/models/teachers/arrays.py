"""Made-up weights in the layouts in which the teachers' arrays are published."""

from pathlib import Path

import numpy as np
import torch

from mecomp_desktop.arrays import Floats
from trainer.models.teachers.load import TEACHERS

TENSORFLOW_SHAPES = {
    **{
        f"conv2d{name}.kernel": shape
        for name, shape in {
            "": (7, 38, 1, 204),
            "_1": (7, 67, 1, 204),
            "_2": (128, 1, 1, 51),
            "_3": (64, 1, 1, 51),
            "_4": (32, 1, 1, 51),
            "_5": (7, 561, 1, 64),
            "_6": (7, 64, 1, 64),
            "_7": (7, 64, 1, 64),
        }.items()
    },
    "dense.kernel": (1506, 200),
    "dense_1.kernel": (200, 50),
}
_NORM_WIDTHS = (1, 204, 204, 51, 51, 51, 64, 64, 64, 1506, 200)


def tensorflow_arrays(seed: int) -> dict[str, Floats]:
    """Random arrays with TensorFlow's names and layouts, as ``musicnn_msd`` has them."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for name, shape in TENSORFLOW_SHAPES.items():
        arrays[name] = rng.standard_normal(shape) / np.sqrt(np.prod(shape[:-1]))
        arrays[name.replace("kernel", "bias")] = rng.standard_normal(shape[-1]) * 0.1
    for number, width in enumerate(_NORM_WIDTHS):
        norm = f"batch_normalization_{number}" if number else "batch_normalization"
        arrays[f"{norm}.gamma"] = rng.uniform(0.5, 1.5, width)
        arrays[f"{norm}.beta"] = rng.standard_normal(width) * 0.1
        arrays[f"{norm}.moving_mean"] = rng.standard_normal(width) * 0.1
        arrays[f"{norm}.moving_variance"] = rng.uniform(0.5, 1.5, width)
    return {name: values.astype(np.float32) for name, values in arrays.items()}


def write_teachers(folder: Path) -> Path:
    """Every teacher's file, with random weights."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, build) in enumerate(TEACHERS.items()):
        if name == "musicnn_msd":
            arrays = tensorflow_arrays(number)
        else:
            torch.manual_seed(number)
            state = build().state_dict()
            arrays = {
                key: value.numpy() for key, value in state.items() if "num_batches" not in key
            }
        np.savez(folder / f"{name}.npz", **arrays)  # type: ignore[arg-type]
    return folder
