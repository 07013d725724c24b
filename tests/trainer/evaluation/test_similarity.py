"""The five figures against their definitions, written as loops over all triplets."""

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from trainer.data.clip import Clip
from trainer.evaluation.similarity import (
    SimilarityScores,
    chance,
    mean_scores,
    measure_similarity,
    similarity_table,
)


@pytest.fixture(params=range(3))
def case(request: pytest.FixtureRequest) -> tuple[np.ndarray, list[Clip], dict]:
    rng = np.random.default_rng(request.param)
    clips = []
    for number in range(60):
        artist = int(rng.integers(18))
        key = f"clip {number}"
        clips.append(Clip(key, Path(key), artist=f"artist {artist}", genre=f"genre {artist % 3}"))
    emotions = {clip.key: tuple(rng.uniform(0, 1, 9)) for clip in clips[4:]}
    return rng.standard_normal((60, 5)), clips, emotions


def nearer(vectors: np.ndarray, anchor: int, near: list[int], far: list[int]) -> list[bool]:
    def apart(row: int) -> float:
        return math.dist(vectors[anchor], vectors[row])

    return [apart(p) < apart(n) for p, n in product(near, far)]


def mean(values: list) -> float:
    return sum(values) / len(values)


def test_genre_triplets_equal_a_naive_loop(case: tuple[np.ndarray, list[Clip], dict]) -> None:
    vectors, clips, emotions = case
    shares = []
    for anchor, clip in enumerate(clips):
        near = [
            i
            for i, candidate in enumerate(clips)
            if candidate.genre == clip.genre and candidate.artist != clip.artist
        ]
        far = [i for i, candidate in enumerate(clips) if candidate.genre != clip.genre]
        shares.append(mean(nearer(vectors, anchor, near, far)))
    assert measure_similarity(vectors, clips, emotions).genre_triplets == pytest.approx(
        mean(shares)
    )


def test_artist_figures_equal_naive_loops(case: tuple[np.ndarray, list[Clip], dict]) -> None:
    vectors, clips, emotions = case
    shares, hits = [], []
    for anchor, clip in enumerate(clips):
        own = [
            i
            for i, candidate in enumerate(clips)
            if candidate.artist == clip.artist and i != anchor
        ]
        far = [
            i
            for i, candidate in enumerate(clips)
            if candidate.genre == clip.genre and candidate.artist != clip.artist
        ]
        shares += [mean(nearer(vectors, anchor, [positive], far)) for positive in own]
        candidates = [i for i in range(len(clips)) if i != anchor]
        nearest = min(candidates, key=lambda i: math.dist(vectors[anchor], vectors[i]))
        if own:
            hits.append(nearest in own)
    found = measure_similarity(vectors, clips, emotions)
    assert found.artist_triplets == pytest.approx(mean(shares))
    assert found.artist_precision_at_1 == pytest.approx(mean(hits))


def test_genre_map_equals_a_naive_loop(case: tuple[np.ndarray, list[Clip], dict]) -> None:
    vectors, clips, emotions = case
    averages = []
    for anchor, clip in enumerate(clips):
        candidates = [i for i, candidate in enumerate(clips) if candidate.artist != clip.artist]
        candidates.sort(key=lambda i: math.dist(vectors[anchor], vectors[i]))
        right = [clips[i].genre == clip.genre for i in candidates]
        averages.append(mean([mean(right[: k + 1]) for k, hit in enumerate(right) if hit]))
    assert measure_similarity(vectors, clips, emotions).genre_map == pytest.approx(mean(averages))


