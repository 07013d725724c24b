"""Which clips go through the network together, and the triplets among them.

A clip that several triplets of a batch share is in the batch once: one forward pass serves them
all. The plan of an epoch depends on its number and the seed alone, so a resumed run goes on as
if it had never stopped, and every process of several makes the same plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Rows
from trainer.data.clip import Clip
from trainer.data.triplets import Triplet
from trainer.errors import DataError

POOL_GENRES = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """Unique clips, and triplets between them.

    Attributes:
        clips: What is embedded; one clip can be there twice, as two excerpts of it.
        triplets: ``[n, 3]``, rows of ``clips``.
    """

    clips: tuple[Clip, ...]
    triplets: Rows


def list_batches(
    triplets: Sequence[Triplet],
    clips: dict[str, Clip],
    size: int,
    rng: np.random.Generator,
    sharing: bool = False,
) -> Iterator[Batch]:
    """Batches of ``size`` triplets of a list, each triplet once, in random order.

    Args:
        triplets: The list.
        clips: By key.
        size: Triplets in a batch.
        rng: Decides the order.
        sharing: Put triplets together that share clips: the fewer clips in a batch, the less
            there is to compute.

    Raises:
        DataError: A triplet names a clip that is not there.
    """
    order = rng.permutation(len(triplets))
    if sharing:
        order = order[_by_sharing([triplets[index] for index in order], size)]
    for start in range(0, len(order), size):
        yield gather([triplets[index] for index in order[start : start + size]], clips)


def _by_sharing(triplets: Sequence[Triplet], size: int) -> Rows:
    """An order in which each next triplet of a batch brings as few new clips as there are."""
    names: dict[str, int] = {}
    rows = np.array(
        [
            [names.setdefault(key, len(names)) for key in (t.anchor, t.positive, t.negative)]
            for t in triplets
        ],
        np.int64,
    ).reshape(-1, 3)
    left = np.ones(len(rows), dtype=bool)
    # Greedy, and quadratic in the number of triplets: little beside the forward passes that shared
    # clips save.
    order = np.empty(len(rows), np.int64)
    inside = np.zeros(len(names), dtype=bool)
    for place in range(len(rows)):
        if place % size == 0:
            inside[:] = False
        shared = inside[rows].sum(1)
        order[place] = np.where(left, shared, -1).argmax()
        left[order[place]] = False
        inside[rows[order[place]]] = True
    return order


def gather(chosen: Sequence[Triplet], clips: dict[str, Clip]) -> Batch:
    """Makes one batch of these triplets."""
    rows: dict[tuple[str, int], int] = {}
    table = np.empty((len(chosen), 3), np.int64)
    for index, triplet in enumerate(chosen):
        # In the relation track anchor and positive are two excerpts of one clip, so the clip is in
        # the batch twice; in all others once for all triplets.
        places = (0, int(triplet.relation == "track"), 0)
        keys = (triplet.anchor, triplet.positive, triplet.negative)
        for column, place in enumerate(zip(keys, places, strict=True)):
            table[index, column] = rows.setdefault(place, len(rows))
    missing = {key for key, _ in rows if key not in clips}
    if missing:
        raise DataError(f"triplets name clips that are not there: {', '.join(sorted(missing)[:5])}")
    return Batch(tuple(clips[key] for key, _ in rows), table)


def pool_batches(
    clips: Sequence[Clip], pool: int, size: int, count: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """``count`` batches of up to ``size`` genre triplets, each among ``pool`` clips.

    Raises:
        DataError: Fewer than two genres have two clips.
    """
    genres: dict[str, list[Clip]] = {}
    for clip in clips:
        genres.setdefault(clip.genre, []).append(clip)
    usable = {name: group for name, group in genres.items() if name and len(group) >= 2}
    if len(usable) < 2:
        raise DataError("training by genre needs two genres with two clips each")
    for _ in range(count):
        chosen = _draw_pool(usable, pool, rng)
        yield Batch(tuple(chosen), _genre_triplets(chosen, size, rng))


def _draw_pool(genres: dict[str, list[Clip]], pool: int, rng: np.random.Generator) -> list[Clip]:
    """Draws some genres, by their size, and equally many clips of each."""
    names = sorted(genres)
    weights = np.array([len(genres[name]) for name in names], float)
    take = min(POOL_GENRES, len(names))
    picked = rng.choice(len(names), take, replace=False, p=weights / weights.sum())
    chosen: list[Clip] = []
    for index in picked:
        group = genres[names[index]]
        wanted = min(len(group), pool // take)
        chosen += [group[i] for i in rng.choice(len(group), wanted, replace=False)]
    return chosen


def _genre_triplets(clips: Sequence[Clip], size: int, rng: np.random.Generator) -> Rows:
    """All triplets by genre among these clips, or ``size`` of them."""
    genre = np.array([clip.genre for clip in clips])
    same = genre[:, None] == genre[None]
    pairs = np.argwhere(same & ~np.eye(len(clips), dtype=bool))
    negatives = [np.flatnonzero(~same[anchor]) for anchor, _ in pairs]
    every = np.array(
        [(a, p, n) for (a, p), rows in zip(pairs, negatives, strict=True) for n in rows],
        np.int64,
    ).reshape(-1, 3)
    if len(every) <= size:
        return every
    return every[rng.choice(len(every), size, replace=False)]
