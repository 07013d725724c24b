"""Listeners with ideas of their own about real music, and its embeddings by the bundled model.

What an idea weighs is measured here, from audio, in other ways than the trainer's descriptors, or
is what people felt (the ratings of ``mood_ratings.csv``).
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mecomp_desktop.analysis.excerpts import embed_track
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.audio.decode import decode_mono
from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.errors import UnreadableFile
from tests.support.listeners import squared_sides
from trainer.data.manifest import EMOTIONS
from trainer.personal.descriptors import describe

Matrix = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MUSIC = Path(__file__).parents[3] / "shared/data/music"
RATE_HZ, _SIZE, _HOP, _EXCERPT_S = 22_050, 2048, 1024, 60.0

# None of these measures was used to choose a setting of the sampler or the learner. Of what people
# felt, calmness and power were; the other emotions were looked at, and decided nothing.
IDEAS: tuple[tuple[str, ...], ...] = (
    ("roll-off", "attacks"),
    ("swells",),
    ("crest", "roll-off"),
    ("calmness", "power"),
    ("joyful_activation", "tension", "sadness"),
    ("rhythm",),
    ("harmony",),
    ("low end", "attacks"),
    ("warmth", "swells"),
    ("tenderness", "roll-off"),
)


@dataclass(frozen=True, eq=False)
class RealMusic:
    """``n`` clips as the model embeds them, and what can be weighed in them.

    Attributes:
        artists: Of each clip.
        pooled: float32 ``[n, width]``.
        embedding: float32 ``[n, dimension]``.
        described: ``[n, descriptors]``, the trainer's measures.
        qualities: By name, ``[n]`` or ``[n, values]``; not finite where nobody has rated.
    """

    artists: list[str]
    pooled: Matrix
    embedding: Matrix
    described: Doubles
    qualities: dict[str, Doubles]


class RealListener:
    """Somebody who weighs some qualities of music.

    Args:
        music: What is judged.
        idea: Names of qualities.
        seed: Another seed weighs them differently, and slips elsewhere.
        slip: How often the wrong pair is given, as a share; 1 gives any pair at random.
    """

    def __init__(
        self, music: RealMusic, idea: tuple[str, ...], seed: int, slip: float = 0.1
    ) -> None:
        self._rng = np.random.default_rng([seed, 21])
        weights = np.random.default_rng([seed, 22]).dirichlet(np.full(len(idea), 5.0))
        parts = [_scores(music.qualities[name]) for name in idea]
        self.knows = np.all([np.isfinite(part).all(axis=1) for part in parts], axis=0)
        placed = [
            part * (weight / part.shape[1]) ** 0.5
            for part, weight in zip(parts, weights, strict=True)
        ]
        self._places = np.nan_to_num(np.hstack(placed))
        self._slip = slip

    def closest(self, trios: Ints) -> Ints:
        """The pair that is truly closest, of each of ``[n, 3]``."""
        closest: Ints = squared_sides(self._places, trios).argmin(axis=1)
        return closest

    def answer(self, trio: Ints) -> Pair:
        """The answer, slips included."""
        if self._slip >= 1:
            return Pair(int(self._rng.integers(3)))
        pair = int(self.closest(np.asarray(trio)[None])[0])
        if self._rng.random() < self._slip:
            return Pair((pair + int(self._rng.integers(1, 3))) % 3)
        return Pair(pair)


def embed_music(model: Path, folder: Path = MUSIC) -> RealMusic:
    """Hear a folder with a manifest; some minutes."""
    opened = load_model(model)
    rows = []
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                audio = embed_track(folder / row["file"], opened.info.sample_rate_hz)
            except UnreadableFile:
                continue
            embedding, pooled = opened.embed(audio[None])
            described = describe(audio, opened.info.sample_rate_hz)
            long = decode_mono(folder / row["file"], RATE_HZ, 0.0, _EXCERPT_S)
            rows.append((row, embedding[0], pooled[0], described, measure(long)))
    felt = _felt(folder)
    qualities = {name: np.array([row[4][name] for row in rows]) for name in rows[0][4]}
    for place, name in enumerate(EMOTIONS):
        nothing = np.full(len(EMOTIONS), np.nan)
        ratings = [felt.get(row[0]["rating_id"], nothing)[place] for row in rows]
        qualities[name] = np.array(ratings)
    return RealMusic(
        [row[0]["artist"] for row in rows],
        *(np.stack([row[place] for row in rows]) for place in (2, 1, 3)),
        qualities,
    )


def measure(audio: Matrix) -> dict[str, Doubles]:
    """What the ideas weigh, of mono audio at ``RATE_HZ``."""
    audio = audio / (np.sqrt((audio.astype(np.float64) ** 2).mean()) + 1e-9)
    frames = np.lib.stride_tricks.sliding_window_view(audio, _SIZE)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_SIZE), axis=1)) ** 2
    frequency = np.fft.rfftfreq(_SIZE, 1 / RATE_HZ)
    share = np.cumsum(power, axis=1) / (power.sum(axis=1, keepdims=True) + 1e-9)
    roll_off = np.log2(frequency[(share < 0.85).sum(axis=1).clip(max=len(frequency) - 1)] + 50)
    energy = np.log(power.sum(axis=1) + 1e-3)
    rises = np.maximum(np.diff(energy), 0)
    second = round(RATE_HZ / _HOP)
    slow = energy[: len(energy) // (2 * second) * 2 * second].reshape(-1, 2 * second).mean(axis=1)
    rhythm = np.abs(np.fft.rfft(rises - rises.mean(), 1024))
    bins = np.array_split(rhythm[20:380], 12)
    tones = np.stack(
        [
            power[:, (frequency > f * 0.97) & (frequency < f * 1.03)].sum(axis=1)
            for f in 110 * 2 ** (np.arange(36) / 12)
        ],
        axis=1,
    )
    chroma = tones.reshape(len(tones), 3, 12).sum(axis=1)
    mean = (chroma / (chroma.sum(axis=1, keepdims=True) + 1e-6)).mean(axis=0)
    low, middle = frequency < 120, (frequency > 200) & (frequency < 1200)
    total = power.sum() + 1e-9
    return {
        "roll-off": np.array(roll_off.mean()),
        "attacks": np.array(np.log((rises > 0.7).mean() + 0.01)),
        "swells": np.array(slow.std() if len(slow) else 0.0),
        "crest": np.array(np.log(np.abs(audio).max())),
        "rhythm": np.log(np.array([part.mean() for part in bins]) / rhythm.mean() + 0.1),
        "harmony": np.abs(np.fft.fft(mean))[1:7],
        "low end": np.array(np.log(power[:, low].sum() / total + 1e-3)),
        "warmth": np.array(np.log(power[:, middle].sum() / total + 1e-3)),
    }


def _felt(folder: Path) -> dict[str, Doubles]:
    ratings: dict[str, list[list[float]]] = {}
    with (folder / "mood_ratings.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ratings.setdefault(row["rating_id"], []).append([float(row[name]) for name in EMOTIONS])
    return {clip: np.mean(rows, axis=0) for clip, rows in ratings.items()}


def _scores(values: Doubles) -> Doubles:
    """Ranks spread as a normal distribution is, so that no clip counts by being extreme."""
    columns = values.reshape(len(values), -1).astype(float)
    result = np.full_like(columns, np.nan)
    for place, column in enumerate(columns.T):
        known = np.isfinite(column)
        ranks = (column[known].argsort().argsort() + 0.5) / known.sum()
        result[known, place] = np.log(ranks / (1 - ranks)) / 1.7
    return result
