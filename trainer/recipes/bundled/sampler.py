"""Which clips go through the network together.

Every genre has equally many, by many artists with two clips each: that is what the relations
compare. A batch depends on its step and the seed alone, so a resumed training goes on as if it
had never stopped.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mecomp_desktop.arrays import Rows
from trainer.recipes.bundled.labels import Labels
from trainer.recipes.bundled.mels import MelLibrary
from trainer.recipes.bundled.recipe import BatchRecipe

_NO_GENRE = -1


class Sampler:
    """Draws batches of excerpts from some rows of a library.

    Args:
        library: Where the spectra are.
        labels: What is known about its rows.
        rows: Those to draw from.
        recipe: What a batch is made of.
        stretch: Change of tempo, up to this share.
    """

    def __init__(
        self,
        library: MelLibrary,
        labels: Labels,
        rows: Sequence[int],
        recipe: BatchRecipe,
        stretch: float,
    ) -> None:
        self._library = library
        self._recipe = recipe
        self._stretch = stretch
        self._artists: dict[int, list[list[int]]] = {}
        # Sorted: the order decides what the generator draws, and sets have none.
        for genre in sorted({int(labels.genre[row]) for row in rows}):
            mine = [row for row in rows if labels.genre[row] == genre]
            by_artist: dict[int, list[int]] = {}
            for row in mine:
                by_artist.setdefault(int(labels.artist[row]), []).append(row)
            self._artists[genre] = list(by_artist.values())

    def draw(self, rng: np.random.Generator) -> tuple[Tensor, Rows]:
        """A batch: power ``[batch, frames, bands]`` and the row each excerpt is from.

        The excerpts of a clip are ``clips`` rows apart: all first ones, then all second ones.
        """
        rows = self.draw_rows(rng)
        recipe = self._recipe
        every = np.tile(rows, recipe.excerpts)
        excerpts = [
            self._library.excerpt(int(row), recipe.frames, self._stretch, rng) for row in every
        ]
        return torch.from_numpy(np.stack(excerpts)), every

    def draw_rows(self, rng: np.random.Generator) -> Rows:
        """The different clips of a batch."""
        recipe = self._recipe
        genres = [genre for genre in self._artists if genre != _NO_GENRE]
        without = recipe.without_genre if _NO_GENRE in self._artists else 0
        each = (recipe.clips - without) // len(genres)
        rows = [row for genre in genres for row in self._by_artists(genre, each, rng)]
        if without:
            rows += self._by_artists(_NO_GENRE, recipe.clips - len(rows), rng)
        return np.array(rows)

    def _by_artists(self, genre: int, count: int, rng: np.random.Generator) -> list[int]:
        """``count`` clips of a genre; an artist comes by the root of how many clips there are."""
        artists = self._artists[genre]
        # The root is between once an artist and once a clip: the first would show rare artists' few
        # clips again and again, the second would fill batches with the artist who has most.
        weights = np.sqrt([len(clips) for clips in artists])
        order = rng.choice(len(artists), len(artists), replace=False, p=weights / weights.sum())
        rows: list[int] = []
        for index in order:
            clips = artists[index]
            take = min(len(clips), self._recipe.per_artist, count - len(rows))
            rows += [clips[each] for each in rng.choice(len(clips), take, replace=False)]
            if len(rows) >= count:
                break
        return rows
