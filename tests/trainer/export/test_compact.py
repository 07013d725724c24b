import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from trainer.config import ModelConfig
from trainer.export.compact import compact, round_matrices
from trainer.models import build_model

RNG = np.random.default_rng(0)


def product(matrix: np.ndarray) -> onnx.ModelProto:
    """A graph that multiplies by one stored matrix, by way of something with a long name."""
    shape = [1, len(matrix)], [1, matrix.shape[1]]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, size)
        for name, size in zip("xy", shape, strict=True)
    ]
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["/somewhere/far/inside/product"], name="/far"),
        helper.make_node("Identity", ["/somewhere/far/inside/product"], ["y"]),
    ]
    stored = [numpy_helper.from_array(matrix, "w")]
    graph = helper.make_graph(nodes, "product", ends[:1], ends[1:], stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def eight_bits(scales_of_rows: bool) -> np.ndarray:
    scales = np.ldexp(RNG.integers(1024, 2048, (30, 1)), RNG.integers(-20, 3, (30, 1)))
    numbers = RNG.integers(-126, 127, (30, 20))
    numbers[:, 3], numbers[7] = 127, 0
    matrix = (numbers * scales).astype(np.float32)
    return matrix if scales_of_rows else np.ascontiguousarray(matrix.T)


@pytest.mark.parametrize(
    ("matrix", "shrinks"),
    [
        (eight_bits(True), True),
        (eight_bits(False), True),
        (RNG.standard_normal((20, 20)).astype(np.float32), False),
        (np.ones((4, 4), np.float32), False),  # too small to matter
        (np.zeros((20, 20), np.float32), True),
    ],
)
def test_only_what_fits_exactly_is_stored_in_eight_bits(matrix: np.ndarray, shrinks: bool) -> None:
    proto = product(matrix)
    compact(proto)
    onnx.checker.check_model(proto, full_check=True)
    stored = {tensor.name: tensor.data_type for tensor in proto.graph.initializer}
    assert (stored.get("w.int8") == TensorProto.INT8) == shrinks
    x = RNG.standard_normal((1, len(matrix))).astype(np.float32)
    np.testing.assert_array_equal(ReferenceEvaluator(proto).run(None, {"x": x})[0], x @ matrix)


def test_only_names_between_operators_become_short() -> None:
    proto = product(eight_bits(True))
    compact(proto)
    used = {name for node in proto.graph.node for name in (*node.input, *node.output)}
    assert used == {"x", "y", "w.int8", "w.scale", "t0", "t1", "t2"}
    assert not any(node.name for node in proto.graph.node)


def test_what_is_conditional_still_finds_what_it_looks_at() -> None:
    proto = product(eight_bits(True))
    inner = proto.graph.output[0]
    branches = [
        helper.make_graph(
            [helper.make_node(kind, ["/somewhere/far/inside/product"], [f"/{kind}"])],
            kind,
            [],
            [helper.make_tensor_value_info(f"/{kind}", TensorProto.FLOAT, [1, 20])],
        )
        for kind in ("Neg", "Identity")
    ]
    proto.graph.initializer.append(numpy_helper.from_array(np.array(True), "yes"))
    choice = dict(zip(("then_branch", "else_branch"), branches, strict=True))
    proto.graph.node[-1].CopyFrom(helper.make_node("If", ["yes"], [inner.name], **choice))
    before = ReferenceEvaluator(proto)
    x = {"x": RNG.standard_normal((1, 30)).astype(np.float32)}
    expected = before.run(None, x)[0]
    compact(proto)
    onnx.checker.check_model(proto, full_check=True)
    np.testing.assert_array_equal(ReferenceEvaluator(proto).run(None, x)[0], expected)


def test_rounding_leaves_offsets_and_kernels_and_moves_matrices_little() -> None:
    torch.manual_seed(0)
    model = build_model(ModelConfig())
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    round_matrices(model)
    once = {name: value.detach().clone() for name, value in model.named_parameters()}
    round_matrices(model)
    for name, value in model.named_parameters():
        assert torch.equal(value, once[name])
        if value.ndim != 2 or value.numel() < 256:
            assert torch.equal(value, before[name])
            continue
        peak = before[name].abs().amax(1, keepdim=True)
        assert ((value - before[name]).abs() <= 0.51 * peak / 127).all()
        scale = value.abs().amax(1, keepdim=True) / 127
        assert torch.equal((value / scale).round() * scale, value)
        assert not torch.equal(value, before[name])


def test_a_row_of_zeros_stays_one() -> None:
    model = build_model(ModelConfig())
    matrix = next(
        tensor for tensor in model.parameters() if tensor.ndim == 2 and tensor.numel() >= 256
    )
    with torch.no_grad():
        matrix[1] = 0
    round_matrices(model)
    assert not matrix[1].any()
    assert torch.isfinite(matrix).all()
