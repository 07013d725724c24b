"""Teaching a model file what can be named in a sound, from music.

Body, head and their hashes stay as they are; the readout is a property of the file.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from mecomp_desktop.analysis.excerpts import embed_track
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.arrays import Doubles, Floats
from mecomp_desktop.contracts import model_file
from mecomp_desktop.contracts.linear_probe import pack_linear_probe
from mecomp_desktop.errors import UnreadableFile
from trainer.data.clip import Clip
from trainer.errors import DataError
from trainer.personal import head_graph
from trainer.personal.descriptors import NAMES, describe, fit_linear_probe, normal_scores
from trainer.training.loop import Reporter

_MIN_CLIPS = 50
_SHARE_HELD_OUT = 0.25


def add_linear_probe(model_path: Path, clips: Sequence[Clip], report: Reporter) -> dict[str, float]:
    """Teaches on all clips and replaces the file in one step.

    Args:
        model_path: The model file.
        clips: Music; those that cannot be read are named and passed over.
        report: Told of them.

    Returns:
        By quality, the correlation with its true value on artists that a trial run left out.

    Raises:
        DataError: Too few of the clips can be read.
    """
    kept, pooled, described = _embed_all(model_path, clips, report)
    if len(kept) < _MIN_CLIPS:
        raise DataError(
            f"{len(kept)} readable clips are too few to learn from; it takes {_MIN_CLIPS}"
        )
    # The trial leaves artists out and only tells how well it works; the columns that are stored are
    # learned from everything.
    correlations = _trial(kept, pooled, described)
    columns, _ = fit_linear_probe(pooled, described)
    model = head_graph.load(model_path)
    head_graph.add_property(model, model_file.META_LINEAR_PROBE, pack_linear_probe(NAMES, columns))
    # The player may open the file at any moment.
    draft = model_path.with_suffix(".onnx.part")
    head_graph.save(model, draft)
    draft.replace(model_path)
    return dict(zip(NAMES, correlations, strict=True))


def _embed_all(
    model_path: Path, clips: Sequence[Clip], report: Reporter
) -> tuple[list[Clip], Floats, Doubles]:
    """Embeds clips as the app does: those that can be read, their summaries and qualities."""
    model = load_model(model_path)
    rate = model.info.sample_rate_hz
    kept, summaries, qualities = [], [], []
    for clip in tqdm(clips, "embedding", unit="clip", disable=None):
        try:
            audio = embed_track(clip.path, rate)
        except UnreadableFile as problem:
            report(f"skipped {problem}")
            continue
        kept.append(clip)
        summaries.append(model.embed(audio[None])[1][0])
        qualities.append(describe(audio, rate))
    if not kept:
        return [], np.zeros((0, 0), np.float32), np.zeros((0, len(NAMES)))
    return kept, np.stack(summaries), np.stack(qualities)


def _trial(clips: list[Clip], pooled: Floats, described: Doubles) -> list[float]:
    """Correlations with the true values on a quarter of the artists, after learning on the rest."""
    artists = sorted({clip.artist for clip in clips})
    order = np.random.default_rng(0).permutation(len(artists))
    out = {artists[place] for place in order[: round(_SHARE_HELD_OUT * len(artists))]}
    held = np.array([clip.artist in out for clip in clips])
    if held.all() or not held.any():
        return [float("nan")] * len(NAMES)
    columns, centre = fit_linear_probe(pooled[~held], described[~held])
    read = (pooled[held] - centre) @ columns
    return [
        float(np.corrcoef(read[:, place], normal_scores(described[held, place]))[0, 1])
        for place in range(len(NAMES))
    ]
