from pathlib import Path

import pytest

from tests.trainer.music import pieces
from trainer.data.clip import Clip
from trainer.data.prepare import Prepared
from trainer.data.splits import split_by_artist, split_counts
from trainer.errors import DataError


def clips(artists: int, each: int) -> list[Clip]:
    return [
        Clip(str(p.track), Path(f"{p.track}.wav"), artist=p.artist, genre=p.genre)
        for p in pieces(artists, each)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_in_two_parts_and_nothing_is_lost(seed: int) -> None:
    every = clips(artists=10, each=3)
    split = split_by_artist(every, (0.7, 0.15, 0.15), seed)
    parts = [split.train, split.validation, split.test]
    artists = [{clip.artist for clip in part} for part in parts]
    assert not artists[0] & artists[1]
    assert not (artists[0] | artists[1]) & artists[2]
    assert sorted(c.key for part in parts for c in part) == sorted(c.key for c in every)
    assert 0.6 <= len(split.train) / len(every) <= 0.8
    assert len({clip.genre for clip in split.test}) == 4


def test_an_artist_of_two_genres_stays_whole() -> None:
    both = [
        Clip(f"b{n}", Path("b"), artist="Both", genre=g) for n, g in enumerate(["Bells", "Hiss"])
    ]
    split = split_by_artist([*clips(6, 2), *both], (0.5, 0.25, 0.25), 0)
    homes = [
        part
        for part in (split.train, split.validation, split.test)
        if any(clip.artist == "Both" for clip in part)
    ]
    assert len(homes) == 1


def test_seed_decides() -> None:
    every = clips(8, 2)
    first = split_by_artist(every, (0.6, 0.2, 0.2), 1)
    assert first == split_by_artist(every, (0.6, 0.2, 0.2), 1)
    assert first != split_by_artist(every, (0.6, 0.2, 0.2), 2)


def test_too_few_artists_are_an_error() -> None:
    with pytest.raises(DataError, match="too few artists"):
        split_by_artist(clips(1, 1)[:2], (0.7, 0.15, 0.15), 0)


def test_the_papers_counts() -> None:
    assert split_counts(8_000, (0.70, 0.099, 0.201)) == (5_600, 792, 1_608)


def test_triplets_stay_within_their_part(prepared: Prepared) -> None:
    split, triplets = prepared.split, prepared.triplets
    for part, drawn in (
        (split.train, triplets.train),
        (split.validation, triplets.validation),
        (split.test, triplets.test),
    ):
        keys = {clip.key for clip in part}
        assert {key for t in drawn for key in (t.anchor, t.positive, t.negative)} <= keys
