"""A trained model as one ONNX file, checked against PyTorch before it is put in place."""

import datetime
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import model_file
from trainer.config import ModelConfig
from trainer.errors import ExportError
from trainer.export.compact import compact, round_matrices
from trainer.models.embedder import Embedder
from trainer.training.checkpoint import Checkpoint, save_checkpoint
from trainer.training.memory import keep_freed_memory

OPSET = 17
MAX_DIFFERENCE = 1e-4
CHECK_LENGTHS_S = (1.0, 2.5, 5.0, 10.0, 15.0, 29.0, 61.7, 150.0, 300.0, 600.0)


@dataclass(frozen=True, slots=True)
class Parity:
    """How far the file is from the model: the largest difference of any output value."""

    lengths: float
    batch: float

    @property
    def worst(self) -> float:
        """The larger of the two."""
        return max(self.lengths, self.batch)


def export_onnx(
    model: Embedder, config: ModelConfig, path: Path, name: str, recipe: str, trained: bool
) -> Parity:
    """Writes ``path`` in one step, after the file has passed every check.

    Beside it go the weights, ``.pt``: what has been exported can be trained on, exactly.

    Args:
        model: The model; put into evaluation mode, its matrices rounded if they are stored so.
        config: What it was built from.
        path: Where the file goes; an older one there survives a failed check.
        name: Shown to the listener on the model page.
        recipe: How it was trained, in a sentence.
        trained: False marks the file as one whose weights are random.

    Raises:
        ExportError: The file breaks the contract or differs from the model.
    """
    model.eval()
    if model.stores_compactly:
        # Before the graph is written and before the parity check: the network that is compared,
        # hashed and kept as .pt is the one that the file computes.
        round_matrices(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".onnx.part")
    _write_graph(model, config, draft)
    _write_metadata(model, config, draft, name, recipe, trained)
    parity = check_parity(model, config, draft)
    # Written so that NaN fails as well.
    if not parity.worst <= MAX_DIFFERENCE:
        draft.unlink()
        raise ExportError(f"{path}: differs from PyTorch by {parity.worst:.2g}")
    metadata = {"name": name, "recipe": recipe, "data": {}, "stage": {}}
    # Weights first, then the file: whoever finds the file finds the weights that belong to it.
    save_checkpoint(path.with_suffix(".pt"), Checkpoint(config, model.state_dict(), metadata, {}))
    draft.replace(path)
    return parity


def _write_graph(model: Embedder, config: ModelConfig, path: Path) -> None:
    example = torch.zeros(1, 2 * config.sample_rate_hz)
    with warnings.catch_warnings():
        # The newer exporter fails on a GRU whose batch is free (torch 2.13). The older one warns
        # that it is older, that shapes are traced, and that it did not fold a constant; what it
        # made is compared with the model at every length afterwards.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (example,),
            str(path),
            input_names=[model_file.INPUT_AUDIO],
            output_names=[model_file.OUTPUT_EMBEDDING, model_file.OUTPUT_POOLED],
            dynamic_axes={
                model_file.INPUT_AUDIO: {0: "batch", 1: "samples"},
                model_file.OUTPUT_EMBEDDING: {0: "batch"},
                model_file.OUTPUT_POOLED: {0: "batch"},
            },
            opset_version=OPSET,
            dynamo=False,
        )


def _write_metadata(
    model: Embedder, config: ModelConfig, path: Path, name: str, recipe: str, trained: bool
) -> None:
    proto = onnx.load(str(path))
    compact(proto)
    properties = {
        model_file.META_NAME: name if trained else f"{name} (untrained, random weights)",
        model_file.META_SAMPLE_RATE_HZ: str(config.sample_rate_hz),
        model_file.META_BODY_HASH: model.body_hash(),
        model_file.META_HEAD_HASH: model.head_hash(),
        model_file.META_RECIPE: recipe,
        model_file.META_DATE: datetime.datetime.now(datetime.UTC).date().isoformat(),
        model_file.META_TRAINED: "true" if trained else "false",
    }
    onnx.helper.set_model_props(proto, properties)
    # With shape inference: runtimes other than ours, MECOMP's among them, may refuse what ours
    # forgives.
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, str(path))


def open_session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """Opens a model file on ``threads`` CPU threads, as the app does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # inputs differ in length; the arena would only grow
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run_session(session: onnxruntime.InferenceSession, audio: Floats) -> tuple[Floats, Floats]:
    """``audio [batch, samples]`` to ``(embedding, pooled)``."""
    outputs = [model_file.OUTPUT_EMBEDDING, model_file.OUTPUT_POOLED]
    embedding, pooled = session.run(outputs, {model_file.INPUT_AUDIO: audio})
    return embedding, pooled


def seconds_for(path: Path, sample_rate_hz: int, duration_s: float, repeats: int = 15) -> float:
    """The shortest time a file takes for ``duration_s`` of audio on one CPU thread, of some."""
    keep_freed_memory()
    session = open_session(path)
    audio = _noise(np.random.default_rng(0), 1, round(duration_s * sample_rate_hz))
    took = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        run_session(session, audio)
        took.append(time.perf_counter() - begun)
    # The first run allocates. The shortest of the others is what the file costs; longer ones are
    # what else the machine did.
    return min(took[1:])


def check_parity(model: Embedder, config: ModelConfig, path: Path) -> Parity:
    """Compares the file with the model at ten lengths, and a batch with its rows one by one."""
    session = open_session(path)
    rng = np.random.default_rng(0)
    # From one second to ten minutes: a graph that was traced at one length may have frozen a shape,
    # and is then right at that length alone.
    lengths = max(
        _difference(model, session, _noise(rng, 1, round(seconds * config.sample_rate_hz)))
        for seconds in CHECK_LENGTHS_S
    )
    # A length that is no whole number of frames: padding inside a batch is where rows could come to
    # depend on each other.
    batch = _noise(rng, 3, 4 * config.sample_rate_hz + 123)
    together = run_session(session, batch)
    alone = [run_session(session, row[None]) for row in batch]
    apart = max(
        float(np.abs(together[output] - np.concatenate([result[output] for result in alone])).max())
        for output in (0, 1)
    )
    return Parity(lengths, max(apart, _difference(model, session, batch)))


def _noise(rng: np.random.Generator, batch: int, samples: int) -> Floats:
    """Noise that swells and fades, so that no two frames are alike."""
    swell = 0.55 + 0.45 * np.sin(np.arange(samples) / 9_000)
    noise = rng.standard_normal((batch, samples)).clip(-4, 4) / 4 * swell
    return noise.astype(np.float32)


@torch.no_grad()
def _difference(model: Embedder, session: onnxruntime.InferenceSession, audio: Floats) -> float:
    ours = run_session(session, audio)
    theirs = model(torch.from_numpy(audio))
    return max(
        float(np.abs(file - network.numpy()).max())
        for file, network in zip(ours, theirs, strict=True)
    )
