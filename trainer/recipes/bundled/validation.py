"""How good the recipe is on artists that a training never saw, beside what else there is.

The final model is trained on all artists, so nothing here can be measured on it: the figures are
those of its fold siblings, the same recipe without a part of the artists. Whole tracks are
embedded; the excerpts that the app takes cost less and give a little less, see the cost curve.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mecomp_desktop.analysis.excerpts import WholeTrack
from trainer.evaluation.comparison import compare_embedders
from trainer.evaluation.similarity import SimilarityScores
from trainer.evaluation.track_embedding import AudioEmbedder, network_embedder
from trainer.recipes.bundled.music import Music
from trainer.recipes.bundled.plan import Plan

OURS = "this recipe"
TINY = "AudioEmbeddingTiny, same data"

Scores = dict[str, list[SimilarityScores]]
"""By embedding, the figures of every fold and seed."""


def validate(music: Music, plan: Plan) -> Scores:
    """Measures chance, MFCC, the baseline and the fold siblings, each on its held-out clips."""
    scores: Scores = {}
    for part in sorted({part for part, _ in plan.students}):
        embedders: dict[str, AudioEmbedder] = {}
        if part in plan.baselines:
            embedders[TINY] = network_embedder(plan.baselines[part].network())
        for (at, seed), fit in plan.students.items():
            if at == part:
                embedders[f"{OURS}, {seed}"] = network_embedder(fit.network())
        held = music.held_out(part)
        found = compare_embedders(embedders, held.clips, music.cache, held.emotions, WholeTrack())
        for name, each in found.items():
            scores.setdefault(OURS if name.startswith(OURS) else name, []).append(each)
    return scores


def describe(scores: Mapping[str, Sequence[SimilarityScores]]) -> dict[str, Any]:
    """Mean, deviation and every round of each embedding's figures, as plain values."""
    described = {}
    for name, rounds in scores.items():
        values = [each.to_dict() for each in rounds]
        figures = {title: [each[title] for each in values] for title in values[0]}
        described[name] = {
            "mean": {title: float(np.mean(each)) for title, each in figures.items()},
            "deviation": {title: float(np.std(each)) for title, each in figures.items()},
            "rounds": values,
        }
    return described


def from_description(described: Mapping[str, Any]) -> Scores:
    """The opposite of :func:`describe`."""
    return {
        name: [SimilarityScores(**values) for values in each["rounds"]]
        for name, each in described.items()
    }
