import numpy as np
import pytest

from tests.trainer.recipes.bundled.made_up import PATH, clips_of, labels_of
from trainer.data.clip import Clip
from trainer.errors import DataError
from trainer.recipes.bundled.labels import make_folds, make_labels, with_true_artists
from trainer.recipes.bundled.recipe import DataRecipe

RECIPE = DataRecipe(collections=("Various",), min_genre_clips=2)


def test_each_clip_of_a_collection_is_by_an_artist_of_its_own() -> None:
    clips = [Clip(str(n), PATH, "Various", "Album", genre="Rock") for n in range(3)]
    assert len({clip.artist for clip in with_true_artists(clips, RECIPE)}) == 3


def test_without_a_genre_an_album_by_an_artist_is_one() -> None:
    clips = [
        Clip("a", PATH, "Game", "Menu"),
        Clip("b", PATH, "Game", "Menu"),
        Clip("c", PATH, "Game", "Forest"),
        Clip("d", PATH),
        Clip("e", PATH),
        Clip("f", PATH, "Band", "First", genre="Rock"),
        Clip("g", PATH, "Band", "Second", genre="Rock"),
    ]
    first, second, third, fourth, fifth, sixth, seventh = (
        c.artist for c in with_true_artists(clips, RECIPE)
    )
    assert first == second != third
    assert fourth != fifth
    assert sixth == seventh == "Band"


def test_a_rare_genre_counts_as_none() -> None:
    clips = [
        Clip(str(n), PATH, f"A{n}", genre=genre) for n, genre in enumerate(["Rock"] * 2 + ["Folk"])
    ]
    assert [clip.genre for clip in with_true_artists(clips, RECIPE)] == ["Rock", "Rock", ""]


def test_emotions_are_standardised_over_the_rated_clips_alone() -> None:
    clips = clips_of([("A", "Rock"), ("B", "Pop"), ("C", "Rock"), ("D", "")])
    labels = make_labels(clips, {"0": (0.0, 1.0), "2": (1.0, 1.0)})
    assert labels.rated.tolist() == [True, False, True, False]
    assert np.allclose(labels.emotions, [[-1, 0], [0, 0], [1, 0], [0, 0]])
    assert labels.genre.tolist() == [1, 0, 1, -1]


def test_one_genre_is_not_enough() -> None:
    with pytest.raises(DataError, match="two genres"):
        make_labels(clips_of([("A", "Rock"), ("B", "Rock")]), {})


def test_nobody_is_in_two_folds_and_every_genre_is_in_each() -> None:
    rng = np.random.default_rng(0)
    pairs = [(f"{g}{rng.integers(9)}", g) for g in ("Pop", "Rock", "Jazz") for _ in range(40)]
    pairs += [("Both", "Pop"), ("Both", "Rock"), ("Game", "")]
    labels = labels_of(pairs)
    fold = make_folds(labels, 3, seed=1)
    assert fold[-1] == -1
    assert set(fold[:-1].tolist()) == {0, 1, 2}
    for artist in np.unique(labels.artist):
        assert len(np.unique(fold[labels.artist == artist])) == 1
    for genre in range(3):
        counts = np.bincount(fold[labels.genre == genre], minlength=3)
        assert counts.min() >= 10
    assert (make_folds(labels, 3, seed=1) == fold).all()
    assert (make_folds(labels, 3, seed=2) != fold).any()


def test_too_few_artists_for_the_folds() -> None:
    with pytest.raises(DataError, match="into 3 folds"):
        make_folds(labels_of([("A", "Rock"), ("B", "Pop")]), 3, seed=0)
