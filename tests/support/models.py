"""Small ONNX models made on the spot: one that keeps the contract, and ones that break it.

The good one measures the mean strength of a few random filters: cheap, deterministic, and
different music gets a different vector.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from mecomp_desktop.contracts import model_file

DIMENSION, WIDTH, RATE_HZ = 32, 48, 22_050
_KERNEL, _STRIDE = 64, 32

_METADATA = {
    model_file.META_NAME: "test",
    model_file.META_SAMPLE_RATE_HZ: str(RATE_HZ),
    model_file.META_BODY_HASH: "body-1",
    model_file.META_HEAD_HASH: "head-1",
}


def make_model(
    path: Path,
    *,
    seed: int = 0,
    rate_hz: int = RATE_HZ,
    metadata: Mapping[str, str] | None = None,
    break_by: str = "",
) -> Path:
    """Write a model file.

    Args:
        path: Where to.
        seed: Another seed gives another model.
        rate_hz: The rate of the audio it wants.
        metadata: Replaces the usual properties where given; an empty value leaves one out.
        break_by: A key of ``BREAKS``; the contract is kept when empty.
    """
    properties = {**_METADATA, model_file.META_SAMPLE_RATE_HZ: str(rate_hz), **(metadata or {})}
    graph = _graph(seed, break_by)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {name: text for name, text in properties.items() if text})
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    return path


# What is wrong with the graph, and what the message must say of it.
BREAKS: dict[str, str] = {
    "input name": "its inputs are",
    "second input": "its inputs are",
    "input type": "not float32",
    "input shape": "not [batch, samples]",
    "no pooled": "no output 'pooled'",
    "no embedding": "no output 'embedding'",
    "output type": "not float32",
    "output rank": "not [batch, a number]",
    "not unit": "long, not 1",
    "not finite": "not finite",
    "random": "differently each time",
    "batch": "what else is in the batch",
    "fails": "fails on one second",
}


def _graph(seed: int, break_by: str) -> onnx.GraphProto:
    rng = np.random.default_rng(seed)
    constants = {
        "filters": rng.standard_normal((WIDTH, 1, _KERNEL)).astype(np.float32) / _KERNEL**0.5,
        "head": rng.standard_normal((WIDTH, DIMENSION)).astype(np.float32),
        "tiny": np.float32(1e-12),
        "axis1": np.array([1], np.int64),
        "tall": np.array([999, 7], np.int64),
        "nan": np.float32("nan"),
        "two": np.float32(2),
    }
    return helper.make_graph(
        _nodes(break_by),
        "test",
        _inputs(break_by),
        _outputs(break_by),
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )


def _nodes(break_by: str) -> list[Any]:
    node = helper.make_node
    source = "sound" if break_by == "input name" else "audio"
    nodes = []
    if break_by == "input type":
        nodes.append(node("Cast", ["audio"], ["as_float"], to=TensorProto.FLOAT))
        source = "as_float"
    if break_by == "fails":
        nodes.append(node("Reshape", [source, "tall"], ["reshaped"]))
        source = "reshaped"
    nodes += [
        node("Unsqueeze", [source, "axis1"], ["wave"]),
        node("Conv", ["wave", "filters"], ["waves"], strides=[_STRIDE]),
        node("Abs", ["waves"], ["strength"]),
        node("ReduceMean", ["strength"], ["mean"], axes=[2], keepdims=0),
        *_twist(break_by),
        node("MatMul", ["twisted", "head"], ["raw"]),
        node("ReduceL2", ["raw"], ["length"], axes=[1], keepdims=1),
        node("Max", ["length", "tiny"], ["safe"]),
        node("Div", ["raw", "safe"], ["unit"]),
        node("Identity", ["twisted"], ["pooled"]),
    ]
    if break_by == "not unit":
        nodes.append(node("Mul", ["unit", "two"], ["embedding"]))
    elif break_by == "output type":
        nodes.append(node("Cast", ["unit"], ["embedding"], to=TensorProto.DOUBLE))
    elif break_by == "output rank":
        nodes.append(node("Unsqueeze", ["unit", "axis1"], ["embedding"]))
    else:
        nodes.append(node("Identity", ["unit"], ["embedding"]))
    return nodes


def _twist(break_by: str) -> list[Any]:
    """Return the nodes from ``mean`` to ``twisted``: where some models go wrong."""
    node = helper.make_node
    if break_by == "not finite":
        return [node("Add", ["mean", "nan"], ["twisted"])]
    if break_by == "random":
        return [
            node("RandomNormalLike", ["mean"], ["noise"]),
            node("Add", ["mean", "noise"], ["twisted"]),
        ]
    if break_by == "batch":
        return [
            node("ReduceMean", ["mean"], ["shared"], axes=[0], keepdims=1),
            node("Mul", ["mean", "shared"], ["twisted"]),
        ]
    return [node("Identity", ["mean"], ["twisted"])]


def _inputs(break_by: str) -> list[Any]:
    info = helper.make_tensor_value_info
    name = "sound" if break_by == "input name" else "audio"
    kind = TensorProto.DOUBLE if break_by == "input type" else TensorProto.FLOAT
    shape: list[int | str] = (
        ["batch", RATE_HZ] if break_by == "input shape" else ["batch", "samples"]
    )
    inputs = [info(name, kind, shape)]
    if break_by == "second input":
        inputs.append(info("loudness", TensorProto.FLOAT, [1]))
    return inputs


def _outputs(break_by: str) -> list[Any]:
    info = helper.make_tensor_value_info
    kind = TensorProto.DOUBLE if break_by == "output type" else TensorProto.FLOAT
    rank3: list[int | str] = ["batch", 1, DIMENSION]
    shape: list[int | str] = rank3 if break_by == "output rank" else ["batch", DIMENSION]
    outputs = []
    if break_by != "no embedding":
        outputs.append(info("embedding", kind, shape))
    if break_by != "no pooled":
        outputs.append(info("pooled", TensorProto.FLOAT, ["batch", WIDTH]))
    return outputs
