"""Measuring embeddings on clips the model was not trained on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mecomp_desktop.arrays import Doubles, Rows
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.data.triplets import Triplet
from trainer.errors import DataError
from trainer.evaluation.clip_embedding import embed_clips, mfcc_clips
from trainer.evaluation.metrics import (
    confusion,
    cosine_distances,
    euclidean_distances,
    retrieval,
    triplet_score,
)
from trainer.evaluation.plots import plot_confusion, plot_distances, plot_map
from trainer.models.embedder import Embedder

Embed = Callable[[Sequence[Clip], int], Doubles]


@dataclass(frozen=True, slots=True)
class EvalSet:
    """What is asked.

    Attributes:
        clips: Labelled clips for retrieval.
        triplets: By name, triplets over clips found in ``known``.
        repeats: How often, each time with another excerpt.
    """

    clips: tuple[Clip, ...]
    triplets: dict[str, list[Triplet]]
    known: dict[str, Clip]
    repeats: int = 3


def model_embedder(model: Embedder, cache: AudioCache, clip_s: float) -> Embed:
    """Embeds with a network."""
    return lambda clips, repeat: embed_clips(model, cache, clips, clip_s, repeat)


def mfcc_embedder(cache: AudioCache, clip_s: float) -> Embed:
    """Embeds with the MFCC baseline."""
    return lambda clips, repeat: mfcc_clips(cache, clips, clip_s, repeat)


def evaluate(embed: Embed, eval_set: EvalSet) -> dict[str, Any]:
    """Measures on the eval set; every value as mean and deviation over the repeats.

    Raises:
        DataError: There is nothing to measure on.
    """
    if len(eval_set.clips) < 2:
        raise DataError("there are no held-out clips to measure on")
    # Each with other excerpts: the deviation says how much depends on where a clip was cut.
    rounds = [_once(embed, eval_set, repeat) for repeat in range(eval_set.repeats)]
    return {
        "clips": len(eval_set.clips),
        "artists": len({clip.artist for clip in eval_set.clips}),
        "repeats": eval_set.repeats,
        "retrieval": _spread([each["retrieval"] for each in rounds]),
        "by genre": {
            genre: _spread([each["by genre"][genre] for each in rounds])
            for genre in rounds[0]["by genre"]
        },
        "triplets": {
            name: {"count": len(eval_set.triplets[name])}
            | _spread([each["triplets"][name] for each in rounds])
            for name in rounds[0]["triplets"]
        },
    }


def _once(embed: Embed, eval_set: EvalSet, repeat: int) -> dict[str, Any]:
    ranked = retrieval(
        cosine_distances(embed(eval_set.clips, repeat)),
        [clip.genre for clip in eval_set.clips],
        [clip.artist for clip in eval_set.clips],
    )
    if len(ranked.labels) == 0:
        raise DataError("of the held-out clips, no two are of one genre and by different artists")
    scores = {}
    for name, triplets in eval_set.triplets.items():
        if triplets:
            distances, rows = _triplet_distances(embed, triplets, eval_set.known, repeat)
            score = triplet_score(distances, rows)
            scores[name] = {
                "accuracy": score.accuracy,
                "loss": score.loss,
                "positive distance": score.positive_distance,
                "negative distance": score.negative_distance,
            }
    return {
        "retrieval": ranked.summary(),
        "by genre": ranked.by_class(),
        "triplets": scores,
    }


def _triplet_distances(
    embed: Embed, triplets: Sequence[Triplet], known: dict[str, Clip], repeat: int
) -> tuple[Doubles, Rows]:
    keys = sorted({key for t in triplets for key in (t.anchor, t.positive, t.negative)})
    row = {key: index for index, key in enumerate(keys)}
    distances = euclidean_distances(embed([known[key] for key in keys], repeat))
    rows = [(row[t.anchor], row[t.positive], row[t.negative]) for t in triplets]
    return distances, np.array(rows, np.int64)


def _spread(rounds: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    return {
        name: {
            "mean": float(np.mean([each[name] for each in rounds])),
            "deviation": float(np.std([each[name] for each in rounds])),
        }
        for name in rounds[0]
    }


def draw_pictures(embed: Embed, eval_set: EvalSet, folder: Path) -> None:
    """Map, confusion table and distance histogram, as PNG files in ``folder``."""
    vectors = embed(eval_set.clips, 0)
    genres = [clip.genre for clip in eval_set.clips]
    plot_map(vectors, genres, folder / "map.png")
    artists = [clip.artist for clip in eval_set.clips]
    classes, table = confusion(cosine_distances(vectors), genres, artists)
    plot_confusion(classes, table, folder / "confusion.png")
    for name, triplets in eval_set.triplets.items():
        if triplets:
            distances, rows = _triplet_distances(embed, triplets, eval_set.known, 0)
            near, far = distances[rows[:, 0], rows[:, 1]], distances[rows[:, 0], rows[:, 2]]
            plot_distances(near, far, folder / f"distances-{name}.png")


def report_lines(results: dict[str, Any]) -> list[str]:
    """Results as lines for the console."""
    lines = [f"{results['clips']} clips by {results['artists']} artists, {results['repeats']} ×"]
    for name, values in results["triplets"].items():
        lines.append(f"{name} triplets ({values['count']}): " + _row(values))
    lines.append("genre retrieval, artist filter: " + _row(results["retrieval"]))
    return lines


def _row(values: dict[str, Any]) -> str:
    return "  ".join(
        f"{name} {each['mean']:.3f} ± {each['deviation']:.3f}"
        for name, each in values.items()
        if isinstance(each, dict)
    )
