import numpy as np
import pytest

from mecomp_desktop.arrays import Floats
from mecomp_desktop.similarity.vectors import (
    UNRELATED,
    closeness,
    distances,
    drifted,
    middle,
    typical_distance,
)


def unit(*values: float) -> Floats:
    vector = np.array(values, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def test_middle_lies_between_and_has_length_one() -> None:
    between = middle(np.stack([unit(1, 0), unit(0, 1)]))
    np.testing.assert_allclose(between, unit(1, 1), atol=1e-6)


def test_middle_of_opposites_is_the_first() -> None:
    np.testing.assert_array_equal(middle(np.stack([unit(1, 0), unit(-1, 0)])), unit(1, 0))


def test_drift_goes_from_the_seed_towards_the_last_songs() -> None:
    seed, recent = unit(1, 0), np.stack([unit(0, 1)])
    np.testing.assert_array_equal(drifted(seed, recent, 0.0), seed)
    np.testing.assert_array_equal(drifted(seed, recent[:0], 1.0), seed)
    np.testing.assert_allclose(drifted(seed, recent, 1.0), unit(1, 1), atol=1e-6)
    near = float(distances(seed, drifted(seed, recent, 0.3)[None])[0])
    far = float(distances(seed, drifted(seed, recent, 0.9)[None])[0])
    assert 0 < near < far < UNRELATED


def test_typical_distance_of_random_directions() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((500, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert typical_distance(vectors) == pytest.approx(UNRELATED, abs=0.05)


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_typical_distance_without_a_spread(rows: int) -> None:
    assert typical_distance(np.tile(unit(1, 0), (rows, 1))) == UNRELATED


def test_closeness_runs_from_one_to_zero() -> None:
    assert closeness(0.0, 0.8) == 1.0
    assert closeness(0.4, 0.8) == pytest.approx(0.75)
    assert closeness(3.0, 0.8) == 0.0


def test_closeness_is_the_cosine_where_songs_have_nothing_in_common() -> None:
    first, second = unit(1, 0, 2), unit(1, 0.5, 1)
    apart = float(np.linalg.norm(first - second))
    assert closeness(apart) == pytest.approx(float(first @ second), abs=1e-6)
