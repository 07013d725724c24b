"""How much of a track to embed: quality against processor time, a policy a point.

Two different recordings stand behind the two axes. Quality is measured on the data's clips of 60
to 100 s by unseen artists, so "all" means at most 100 s there; cost is that of a song of five
minutes, where "all" means five minutes. Excerpts of a song lie farther apart than those of a
clip, so a song gives them more to differ by than the figures here can show.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from tqdm import tqdm

from mecomp_desktop.analysis.excerpts import Excerpts, Policy, WholeTrack
from mecomp_desktop.arrays import Doubles
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.evaluation.embedding_cost import decoding_cost_ms, embedding_cost_ms, write_songs
from trainer.evaluation.plots import new_figure
from trainer.evaluation.similarity import (
    TITLES,
    SimilarityScores,
    mean_scores,
    measure_similarity,
)
from trainer.evaluation.track_embedding import AudioEmbedder, full_recording, take_excerpts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POLICIES: tuple[Policy, ...] = (
    Excerpts(1, 10),
    Excerpts(1, 30),
    Excerpts(2, 10),
    Excerpts(3, 5),
    Excerpts(3, 10),
    Excerpts(4, 5),
    Excerpts(5, 6),
    Excerpts(6, 5),
    Excerpts(10, 3),
    Excerpts(10, 4),
    Excerpts(10, 5),
    Excerpts(6, 10),
    WholeTrack(),
)
# What a song of five minutes may cost of one core: drawn beside the measured cost.
COST_TARGETS_MS: Mapping[str, float] = {
    "FLAC": 100.0,
    "MP3": 100.0,
    "M4A": 100.0,
    "Vorbis": 150.0,
    "Opus": 150.0,
}
MAX_QUALITY_LOSS = 0.005  # against embedding all of a track; drawn beside the measured loss
_JACKKNIFE_GROUPS = 10
# Where a clip was cut from its song is chance: each is embedded from several offsets on.
_START_OFFSETS_S = (0.0, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class CostPoint:
    """One policy.

    Attributes:
        policy: Its name.
        embedded_s: The most that is decoded and embedded of a track, in seconds.
        scores: The five figures on held-out artists; the mean over four beginnings of each clip.
        loss: Of their mean, against embedding all; negative where less is better.
        loss_deviation: Of that difference, by a jackknife over groups of artists.
        cost_ms: By format, milliseconds of one core for a song of five minutes.
    """

    policy: str
    embedded_s: float
    scores: SimilarityScores
    loss: float
    loss_deviation: float
    cost_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class CostCurve:
    """Quality against cost.

    Attributes:
        tracks: How many clips quality was measured on.
        longest_s: The length of the longest of them, in seconds.
        points: A policy each, all of a track last.
        decoding_ms: By format, milliseconds of one core to decode all of the song.
    """

    tracks: int
    longest_s: float
    points: tuple[CostPoint, ...]
    decoding_ms: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)

    def lines(self) -> list[str]:
        """A Markdown table, a policy a row."""
        formats = list(self.decoding_ms)
        header = ["policy", *TITLES.values(), "lost", *(f"{name}, ms" for name in formats)]
        lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
        for point in self.points:
            cells = [f"{value:.3f}" for value in point.scores.to_dict().values()]
            cells.append(f"{point.loss:+.3f} ± {point.loss_deviation:.3f}")
            cells += [f"{point.cost_ms[name]:.0f}" for name in formats]
            lines.append("| " + " | ".join([point.policy, *cells]) + " |")
        cells = [""] * (len(TITLES) + 1) + [f"{self.decoding_ms[name]:.0f}" for name in formats]
        lines.append("| " + " | ".join(["decoding all of the song", *cells]) + " |")
        return lines


def measure_cost_curve(
    embed: AudioEmbedder,
    clips: Sequence[Clip],
    cache: AudioCache,
    emotions: Mapping[str, tuple[float, ...]],
    policies: Sequence[Policy] = POLICIES,
    siblings: Sequence[tuple[AudioEmbedder, Sequence[Clip]]] = (),
) -> CostCurve:
    """Measures every policy.

    Args:
        embed: What is measured; for the true cost a model file (:func:`onnx_embedder`).
        clips: Recordings by artists that it was not trained on.
        cache: Their decoded audio.
        emotions: By clip key, listeners' ratings.
        policies: What to try; quality is compared with the last one.
        siblings: Other trainings of the same recipe, each with the clips that it was not
            trained on; quality is the mean over all, which steadies it. Cost is of ``embed``.
    """
    folds = [(embed, clips), *siblings]
    known = [list(held) for _, held in folds]
    embedded = [_embed_all(folds, cache, policy) for policy in policies]
    rate_hz = cache.sample_rate_hz
    with tempfile.TemporaryDirectory() as folder:
        songs = write_songs(Path(folder), clips)
        decoding = decoding_cost_ms(songs, rate_hz)
        costs = [embedding_cost_ms(embed, songs, rate_hz, policy) for policy in policies]
    points = tuple(
        _point(policy, (vectors, embedded[-1]), cost, known, emotions)
        for policy, vectors, cost in zip(policies, embedded, costs, strict=True)
    )
    every = {clip.key: clip for held in known for clip in held}
    longest_s = max(cache.duration_s(clip.path) for clip in every.values())
    return CostCurve(len(every), longest_s, points, decoding)


Rounds: TypeAlias = list[list[Doubles]]
"""For each fold and each of ``_START_OFFSETS_S``, ``[clips, dimension]``."""


def _point(
    policy: Policy,
    embedded: tuple[Rounds, Rounds],
    cost_ms: dict[str, float],
    known: Sequence[Sequence[Clip]],
    emotions: Mapping[str, tuple[float, ...]],
) -> CostPoint:
    """One policy's figures; ``embedded`` by it, and by the policy that it is compared with."""
    by_policy, by_last = embedded
    scores = _scores(by_policy, known, emotions)
    return CostPoint(
        policy=policy.name,
        embedded_s=policy.total_s,
        scores=scores,
        loss=_scores(by_last, known, emotions).mean() - scores.mean(),
        loss_deviation=_loss_deviation(by_policy, by_last, known, emotions),
        cost_ms=cost_ms,
    )


