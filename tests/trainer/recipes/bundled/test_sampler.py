from collections import Counter
from dataclasses import replace

import numpy as np

from trainer.recipes.bundled.mels import MelLibrary
from trainer.recipes.bundled.music import Music
from trainer.recipes.bundled.recipe import BatchRecipe
from trainer.recipes.bundled.sampler import Sampler

RECIPE = BatchRecipe(clips=16, excerpts=2, without_genre=2, per_artist=2, frames=30)


def sampler(music: Music, recipe: BatchRecipe = RECIPE, stretch: float = 0.1) -> Sampler:
    rows = range(len(music.clips))
    return Sampler(MelLibrary(music.library), music.labels, rows, recipe, stretch)


def test_genres_are_even_and_artists_come_in_twos(bundle_music: Music) -> None:
    labels = bundle_music.labels
    for seed in range(20):
        rows = sampler(bundle_music).draw_rows(np.random.default_rng(seed))
        assert len(set(rows.tolist())) == len(rows) == 14  # 3 of each genre and all without
        assert Counter(labels.genre[rows].tolist()) == {-1: 2, 0: 3, 1: 3, 2: 3, 3: 3}
        assert max(Counter(labels.artist[rows].tolist()).values()) == 2


def test_only_the_given_rows_are_drawn(bundle_music: Music) -> None:
    library, labels = MelLibrary(bundle_music.library), bundle_music.labels
    rows = [row for row in range(len(labels)) if labels.genre[row] in (0, 2)][::2]
    drawn = Sampler(library, labels, rows, replace(RECIPE, clips=8), 0.0)
    seen = {int(r) for s in range(30) for r in drawn.draw_rows(np.random.default_rng(s))}
    assert seen == set(rows)


def test_a_batch_is_decided_by_its_seed(bundle_music: Music) -> None:
    batch, rows = sampler(bundle_music).draw(np.random.default_rng((0, 7)))
    same_seed, again = sampler(bundle_music).draw(np.random.default_rng((0, 7)))
    later, _ = sampler(bundle_music).draw(np.random.default_rng((0, 8)))
    assert batch.shape == (28, 30, 64)
    assert (batch == same_seed).all()
    assert (rows == again).all()
    assert (rows[:14] == rows[14:]).all()
    assert not (batch[0] == batch[14]).all()  # two excerpts of a clip differ
    assert batch.shape == later.shape
    assert not (batch == later).all()
