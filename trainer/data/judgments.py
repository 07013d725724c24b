"""What people said: of three songs, which two belong together.

They come from tables (see ``answers``), or are derived from ratings. A song is a clip's key, a
path, or an FMA track id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from mecomp_desktop.arrays import Doubles
from trainer.data.answers import Answer, read_answers
from trainer.data.clip import Clip
from trainer.data.triplets import Triplet
from trainer.errors import DataError


@dataclass(frozen=True, slots=True)
class Judgment:
    """Three songs; ``first`` and ``second`` sound alike, ``odd`` is the odd one out."""

    first: str
    second: str
    odd: str

    def triplets(self) -> tuple[Triplet, Triplet]:
        """Either of the two may be the anchor."""
        return (
            Triplet(self.first, self.second, self.odd, "human"),
            Triplet(self.second, self.first, self.odd, "human"),
        )


def read_judgments(path: Path) -> tuple[list[Judgment], int]:
    """Reads the judged rows; also returns how many are still unjudged.

    Songs of the app's table go by their paths, where it tells them.

    Raises:
        DataError: A column is missing, or a row's anchor and positive make no sense.
    """
    answers, open_rows = read_answers(path)
    return [_judgment(answer) for answer in answers], open_rows


def _judgment(answer: Answer) -> Judgment:
    names = [path or song for path, song in zip(answer.paths, answer.songs, strict=True)]
    first, second = answer.closest.members
    return Judgment(names[first], names[second], names[answer.closest.odd])


def split_judgments(
    judgments: Sequence[Judgment], shares: tuple[float, float, float], seed: int
) -> tuple[list[Judgment], list[Judgment], list[Judgment]]:
    """Divides judgments at random; 60 by 50 / 30 / 20 % are the paper's 30, 18 and 12.

    Raises:
        DataError: A part stays empty.
    """
    order = np.random.default_rng(seed).permutation(len(judgments))
    first = round(shares[0] * len(order))
    second = first + round(shares[1] * len(order))
    groups = (order[:first], order[first:second], order[second:])
    if any(len(group) == 0 for group in groups):
        raise DataError(f"{len(judgments)} judgments are too few to divide in three")
    train, validation, test = ([judgments[i] for i in group] for group in groups)
    return train, validation, test


def known_judgments(
    judgments: Sequence[Judgment], clips: Mapping[str, Clip]
) -> tuple[list[Judgment], int]:
    """Judgments whose three songs are among ``clips``, by key or path; and how many are not."""
    keys = {key: key for key in clips}
    for key, clip in clips.items():
        keys |= {str(clip.path): key, str(clip.path.resolve()): key}
    kept = [
        Judgment(keys[j.first], keys[j.second], keys[j.odd])
        for j in judgments
        if {j.first, j.second, j.odd} <= keys.keys()
    ]
    return kept, len(judgments) - len(kept)


def from_emotions(
    clips: Sequence[Clip],
    emotions: Mapping[str, tuple[float, ...]],
    count: int,
    seed: int,
    clearness: float = 0.6,
) -> list[Judgment]:
    """Derives judgments from what listeners felt.

    Three rated clips by three artists; two are judged alike if their felt emotions (each
    standardised) lie within ``clearness`` times the distance of either to the third. Fewer than
    ``count`` come back if there are no more.
    """
    rated = [clip for clip in clips if clip.key in emotions]
    if len(rated) < 3:
        return []
    values = np.array([emotions[clip.key] for clip in rated])
    # Standardised: some emotions are named by everyone, and would decide every distance.
    values = (values - values.mean(0)) / np.maximum(values.std(0), 1e-9)
    apart = np.sqrt(((values[:, None] - values[None]) ** 2).sum(-1))
    rng = np.random.default_rng(seed)
    found: dict[Judgment, None] = {}
    # Bounded: with few rated clips there may be fewer clear threes than were asked for.
    for _ in range(100 * count):
        if len(found) == count:
            break
        three = rng.choice(len(rated), 3, replace=False)
        judgment = _felt(rated, apart, [int(index) for index in three], clearness)
        if judgment is not None:
            found[judgment] = None
    return list(found)


def _felt(
    rated: Sequence[Clip], apart: Doubles, three: list[int], clearness: float
) -> Judgment | None:
    if len({rated[index].artist for index in three}) < 3:
        return None
    first, second = min(combinations(sorted(three), 2), key=lambda pair: apart[pair])
    (odd,) = set(three) - {first, second}
    if apart[first, second] >= clearness * min(apart[first, odd], apart[second, odd]):
        return None
    return Judgment(rated[first].key, rated[second].key, rated[odd].key)
