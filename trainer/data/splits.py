"""Dividing clips, or triplets, into training, validation and test."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.data.clip import Clip
from trainer.errors import DataError

PARTS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Split:
    """Clips apart by artist: nobody is in two parts."""

    train: tuple[Clip, ...]
    validation: tuple[Clip, ...]
    test: tuple[Clip, ...]


def split_by_artist(clips: Sequence[Clip], shares: tuple[float, float, float], seed: int) -> Split:
    """Divides by artist, genre by genre, as near to ``shares`` as whole artists allow.

    A clip without an artist counts as its own.

    Raises:
        DataError: A part stays empty.
    """
    parts: dict[str, list[Clip]] = {part: [] for part in PARTS}
    placed: dict[str, str] = {}
    rng = np.random.default_rng(seed)
    for _, group in sorted(_by_genre(clips).items()):
        artists = defaultdict(list)
        for clip in group:
            artists[clip.artist or clip.key].append(clip)
        _deal(artists, shares, rng, parts, placed)
    if empty := [part for part in PARTS if not parts[part]]:
        raise DataError(f"no clips left for {', '.join(empty)}: too few artists to divide")
    return Split(*(tuple(parts[part]) for part in PARTS))


def _by_genre(clips: Sequence[Clip]) -> dict[str, list[Clip]]:
    groups = defaultdict(list)
    for clip in clips:
        groups[clip.genre].append(clip)
    return groups


def _deal(
    artists: dict[str, list[Clip]],
    shares: tuple[float, float, float],
    rng: np.random.Generator,
    parts: dict[str, list[Clip]],
    placed: dict[str, str],
) -> None:
    """Gives each artist, in random order, to the part that lacks most; the big ones first."""
    total = sum(len(group) for group in artists.values())
    lacking = {part: share * total for part, share in zip(PARTS, shares, strict=True)}
    names = sorted(artists)
    order = [names[index] for index in rng.permutation(len(names))]
    # Artists with several clips first: placed last, they would have to go where there is no room
    # for all of them.
    order.sort(key=lambda name: -min(len(artists[name]), 2))
    for name in order:
        # An artist of several genres stays in the part where the first genre put them.
        part = placed.get(name) or max(lacking, key=lambda wanted: lacking[wanted])
        placed[name] = part
        parts[part].extend(artists[name])
        lacking[part] -= len(artists[name])


def split_counts(total: int, shares: tuple[float, float, float]) -> tuple[int, int, int]:
    """How many of ``total`` each part gets; the rounding goes to the last."""
    train, validation = round(total * shares[0]), round(total * shares[1])
    return train, validation, total - train - validation
