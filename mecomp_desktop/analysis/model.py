"""A model file, opened and held to its contract (``contracts.model_file``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import model_file
from mecomp_desktop.errors import ModelFileError

if TYPE_CHECKING:
    # At run time only where a model is opened: it takes 50 ms, and the window does without.
    import onnxruntime as ort


_FLOAT = "tensor(float)"
_LOWEST_RATE_HZ, _HIGHEST_RATE_HZ = 8_000, 192_000
# Memory from the system for each run costs three times the model itself, so it is kept between
# runs (120 MB for 30 s of audio); what a longer input needed is given back.
_KEEP_UP_TO_S = 60
_GIVE_BACK = ("memory.enable_memory_arena_shrinkage", "cpu:0")
_UNIT_TOLERANCE = 1e-3
# Another batch size may take another path through the same arithmetic.
_REPEAT_TOLERANCE = 1e-3
# Errors only: the warnings are about the graph, nothing a listener could act on.
_LOG_ERRORS = 3


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model file says of itself.

    Attributes:
        name: What the model is called.
        sample_rate_hz: The rate of the audio it wants.
        dimension: The length of an embedding.
        pooled_width: The length of the summary that the head turns into an embedding.
        body_hash: Which body made a summary.
        head_hash: Which head made an embedding from it.
        metadata: Every property in the file.
    """

    name: str
    sample_rate_hz: int
    dimension: int
    pooled_width: int
    body_hash: str
    head_hash: str
    metadata: Mapping[str, str]


class Model:
    """An open model; made by ``load_model``. Safe to call from several threads.

    Args:
        session: The session that runs it.
        info: What the file says of itself.
    """

    def __init__(self, session: "ort.InferenceSession", info: ModelInfo) -> None:
        import onnxruntime as ort

        self._session = session
        self.info = info
        self._giving_back = ort.RunOptions()
        self._giving_back.add_run_config_entry(*_GIVE_BACK)

    def embed(self, audio: Floats) -> tuple[Floats, Floats]:
        """Run the model.

        Args:
            audio: float32 ``[batch, samples]``, mono at ``info.sample_rate_hz``, −1…1, at
                least one second.

        Returns:
            The embeddings ``[batch, dimension]`` and the summaries ``[batch, pooled_width]``.
        """
        long = audio.size > _KEEP_UP_TO_S * self.info.sample_rate_hz
        embedding, pooled = self._session.run(
            [model_file.OUTPUT_EMBEDDING, model_file.OUTPUT_POOLED],
            {model_file.INPUT_AUDIO: audio},
            self._giving_back if long else None,
        )
        return embedding, pooled


def load_model(path: Path) -> Model:
    """Open a model file and check that it keeps the contract.

    Raises:
        ModelFileError: It is missing, damaged or breaks the contract; the message says how.
    """
    session = _open(path)
    _check_inputs(path, session)
    metadata = dict(session.get_modelmeta().custom_metadata_map)
    rate_hz = _check_metadata(path, metadata)
    widths = _check_outputs(path, session)
    info = ModelInfo(
        name=metadata[model_file.META_NAME],
        sample_rate_hz=rate_hz,
        dimension=widths[model_file.OUTPUT_EMBEDDING],
        pooled_width=widths[model_file.OUTPUT_POOLED],
        body_hash=metadata[model_file.META_BODY_HASH],
        head_hash=metadata[model_file.META_HEAD_HASH],
        metadata=metadata,
    )
    model = Model(session, info)
    _check_answers(path, model)
    return model


def _open(path: Path) -> "ort.InferenceSession":
    import onnxruntime as ort

    if not path.is_file():
        raise ModelFileError(f"there is no model file {path}")
    options = ort.SessionOptions()
    # One core a worker. A pattern would be kept for each length of audio ever seen.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = _LOG_ERRORS
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base class of their own
        raise _broken(path, f"it cannot be opened ({_first_line(error)})") from error


