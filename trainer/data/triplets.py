"""Synthetic triplets: which two of three clips belong together, from what is known about them."""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.data.clip import Clip
from trainer.data.tables import read_table
from trainer.errors import DataError

COLUMNS = ("anchor", "positive", "negative", "relation")


@dataclass(frozen=True, slots=True)
class Triplet:
    """Keys of three clips: ``anchor`` is closer to ``positive`` than to ``negative``.

    In the relation ``track`` anchor and positive are the same clip, from two places in it.
    """

    anchor: str
    positive: str
    negative: str
    relation: str = "genre"


Pick = Callable[[int, np.random.Generator], tuple[int, int] | None]


class TripletMaker:
    """Draws triplets from clips by one relation or a weighted mixture of them.

    - ``genre``: same top-level genre by another artist, against another genre (the paper's);
    - ``lineage``: one genre's clips that share more ancestors, against fewer (the hierarchy);
    - ``artist``, ``album``: same, against another of the same genre where there is one;
    - ``track``: the same clip in another place, against any other clip.
    """

    def __init__(self, clips: Sequence[Clip]) -> None:
        self.clips = clips
        self._groups = {name: _group(clips, name) for name in ("genre", "artist", "album")}
        self._pickers: dict[str, Pick] = {
            "genre": self._by_genre,
            "lineage": self._by_lineage,
            "artist": lambda anchor, rng: self._by_label("artist", anchor, rng),
            "album": lambda anchor, rng: self._by_label("album", anchor, rng),
            "track": self._by_track,
        }

    def draw(self, count: int, weights: Mapping[str, float], seed: int) -> list[Triplet]:
        """Draws ``count`` triplets, no two alike while there are enough.

        Raises:
            DataError: These clips hold no such triplet, or a relation is unknown.
        """
        unknown = set(weights) - set(self._pickers)
        if unknown:
            raise DataError(f"unknown relation(s) {', '.join(sorted(unknown))}")
        rng = np.random.default_rng(seed)
        # Sorted, so that the order in which relations were named does not change the draw.
        names = sorted(weights)
        chances = np.array([weights[name] for name in names], float)
        drawn: dict[Triplet, None] = {}
        # Bounded: a small set may hold fewer different triplets than were asked for, and some
        # anchors have none.
        for _ in range(50 * count + 1_000):
            if len(drawn) == count:
                return list(drawn)
            relation = names[int(rng.choice(len(names), p=chances / chances.sum()))]
            if triplet := self._draw_one(relation, rng):
                drawn[triplet] = None
        if not drawn:
            raise DataError(f"{len(self.clips)} clips hold no triplet by {', '.join(names)}")
        return _repeat(list(drawn), count)

    def _draw_one(self, relation: str, rng: np.random.Generator) -> Triplet | None:
        if not self.clips:
            return None
        anchor = int(rng.integers(len(self.clips)))
        found = self._pickers[relation](anchor, rng)
        if found is None:
            return None
        positive, negative = found
        clips = self.clips
        return Triplet(clips[anchor].key, clips[positive].key, clips[negative].key, relation)

    def _by_genre(self, anchor: int, rng: np.random.Generator) -> tuple[int, int] | None:
        mine = self.clips[anchor]
        genre = mine.genre
        same = [index for index in self._groups["genre"].get(genre, []) if index != anchor]
        foreign = [i for i in same if not mine.artist or self.clips[i].artist != mine.artist]
        other_genres = [name for name in self._groups["genre"] if name != genre]
        if not genre or not same or not other_genres:
            return None
        drawn = other_genres[int(rng.integers(len(other_genres)))]
        return _draw(foreign or same, rng), _draw(self._groups["genre"][drawn], rng)

    def _by_lineage(self, anchor: int, rng: np.random.Generator) -> tuple[int, int] | None:
        mine = self.clips[anchor]
        same = [index for index in self._groups["genre"].get(mine.genre, []) if index != anchor]
        if len(same) < 2:
            return None
        first, second = (same[index] for index in rng.choice(len(same), 2, replace=False))
        shared = [len(mine.lineage & self.clips[index].lineage) for index in (first, second)]
        if shared[0] == shared[1]:
            return None
        return (first, second) if shared[0] > shared[1] else (second, first)

    def _by_label(
        self, label: str, anchor: int, rng: np.random.Generator
    ) -> tuple[int, int] | None:
        mine = getattr(self.clips[anchor], label)
        same = [index for index in self._groups[label].get(mine, []) if index != anchor]
        if not mine or not same:
            return None
        genre = self._groups["genre"].get(self.clips[anchor].genre, range(len(self.clips)))
        negatives = [index for index in genre if getattr(self.clips[index], label) != mine]
        if not negatives:
            negatives = [i for i, clip in enumerate(self.clips) if getattr(clip, label) != mine]
        return (_draw(same, rng), _draw(negatives, rng)) if negatives else None

    def _by_track(self, anchor: int, rng: np.random.Generator) -> tuple[int, int] | None:
        if len(self.clips) < 2:
            return None
        step = 1 + int(rng.integers(len(self.clips) - 1))
        return anchor, (anchor + step) % len(self.clips)


def _group(clips: Sequence[Clip], label: str) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, clip in enumerate(clips):
        if value := getattr(clip, label):
            groups[value].append(index)
    return dict(groups)


def _draw(indices: Sequence[int], rng: np.random.Generator) -> int:
    return indices[int(rng.integers(len(indices)))]


def _repeat(triplets: list[Triplet], count: int) -> list[Triplet]:
    return [triplets[index % len(triplets)] for index in range(count)]


def write_triplets(path: Path, triplets: Sequence[Triplet]) -> None:
    """Writes triplets as CSV with the columns anchor, positive, negative, relation."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows((t.anchor, t.positive, t.negative, t.relation) for t in triplets)


def read_triplets(path: Path) -> list[Triplet]:
    """Reads what :func:`write_triplets` wrote, or the paper's ``synthetic_triplets.csv``.

    The paper's has two header rows; its first three columns are FMA track ids.

    Raises:
        DataError: The file is missing or has other columns.
    """
    table = read_table(path, COLUMNS[:3])
    if len(table) and set(table.iloc[0, :3]) == {"track_id"}:
        rows = table.iloc[1:, :3].itertuples(index=False, name=None)
        return [Triplet(*row) for row in rows]
    rows = read_table(path, COLUMNS)[list(COLUMNS)].itertuples(index=False, name=None)
    return [Triplet(*row) for row in rows]
