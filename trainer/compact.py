"""A model file of half the size: matrices stored in 16 bits, computed with in 32.

The runtime widens them once, when it loads the file; nothing is slower. What cannot be stored
exactly stays as it is, so the file computes what the model computes.
"""

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from trainer.models.embedder import Embedder

_LEAST_VALUES = 256
_SUFFIX = ".half"


@torch.no_grad()
def round_matrices(model: Embedder) -> None:
    """Rounds every matrix and kernel to what 16 bits hold exactly."""
    for parameter in model.parameters():
        if parameter.ndim > 1:
            parameter.copy_(parameter.half())


def compact(proto: onnx.ModelProto) -> None:
    """Stores in 16 bits what fits there exactly."""
    graph = proto.graph
    widened = []
    for stored in graph.initializer:
        if stored.data_type != onnx.TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(stored)
        # What is too large for 16 bits becomes infinite there, and so is not kept.
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        if values.size < _LEAST_VALUES or not np.array_equal(half.astype(np.float32), values):
            continue
        name = stored.name
        stored.CopyFrom(numpy_helper.from_array(half, name + _SUFFIX))
        widened.append(
            helper.make_node("Cast", [name + _SUFFIX], [name], to=onnx.TensorProto.FLOAT)
        )
    nodes = [*widened, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
