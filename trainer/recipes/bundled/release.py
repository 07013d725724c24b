"""The model file, and everything that is measured on files: robustness, cost, speed.

What needs unseen artists is measured on the file of a fold sibling (the first
fold's), what a listener will meet in use on the final file itself.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trainer.config import ModelConfig
from trainer.data.clip import Clip
from trainer.errors import DataError
from trainer.evaluation.cost_curve import measure_cost_curve, plot_cost_curve
from trainer.evaluation.plots import plot_map
from trainer.evaluation.robustness import measure_robustness
from trainer.evaluation.track_embedding import embed_tracks, network_embedder, onnx_embedder
from trainer.export.onnx_export import export_onnx, seconds_for
from trainer.models import build_model
from trainer.personal.linear_probe import add_linear_probe
from trainer.recipes.bundled.fit import Fit
from trainer.recipes.bundled.music import Music, Part
from trainer.training.loop import Reporter

MODEL = "similarity.onnx"
WEIGHTS = "similarity.pt"
NAME = "AudioEmbeddingSpectral"
_TIMED_AUDIO_S = 30.0
_SPEED_ROUNDS = 5


def export_fit(fit: Fit, path: Path, recipe: str) -> dict[str, Any]:
    """Exports a finished training; returns what the check against PyTorch found.

    Raises:
        ExportError: The file breaks the contract or differs from the model.
    """
    network = fit.network()
    config = fit.recipe.network
    parity = export_onnx(network, config, path, NAME, recipe, trained=True)
    return {
        "file": path.name,
        "file MB": _megabytes(path),
        "parameters": network.parameter_count(),
        "body_hash": network.body_hash(),
        "head_hash": network.head_hash(),
        "largest difference from PyTorch": parity.lengths,
        "largest difference of a batch from its rows": parity.batch,
    }


def add_probe_to_file(path: Path, clips: Sequence[Clip], report: Reporter) -> dict[str, Any]:
    """Adds to a file how audible qualities are read from its summaries, if there is enough music.

    The size of the file, and how well it reads them on artists that a trial run left out.
    """
    try:
        read = add_linear_probe(path, clips, report)
    except DataError as problem:
        report(f"no readout: {problem}")
        read = {}
    return {"file MB": _megabytes(path), "correlation of what is read": read}


def _megabytes(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 3)


def measure_speed(path: Path) -> dict[str, Any]:
    """Times the file beside AudioEmbeddingTiny's, turn by turn, one thread, 30 s of audio.

    The weights of the other do not matter for its speed; it is exported untrained.
    """
    config, ours_s, theirs_s = ModelConfig(), [], []
    with tempfile.TemporaryDirectory() as folder:
        tiny = Path(folder) / "tiny.onnx"
        export_onnx(build_model(config), config, tiny, "tiny", "none", trained=False)
        # In turns: what else the machine does then meets both alike.
        for _ in range(_SPEED_ROUNDS):
            ours_s.append(seconds_for(path, config.sample_rate_hz, _TIMED_AUDIO_S))
            theirs_s.append(seconds_for(tiny, config.sample_rate_hz, _TIMED_AUDIO_S))
    return {
        "ms for 30 s, one thread": round(1e3 * min(ours_s), 2),
        "AudioEmbeddingTiny, same run": round(1e3 * min(theirs_s), 2),
        "times as fast": round(min(theirs_s) / min(ours_s), 1),
    }


def robustness_of(path: Path, music: Music, part: Part) -> dict[str, Any]:
    """Measures a file's robustness on the clips of a part, with all clips behind the hubs."""
    held = music.held_out(part)
    found = measure_robustness(onnx_embedder(path), held.clips, music.cache, library=music.clips)
    return {**found.to_dict(), "table": found.lines(), "short of it": found.failures()}


def cost_of(
    path: Path, music: Music, part: Part, siblings: Mapping[Part, Fit], picture: Path
) -> dict[str, Any]:
    """Measures what embedding more of a track costs and gives; draws ``picture``.

    Args:
        path: The file whose cost is measured; it was not trained on ``part``.
        music: The data.
        part: What is held out from the file.
        siblings: Further trainings, by the part that each was not trained on: one fold alone is too
            small to tell half a point of quality.
        picture: Where the curve is drawn.
    """
    held = music.held_out(part)
    siblings_held_out = [
        (network_embedder(fit.network()), music.held_out(at).clips) for at, fit in siblings.items()
    ]
    curve = measure_cost_curve(
        onnx_embedder(path), held.clips, music.cache, held.emotions, siblings=siblings_held_out
    )
    plot_cost_curve(curve, picture)
    return {**curve.to_dict(), "table": curve.lines()}


def draw_map(path: Path, music: Music, part: Part, picture: Path) -> None:
    """Draws a map of a part's held-out clips, coloured by genre."""
    held = music.held_out(part)
    vectors = embed_tracks(onnx_embedder(path), held.clips, music.cache)
    plot_map(vectors, [clip.genre for clip in held.clips], picture)
