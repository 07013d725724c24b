import numpy as np
import pytest

from mecomp_desktop.arrays import Floats
from mecomp_desktop.radio.nearness import nothing_is_near


def unit(vectors: Floats) -> Floats:
    made: Floats = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made


def library(kind: str, count: int) -> Floats:
    """Songs in 30 styles, or spread evenly: float32 [count, 32]."""
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((count, 32))
    if kind == "styles":
        rows = rng.standard_normal((30, 32))[rng.integers(0, 30, count)] + 0.4 * rows
    return unit(rows)


def neighbours(vectors: Floats, seed: Floats) -> Floats:
    distances = np.sort(np.linalg.norm(vectors - seed, axis=1))
    near: Floats = distances[distances > 1e-6][:8].astype(np.float32)
    return near


@pytest.mark.parametrize("count", [60, 300, 3_000])
@pytest.mark.parametrize("kind", ["styles", "even"])
def test_songs_of_a_library_have_neighbours(kind: str, count: int) -> None:
    songs = library(kind, count)
    far = [
        nothing_is_near(neighbours(songs, songs[row]), songs[:500], count)
        for row in range(0, count, count // 50)
    ]
    assert np.mean(far) <= 0.05


@pytest.mark.parametrize("count", [60, 3_000])
def test_a_song_unlike_all_others_has_none(count: int) -> None:
    songs = library("styles", count)
    songs = unit(songs + np.eye(1, 32).astype(np.float32) * 2)  # all on one side
    stranger = -np.eye(1, 32)[0].astype(np.float32)
    assert nothing_is_near(neighbours(songs, stranger), songs[:500], count)


def test_a_handful_of_songs_says_nothing() -> None:
    songs = library("even", 10)
    assert not nothing_is_near(neighbours(songs, -songs[0]), songs, len(songs))