def _check_inputs(path: Path, session: "ort.InferenceSession") -> None:
    inputs = {node.name: node for node in session.get_inputs()}
    if set(inputs) != {model_file.INPUT_AUDIO}:
        raise _broken(path, f"its inputs are {sorted(inputs)}, not only 'audio'")
    audio = inputs[model_file.INPUT_AUDIO]
    if audio.type != _FLOAT:
        raise _broken(path, f"its input 'audio' is {audio.type}, not float32")
    if len(audio.shape) != 2 or any(isinstance(size, int) for size in audio.shape):
        raise _broken(path, f"its input 'audio' has the shape {audio.shape}, not [batch, samples]")


def _check_outputs(path: Path, session: "ort.InferenceSession") -> dict[str, int]:
    """Return the width of each output that the contract names."""
    outputs = {node.name: node for node in session.get_outputs()}
    widths = {}
    for name in (model_file.OUTPUT_EMBEDDING, model_file.OUTPUT_POOLED):
        if name not in outputs:
            raise _broken(path, f"it has no output {name!r}")
        output = outputs[name]
        if output.type != _FLOAT:
            raise _broken(path, f"its output {name!r} is {output.type}, not float32")
        if len(output.shape) != 2 or not isinstance(output.shape[1], int):
            raise _broken(
                path, f"its output {name!r} has the shape {output.shape}, not [batch, a number]"
            )
        widths[name] = output.shape[1]
    return widths


def _check_metadata(path: Path, metadata: Mapping[str, str]) -> int:
    """Return the sample rate in hertz."""
    for name in model_file.REQUIRED_METADATA:
        if not metadata.get(name):
            raise _broken(path, f"its metadata lack {name!r}")
    text = metadata[model_file.META_SAMPLE_RATE_HZ]
    if not text.isdecimal() or not _LOWEST_RATE_HZ <= int(text) <= _HIGHEST_RATE_HZ:
        raise _broken(path, f"its sample rate {text!r} is no rate of audio")
    return int(text)


def _check_answers(path: Path, model: Model) -> None:
    """Run the model on a little noise, once and again, alone and beside another."""
    rng = np.random.default_rng(0)
    audio = (0.1 * rng.standard_normal((2, model.info.sample_rate_hz))).astype(np.float32)
    once, twice, both = (_try(path, model, part) for part in (audio[:1], audio[:1], audio))
    for embedding, pooled in (once, both):
        if not (np.isfinite(embedding).all() and np.isfinite(pooled).all()):
            raise _broken(path, "it answers with numbers that are not finite")
        lengths = np.linalg.norm(embedding, axis=1)
        if np.abs(lengths - 1).max() > _UNIT_TOLERANCE:
            raise _broken(path, f"its embeddings are {lengths[0]:.3g} long, not 1")
    if any(not np.array_equal(a, b) for a, b in zip(once, twice, strict=True)):
        raise _broken(path, "it answers the same audio differently each time")
    if any(
        not np.allclose(a[0], b[0], rtol=_REPEAT_TOLERANCE, atol=_REPEAT_TOLERANCE)
        for a, b in zip(once, both, strict=True)
    ):
        raise _broken(path, "its answer depends on what else is in the batch")


def _try(path: Path, model: Model, audio: Floats) -> tuple[Floats, Floats]:
    try:
        embedding, pooled = model.embed(audio)
    except Exception as error:  # onnxruntime's errors share no base class of their own
        raise _broken(path, f"it fails on one second of audio ({_first_line(error)})") from error
    expected = [(len(audio), model.info.dimension), (len(audio), model.info.pooled_width)]
    if [embedding.shape, pooled.shape] != expected:
        raise _broken(path, f"it answers in the shapes {embedding.shape} and {pooled.shape}")
    return embedding, pooled


def _broken(path: Path, how: str) -> ModelFileError:
    return ModelFileError(f"the model file {path} cannot be used: {how}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