def test_mood_triplets_equal_a_naive_loop(case: tuple[np.ndarray, list[Clip], dict]) -> None:
    vectors, clips, emotions = case
    rated = [clip for clip in clips if clip.key in emotions]
    columns = list(zip(*(emotions[clip.key] for clip in rated), strict=True))
    deviations = [math.sqrt(mean([(v - mean(c)) ** 2 for v in c])) for c in columns]

    def mood(a: Clip, b: Clip) -> float:
        values = zip(emotions[a.key], emotions[b.key], deviations, strict=True)
        return math.hypot(*((x - y) / d for x, y, d in values))

    shares = []
    for clip in rated:
        candidates = [
            candidate
            for candidate in rated
            if candidate.genre == clip.genre and candidate.artist != clip.artist
        ]
        candidates.sort(key=lambda candidate: mood(clip, candidate))
        if len(candidates) < 10:
            continue
        near, far = candidates[: len(candidates) // 5], candidates[len(candidates) // 2 :]
        rows = [[clips.index(candidate) for candidate in group] for group in (near, far)]
        shares.append(mean(nearer(vectors, clips.index(clip), *rows)))
    assert len(shares) > 20
    assert measure_similarity(vectors, clips, emotions).mood_triplets_in_genre == pytest.approx(
        mean(shares)
    )


def test_vectors_that_know_everything_are_always_right(
    case: tuple[np.ndarray, list[Clip], dict],
) -> None:
    _, clips, emotions = case
    genres, artists = ({getattr(c, name) for c in clips} for name in ("genre", "artist"))
    vectors = np.array(
        [
            [10 * (clip.genre == genre) for genre in sorted(genres)]
            + [float(clip.artist == artist) for artist in sorted(artists)]
            for clip in clips
        ]
    )
    found = measure_similarity(vectors, clips, emotions)
    assert found.genre_triplets == found.artist_triplets == found.genre_map == 1.0
    assert found.artist_precision_at_1 == 1.0


def test_chance_is_a_half() -> None:
    clips = [
        Clip(str(n), Path(str(n)), artist=f"artist {n // 2}", genre=f"genre {n % 6 // 2}")
        for n in range(36)
    ]
    rng = np.random.default_rng(0)
    emotions = {clip.key: tuple(rng.uniform(0, 1, 9)) for clip in clips}
    found = chance(clips, emotions)
    for share in (found.genre_triplets, found.artist_triplets, found.mood_triplets_in_genre):
        assert share == pytest.approx(0.5, abs=0.03)


def test_what_cannot_be_asked_is_no_number() -> None:
    clips = [Clip(name, Path(name), artist=name, genre="one") for name in "abc"]
    found = measure_similarity(np.eye(3), [*clips, Clip("d", Path("d"))][:3], {})
    asked = {name for name, value in found.to_dict().items() if not math.isnan(value)}
    assert asked == {"genre_map"}
    assert found.mean() == found.genre_map


def test_clips_without_genre_take_no_part(case: tuple[np.ndarray, list[Clip], dict]) -> None:
    vectors, clips, emotions = case
    more = [*clips, Clip("unknown", Path("unknown"), artist="artist 0")]
    rows = np.concatenate([vectors, vectors[:1]])
    assert measure_similarity(rows, more, emotions) == measure_similarity(vectors, clips, emotions)


def test_the_table_reports_a_spread_where_there_is_one() -> None:
    once = SimilarityScores(0.5, 0.6, 0.7, 0.8, 0.9)
    again = SimilarityScores(0.7, 0.6, 0.7, 0.8, 0.9)
    lines = similarity_table({"one": [once], "two": [once, again]})
    assert lines[2] == "| one | 0.500 | 0.600 | 0.700 | 0.800 | 0.900 |"
    assert lines[3].startswith("| two | 0.600 ± 0.100 | 0.600 ± 0.000 |")


def test_the_mean_of_rounds_leaves_out_what_was_not_asked() -> None:
    nan = math.nan
    rounds = [SimilarityScores(0.2, nan, nan, 0.4, 1.0), SimilarityScores(0.4, 0.5, nan, 0.4, nan)]
    found = mean_scores(rounds).to_dict()
    assert math.isnan(found.pop("artist_precision_at_1"))
    assert list(found.values()) == pytest.approx([0.3, 0.5, 0.4, 1.0])
