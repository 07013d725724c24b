"""Listeners whose idea of likeness is known, and a world of songs for them to judge.

A song has hidden qualities (brightness, density, dynamics and so on). A body has them mixed
and bent, with noise; its head has been trained for something else, so it keeps some and drops
others. A listener weighs a few of the qualities, and is sometimes wrong by slip.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from mecomp_desktop.contracts import model_file
from mecomp_desktop.domain.judgment import Pair

Matrix = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

QUALITIES, WIDTH, DIMENSION, RATE_HZ = 12, 48, 32, 22_050
BODY, HEAD = "world-body", "world-head"


@dataclass(frozen=True, eq=False)
class World:
    """``n`` songs.

    Attributes:
        qualities: ``[n, QUALITIES]``, what they are.
        pooled: float32 ``[n, WIDTH]``, what the body makes of them.
        embedding: float32 ``[n, DIMENSION]``, what the head makes of that.
        model: The model file; its head is the one that made ``embedding``.
    """

    qualities: Doubles
    pooled: Matrix
    embedding: Matrix
    model: Path


class Listener:
    """Somebody who weighs three of the qualities.

    Args:
        world: The songs.
        seed: Another seed is another listener.
        slip: How often the wrong pair is given, as a share; 1 gives any pair at random.
    """

    def __init__(self, world: World, seed: int, slip: float = 0.1) -> None:
        self._rng = np.random.default_rng([seed, 1])
        rng = np.random.default_rng([seed, 2])
        weights = np.zeros(QUALITIES)
        weights[rng.permutation(QUALITIES)[:3]] = rng.dirichlet(np.full(3, 2.0))
        self._places = world.qualities * np.sqrt(weights)
        self._slip = slip

    def closest(self, trio: Ints) -> Pair:
        """What this listener truly finds most alike of three songs, by their rows."""
        return Pair(int(squared_sides(self._places, trio[None])[0].argmin()))

    def answer(self, trio: Ints) -> Pair:
        """The answer, slips included."""
        if self._slip >= 1:
            return Pair(int(self._rng.integers(3)))
        pair = self.closest(trio)
        if self._rng.random() < self._slip:
            return Pair((pair + int(self._rng.integers(1, 3))) % 3)
        return pair

    def agreement(self, vectors: Matrix, questions: Ints) -> float:
        """How often a model picks the same pair, on questions ``[n, 3]``."""
        theirs = squared_sides(vectors.astype(np.float64), questions).argmin(axis=1)
        mine = squared_sides(self._places, questions).argmin(axis=1)
        return float((theirs == mine).mean())


def squared_sides(places: Doubles, trios: Ints) -> Doubles:
    """Squared distance of each pair of each trio, ``[n, 3]``, ordered as ``Pair``."""
    a, b, c = (places[trios[:, corner]] for corner in range(3))
    return np.stack([((x - y) ** 2).sum(axis=1) for x, y in ((a, b), (a, c), (b, c))], axis=1)


def any_questions(count: int, songs: int, seed: int) -> Ints:
    """Questions at random, ``[count, 3]``."""
    rng = np.random.default_rng([seed, 3])
    trios = rng.integers(0, songs, (2 * count, 3))
    a, b, c = trios.T
    return trios[(a != b) & (a != c) & (b != c)][:count]


def make_world(folder: Path, songs: int = 400, seed: int = 0) -> World:
    """Make songs and the model that embeds them."""
    rng = np.random.default_rng(seed)
    qualities = rng.standard_normal((songs, QUALITIES))
    strength = np.geomspace(1.5, 0.5, QUALITIES)[rng.permutation(QUALITIES)]
    mix = rng.standard_normal((QUALITIES, WIDTH)) / QUALITIES**0.5
    pooled = np.tanh(qualities * strength @ mix) + 0.1 * rng.standard_normal((songs, WIDTH))
    pooled = pooled.astype(np.float32)
    # What the head was trained for: four directions of the sum weigh much, the rest little.
    basis = np.linalg.qr(rng.standard_normal((WIDTH, WIDTH)))[0][:, :DIMENSION]
    head = (basis * np.r_[np.full(4, 2.0), np.full(DIMENSION - 4, 0.3)]).astype(np.float32)
    raw = pooled @ head
    embedding = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    model = write_model(folder / "world.onnx", head)
    return World(qualities, pooled, embedding, model)


def write_model(path: Path, head: Matrix, head_hash: str = HEAD) -> Path:
    """Write a model with a simple body and this head, ``[WIDTH, DIMENSION]``."""
    rng = np.random.default_rng(5)
    constants = {
        "filters": rng.standard_normal((WIDTH, 1, 64)).astype(np.float32) / 8,
        "head": head,
        "tiny": np.array(1e-12, np.float32),
        "axis": np.array([1], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Unsqueeze", ["audio", "axis"], ["wave"]),
        node("Conv", ["wave", "filters"], ["waves"], strides=[32]),
        node("Abs", ["waves"], ["strength"]),
        node("ReduceMean", ["strength"], ["pooled"], axes=[2], keepdims=0),
        node("MatMul", ["pooled", "head"], ["raw"]),
        node("ReduceL2", ["raw"], ["length"], axes=[1], keepdims=1),
        node("Max", ["length", "tiny"], ["safe"]),
        node("Div", ["raw", "safe"], ["embedding"]),
    ]
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "world",
        [info("audio", TensorProto.FLOAT, ["batch", "samples"])],
        [
            info("embedding", TensorProto.FLOAT, ["batch", DIMENSION]),
            info("pooled", TensorProto.FLOAT, ["batch", WIDTH]),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(
        model,
        {
            model_file.META_NAME: "world",
            model_file.META_SAMPLE_RATE_HZ: str(RATE_HZ),
            model_file.META_BODY_HASH: BODY,
            model_file.META_HEAD_HASH: head_hash,
        },
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    return path
