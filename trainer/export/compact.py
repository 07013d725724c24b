"""A small model file: matrices stored in 8 bits a value, computed with in 32.

A row's values are whole numbers times one scale, -127 to 127, and the model's own weights are
rounded to such rows before the file is written: the file computes what the model computes. The
runtime widens them once, when it loads the file; nothing is slower. Convolutions stay as they are:
the exporter merges normalisation into them, and what comes of it is on no such grid.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor

from mecomp_desktop.arrays import Floats
from trainer.models.embedder import Embedder

_MIN_VALUES = 256
_INT8_MAX = 127
# A scale of so many bits times a whole number of 7 is exact in 32, and is found again from the
# product: a row's largest value is always 127 times its scale.
_SCALE_BITS = 11


@torch.no_grad()
def round_matrices(model: Embedder) -> None:
    """Rounds the rows of every matrix to what is stored exactly."""
    for parameter in model.parameters():
        if parameter.ndim == 2 and parameter.numel() >= _MIN_VALUES:
            parameter.copy_(_rounded(parameter))


def _rounded(rows: Tensor) -> Tensor:
    # The scale of a row is its largest value over 127, shortened to 11 bits: 11 bits times 7 bits
    # fit the 24 of a float32, so whole number times scale is exact, and rounding a second time
    # changes nothing.
    mantissa, exponent = torch.frexp(rows.abs().amax(1, keepdim=True) / _INT8_MAX)
    scale = torch.ldexp((mantissa * 2**_SCALE_BITS).round() / 2**_SCALE_BITS, exponent)
    # A row of zeros has no scale, and 0 / 0 would be NaN.
    return torch.where(scale > 0, (rows / scale).round() * scale, 0.0)


def compact(proto: onnx.ModelProto) -> None:
    """Stores in 8 bits what fits there exactly, and shortens the names of what lies between.

    Inputs, outputs and weights keep their names.
    """
    graph = proto.graph
    widening: list[onnx.NodeProto] = []
    for stored in list(graph.initializer):
        # Found by trying, not by name: the exporter folds, transposes and renames. What is not
        # exactly on a grid stays as it is, so nothing can be lost here.
        found = _whole_numbers(numpy_helper.to_array(stored))
        if found is None:
            continue
        name = stored.name
        numbers, scale = f"{name}.int8", f"{name}.scale"
        stored.CopyFrom(numpy_helper.from_array(found[0], numbers))
        graph.initializer.append(numpy_helper.from_array(found[1], scale))
        wide = f"{name}.float"
        widening.append(helper.make_node("Cast", [numbers], [wide], to=onnx.TensorProto.FLOAT))
        widening.append(helper.make_node("Mul", [wide, scale], [name]))
    # In front: ONNX wants every value computed before it is used.
    nodes = [*widening, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    _shorten_names(graph)


def _whole_numbers(values: npt.NDArray[np.generic]) -> tuple[npt.NDArray[np.int8], Floats] | None:
    """Returns a matrix as whole numbers and the scales of its rows, or of its columns, if exact."""
    if values.dtype != np.float32 or values.ndim != 2 or values.size < _MIN_VALUES:
        return None
    matrix: Floats = values.astype(np.float32)
    for axis in (1, 0):  # the exporter turns some matrices over
        scale = np.abs(matrix).max(axis=axis, keepdims=True) / np.float32(_INT8_MAX)
        scale[scale == 0] = 1.0
        numbers = np.rint(matrix / scale).astype(np.int8)
        if np.array_equal(numbers * scale, matrix):
            return numbers, scale
    return None


def _shorten_names(graph: onnx.GraphProto) -> None:
    """Renames what lies between operators: an exporter's names would be a tenth of the file."""
    kept = {value.name for value in (*graph.input, *graph.output, *graph.initializer)}
    made = [name for node in graph.node for name in node.output if name and name not in kept]
    _rename(graph, {name: f"t{number}" for number, name in enumerate(made)})


def _rename(graph: onnx.GraphProto, short: Mapping[str, str]) -> None:
    """Does so in a graph and in what is conditional in it, which may look outside."""
    for node in graph.node:
        # Names of operators are for people, and part of the file's size.
        node.name = ""
        node.input[:] = [short.get(name, name) for name in node.input]
        node.output[:] = [short.get(name, name) for name in node.output]
        for attribute in node.attribute:
            if attribute.HasField("g"):
                _rename(attribute.g, short)
    for result in graph.output:
        result.name = short.get(result.name, result.name)
    del graph.value_info[:]
