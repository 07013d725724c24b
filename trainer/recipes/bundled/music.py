"""The data set as the bundled model's training sees it: clips, labels, folds, spectra."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mecomp_desktop.arrays import Rows
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip, MusicSet
from trainer.data.loader import readable
from trainer.data.read import read_music
from trainer.models import build_model
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.recipes.bundled.labels import Labels, make_folds, make_labels, with_true_artists
from trainer.recipes.bundled.mels import MelProgress, make_mels
from trainer.recipes.bundled.recipe import Recipe
from trainer.recipes.bundled.training_job import HeldOut


class Part(NamedTuple):
    """A part of the artists that is held out.

    Attributes:
        division: The seed of the division.
        fold: Which part of it.
    """

    division: int
    fold: int

    def __str__(self) -> str:
        return f"division {self.division}, fold {self.fold}"


@dataclass(frozen=True, slots=True)
class Music:
    """Everything that trainings and measurements share.

    Attributes:
        source: The data set as it was read.
        clips: Those that can be decoded, with true artists; a clip's row is its place here.
        skipped: What was left out, and why.
        labels: Of the clips.
        folds: By the seed of a division ``[n]``, in which part a clip is held out; −1 in none.
        cache: Their decoded audio.
        library: The folder of their spectra.
    """

    source: MusicSet
    clips: tuple[Clip, ...]
    skipped: dict[str, str]
    labels: Labels
    folds: dict[int, Rows]
    cache: AudioCache
    library: Path

    def outside(self, part: Part) -> tuple[int, ...]:
        """The rows that a part's trainings learn from."""
        return tuple(int(row) for row in np.flatnonzero(self.folds[part.division] != part.fold))

    def held_out(self, part: Part) -> HeldOut:
        """The clips of a part, by artists that its trainings never see."""
        rows = tuple(int(row) for row in np.flatnonzero(self.folds[part.division] == part.fold))
        return HeldOut(rows, tuple(self.clips[row] for row in rows), self.source.emotions)


def open_music(
    data: Path, recipe: Recipe, cache: AudioCache, library: Path, on_progress: MelProgress
) -> Music:
    """Reads and decodes the data, and makes the spectra; what is there already is not made again.

    Raises:
        DataError: There is too little to train on; the message says what is missing.
    """
    source = read_music(data)
    good, broken = readable(cache, source.clips)
    clips = with_true_artists(good, recipe.data)
    labels = make_labels(clips, source.emotions)
    folds = {seed: make_folds(labels, recipe.folds.count, seed) for seed in recipe.folds.divisions}
    network = build_model(recipe.training.network)
    assert isinstance(network, AudioEmbeddingSpectral)
    make_mels(network.eval(), clips, cache, library, on_progress)
    return Music(source, clips, source.skipped | broken, labels, folds, cache, library)
