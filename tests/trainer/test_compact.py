import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from trainer.compact import compact, round_matrices
from trainer.config import ModelConfig
from trainer.models import build_model


def product(matrix: np.ndarray) -> onnx.ModelProto:
    """A graph that multiplies by one stored matrix."""
    shape = [1, len(matrix)], [1, matrix.shape[1]]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, size)
        for name, size in zip("xy", shape, strict=True)
    ]
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    stored = [numpy_helper.from_array(matrix, "w")]
    graph = helper.make_graph([node], "product", ends[:1], ends[1:], stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


@pytest.mark.parametrize(
    ("matrix", "shrinks"),
    [
        (np.arange(400, dtype=np.float32).reshape(20, 20) / 8, True),
        (np.full((20, 20), 0.1, np.float32), False),  # no sum of 16 bits
        (np.full((20, 20), 1e6, np.float32), False),
        (np.ones((4, 4), np.float32), False),  # too small to matter
    ],
)
def test_only_what_fits_exactly_is_stored_in_half_the_size(
    matrix: np.ndarray, shrinks: bool
) -> None:
    proto = product(matrix)
    before = len(proto.SerializeToString())
    compact(proto)
    onnx.checker.check_model(proto, full_check=True)
    assert (len(proto.SerializeToString()) < 0.7 * before) == shrinks
    x = np.random.default_rng(0).standard_normal((1, len(matrix))).astype(np.float32)
    np.testing.assert_array_equal(ReferenceEvaluator(proto).run(None, {"x": x})[0], x @ matrix)


def test_rounding_leaves_offsets_and_moves_matrices_little() -> None:
    torch.manual_seed(0)
    model = build_model(ModelConfig())
    before = {name: value.clone() for name, value in model.state_dict().items()}
    round_matrices(model)
    for name, value in model.named_parameters():
        if value.ndim > 1:
            torch.testing.assert_close(value, before[name], rtol=1e-3, atol=1e-7)
            assert torch.equal(value, value.half().float())
        else:
            assert torch.equal(value, before[name])
