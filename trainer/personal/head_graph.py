"""A model file's head, cut out and built upon; the body stays as it is, byte for byte."""

import datetime
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from mecomp_desktop.contracts import model_file
from trainer.errors import ExportError
from trainer.personal.head import PersonalHead

_BASE = "base_embedding"
_PREFIX = "personal"
_TINY = 1e-12


def extract_head(model: onnx.ModelProto) -> onnx.ModelProto:
    """Returns the part of a model that turns ``pooled`` into ``embedding``.

    Raises:
        ExportError: Its embedding is not made from its summary alone.
    """
    makers = {output: node for node in model.graph.node for output in node.output}
    # The exporter names pooled once for the head and once for the output, with an Identity between;
    # cutting at one name alone would find no way from the other.
    other_names = _other_names(makers, model_file.OUTPUT_POOLED)
    wanted, needed = [model_file.OUTPUT_EMBEDDING], set()
    while wanted:
        name = wanted.pop()
        if name in needed or name == model_file.OUTPUT_POOLED or name in other_names:
            continue
        if name == model_file.INPUT_AUDIO:
            raise ExportError("the model's embedding is not made from its summary alone")
        needed.add(name)
        if name in makers:
            wanted.extend(source for source in makers[name].input if source)
    outputs = {value.name: value for value in model.graph.output}
    graph = helper.make_graph(
        [
            *(
                helper.make_node("Identity", [model_file.OUTPUT_POOLED], [name])
                for name in other_names
            ),
            *(node for node in model.graph.node if needed & set(node.output)),
        ],
        "head",
        [outputs[model_file.OUTPUT_POOLED]],
        [outputs[model_file.OUTPUT_EMBEDDING]],
        [weights for weights in model.graph.initializer if weights.name in needed],
    )
    head = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(head)
    return head


def build_upon(model: onnx.ModelProto, head: PersonalHead) -> onnx.ModelProto:
    """Returns the model, or head, with a personal head after its own.

    Only operators are used that mean the same in every opset from 13 on.
    """
    result = onnx.ModelProto()
    # The model that was given stays as it is: model and head are built upon from the same source.
    result.CopyFrom(model)
    graph = result.graph
    # The base head's result gets another name, and the last of the new operators its old one:
    # whoever reads embedding gets the personal one.
    taken = _free_name(graph)
    _rename(graph, model_file.OUTPUT_EMBEDDING, taken)
    prefix = taken.replace(_BASE, _PREFIX) + "_"
    constants = {
        "from_embedding": head.from_embedding,
        "from_pooled": head.from_pooled,
        "bias": head.bias,
        "ones": np.ones((len(head.bias), 1), np.float32),
        "tiny": np.array(_TINY, np.float32),
    }
    graph.initializer.extend(
        numpy_helper.from_array(value, prefix + name) for name, value in constants.items()
    )
    steps = (
        ("MatMul", (taken, prefix + "from_embedding"), prefix + "left"),
        ("MatMul", (model_file.OUTPUT_POOLED, prefix + "from_pooled"), prefix + "right"),
        ("Add", (prefix + "left", prefix + "right"), prefix + "sum"),
        ("Add", (prefix + "sum", prefix + "bias"), prefix + "raw"),
        ("Mul", (prefix + "raw", prefix + "raw"), prefix + "squares"),
        ("MatMul", (prefix + "squares", prefix + "ones"), prefix + "square"),
        # Before the root: a vector of zeros would be divided by zero.
        ("Max", (prefix + "square", prefix + "tiny"), prefix + "safe"),
        ("Sqrt", (prefix + "safe",), prefix + "length"),
        ("Div", (prefix + "raw", prefix + "length"), model_file.OUTPUT_EMBEDDING),
    )
    graph.node.extend(
        helper.make_node(kind, list(inputs), [output], name=f"{prefix}{number}")
        for number, (kind, inputs, output) in enumerate(steps)
    )
    onnx.checker.check_model(result)
    return result


def describe(model: onnx.ModelProto, head_hash: str, name: str, recipe: str) -> None:
    """Replaces what a model file says of its head; what it says of its body stays."""
    properties = properties_of(model) | {
        model_file.META_NAME: name,
        model_file.META_HEAD_HASH: head_hash,
        model_file.META_RECIPE: recipe,
        model_file.META_DATE: datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
    helper.set_model_props(model, properties)


def add_property(model: onnx.ModelProto, name: str, text: str) -> None:
    """Adds a property to what a model file says of itself, or replaces it."""
    helper.set_model_props(model, properties_of(model) | {name: text})


def properties_of(model: onnx.ModelProto) -> dict[str, str]:
    """Returns what a model file says of itself."""
    return {entry.key: entry.value for entry in model.metadata_props}


def load(path: Path) -> onnx.ModelProto:
    """Reads a model file.

    Raises:
        ExportError: It is no ONNX file.
    """
    try:
        return onnx.load(str(path))
    except Exception as problem:  # protobuf's errors share no public base class
        raise ExportError(f"{path}: cannot be read as a model ({problem})") from problem


def save(model: onnx.ModelProto, path: Path) -> None:
    """Writes a model file.

    Raises:
        ExportError: It cannot be written.
    """
    try:
        onnx.save(model, str(path))
    except OSError as problem:
        raise ExportError(f"{path}: cannot be written ({problem.strerror})") from problem


def _other_names(makers: dict[str, onnx.NodeProto], name: str) -> list[str]:
    """Returns what a value was called before it was only handed on."""
    names: list[str] = []
    while name in makers and makers[name].op_type == "Identity":
        name = makers[name].input[0]
        names.append(name)
    return names


def _free_name(graph: onnx.GraphProto) -> str:
    """Returns a name for the base embedding; a model already built upon has used the first."""
    used = {output for node in graph.node for output in node.output}
    number = 1
    while f"{_BASE}_{number}" in used:
        number += 1
    return f"{_BASE}_{number}"


def _rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    for node in graph.node:
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                if name == old:
                    names[place] = new