def _embed_all(
    folds: Sequence[tuple[AudioEmbedder, Sequence[Clip]]], cache: AudioCache, policy: Policy
) -> Rounds:
    rate_hz = cache.sample_rate_hz
    found = []
    for embed, clips in folds:
        rounds: list[list[Doubles]] = [[] for _ in _START_OFFSETS_S]
        for clip in tqdm(clips, f"embedding {policy.name}", leave=False, disable=None):
            audio = full_recording(clip, cache)
            for begin_s, rows in zip(_START_OFFSETS_S, rounds, strict=True):
                rows.append(
                    embed(take_excerpts(audio[round(begin_s * rate_hz) :], rate_hz, policy))
                )
        found.append([np.stack(rows) for rows in rounds])
    return found


def _scores(
    embedded: Rounds,
    known: Sequence[Sequence[Clip]],
    emotions: Mapping[str, tuple[float, ...]],
    without: frozenset[str] = frozenset(),
) -> SimilarityScores:
    """The mean over folds and start offsets, some artists left out."""
    found = []
    for rounds, clips in zip(embedded, known, strict=True):
        rows = [row for row, clip in enumerate(clips) if (clip.artist or clip.key) not in without]
        left = [clips[row] for row in rows]
        found += [measure_similarity(vectors[rows], left, emotions) for vectors in rounds]
    return mean_scores(found)


def _loss_deviation(
    fewer: Rounds,
    every: Rounds,
    known: Sequence[Sequence[Clip]],
    emotions: Mapping[str, tuple[float, ...]],
) -> float:
    """The jackknife's deviation of the loss: measured without one tenth of the artists each."""
    artists = sorted({clip.artist or clip.key for clips in known for clip in clips})
    count = min(_JACKKNIFE_GROUPS, len(artists))
    losses = []
    # Both sides without the same artists: the difference varies less than either.
    for group in range(count):
        out = frozenset(artists[group::count])
        kept = [_scores(embedded, known, emotions, out).mean() for embedded in (every, fewer)]
        losses.append(kept[0] - kept[1])
    # The jackknife leaves groups of artists out, not clips: clips by one artist err together, and
    # taken as independent they would make the deviation look too small.
    return float(np.sqrt((count - 1) * np.var(losses)))


def plot_cost_curve(curve: CostCurve, path: Path) -> None:
    """Draws, policy by policy in the order of their cost, what each gives and what each takes."""
    figure = new_figure(9, 7)
    gives, takes = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    order = sorted(curve.points, key=lambda point: max(point.cost_ms.values()))
    _draw_quality(gives, order, curve)
    _draw_cost(takes, order)
    names = [point.policy.replace("excerpts-", "").replace("x", "×") for point in order]
    takes.set_xticks(range(len(order)), names, rotation=30, ha="right")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def _draw_quality(axes: "Axes", order: Sequence[CostPoint], curve: CostCurve) -> None:
    everything = curve.points[-1].scores.to_dict()
    for name, title in TITLES.items():
        change = [100 * (point.scores.to_dict()[name] - everything[name]) for point in order]
        axes.plot(change, marker=".", linewidth=1, alpha=0.5, label=title)
    axes.errorbar(
        range(len(order)),
        [-100 * point.loss for point in order],
        [100 * point.loss_deviation for point in order],
        color="black",
        marker="o",
        capsize=3,
        label="mean of the five",
    )
    axes.axhline(-100 * MAX_QUALITY_LOSS, color="grey", linestyle=":")
    axes.set_ylabel(f"points against embedding all (≤ {curve.longest_s:.0f} s)")
    axes.set_title(f"{curve.tracks} clips by unseen artists")
    axes.legend(fontsize=8, ncols=2)
    axes.grid(alpha=0.3)


def _draw_cost(axes: "Axes", order: Sequence[CostPoint]) -> None:
    for name in order[0].cost_ms:
        axes.plot([point.cost_ms[name] for point in order], marker=".", label=name)
    for limit_ms in sorted(set(COST_TARGETS_MS.values())):
        axes.axhline(limit_ms, color="grey", linestyle=":")
    from matplotlib.ticker import LogLocator

    axes.set_yscale("log")
    axes.set_ylabel("ms of one core, five minutes")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.legend(fontsize=8, ncols=5)
    axes.grid(alpha=0.3)
