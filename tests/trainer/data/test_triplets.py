from pathlib import Path

import numpy as np
import pytest

from trainer.config import StageConfig
from trainer.data.batches import gather, list_batches, pool_batches
from trainer.data.clip import Clip
from trainer.data.prepare import Prepared
from trainer.data.triplets import Triplet, TripletMaker, read_triplets, write_triplets
from trainer.errors import DataError
from trainer.training.batch_sources import TripletSource


@pytest.fixture(scope="module")
def clips() -> list[Clip]:
    return [
        Clip(
            key=f"{genre} {number}",
            path=Path("x"),
            artist=f"{genre} artist {number // 3}",
            album=f"{genre} album {number // 2}",
            genre=genre,
            lineage=frozenset({genre, f"{genre} {number % 2}"}),
        )
        for genre in "ABC"
        for number in range(9)
    ]


def relation(clips: list[Clip], name: str, count: int = 200) -> list[tuple[Clip, Clip, Clip]]:
    by_key = {clip.key: clip for clip in clips}
    drawn = TripletMaker(clips).draw(count, {name: 1.0}, seed=0)
    return [(by_key[t.anchor], by_key[t.positive], by_key[t.negative]) for t in drawn]


def test_genre_pairs_other_artists_against_other_genres(clips: list[Clip]) -> None:
    for anchor, positive, negative in relation(clips, "genre"):
        assert anchor.genre == positive.genre != negative.genre
        assert anchor.artist != positive.artist


def test_lineage_prefers_more_shared_ancestors(clips: list[Clip]) -> None:
    for anchor, positive, negative in relation(clips, "lineage"):
        assert anchor.genre == positive.genre == negative.genre
        assert len(anchor.lineage & positive.lineage) > len(anchor.lineage & negative.lineage)


@pytest.mark.parametrize("label", ["artist", "album"])
def test_label_against_the_same_genre(clips: list[Clip], label: str) -> None:
    for anchor, positive, negative in relation(clips, label):
        assert anchor.key != positive.key
        assert getattr(anchor, label) == getattr(positive, label) != getattr(negative, label)
        assert anchor.genre == negative.genre


def test_a_track_is_cut_at_two_places(clips: list[Clip]) -> None:
    for anchor, positive, negative in relation(clips, "track"):
        assert anchor is positive
        assert negative is not anchor
    triplet = Triplet("A 0", "A 0", "B 0", "track")
    batch = gather([triplet], {clip.key: clip for clip in clips})
    assert [clip.key for clip in batch.clips] == ["A 0", "A 0", "B 0"]


def test_relations_mix_by_weight(clips: list[Clip]) -> None:
    drawn = TripletMaker(clips).draw(400, {"genre": 3.0, "artist": 1.0}, seed=0)
    share = np.mean([triplet.relation == "genre" for triplet in drawn])
    assert 0.65 < share < 0.9


def test_no_triplet_twice_while_there_are_enough(clips: list[Clip]) -> None:
    assert len(set(TripletMaker(clips).draw(500, {"genre": 1.0}, 0))) == 500


def test_one_genre_alone_is_an_error(clips: list[Clip]) -> None:
    with pytest.raises(DataError, match="hold no triplet by genre"):
        TripletMaker(clips[:9]).draw(10, {"genre": 1.0}, 0)


def test_unknown_relation_is_an_error(clips: list[Clip]) -> None:
    with pytest.raises(DataError, match="mood"):
        TripletMaker(clips).draw(10, {"mood": 1.0}, 0)


def test_triplets_survive_a_file(clips: list[Clip], tmp_path: Path) -> None:
    drawn = TripletMaker(clips).draw(20, {"genre": 1.0}, 0)
    write_triplets(tmp_path / "t.csv", drawn)
    assert read_triplets(tmp_path / "t.csv") == drawn


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("anchor,positive\n1,2\n")
    with pytest.raises(DataError, match=r"t\.csv: lacks the column\(s\) negative;"):
        read_triplets(path)


@pytest.mark.parametrize("sharing", [False, True])
def test_a_batch_holds_every_clip_once(clips: list[Clip], sharing: bool) -> None:
    by_key = {clip.key: clip for clip in clips}
    drawn = TripletMaker(clips).draw(60, {"genre": 1.0}, 0)
    seen = []
    for batch in list_batches(drawn, by_key, 12, np.random.default_rng(0), sharing):
        keys = [clip.key for clip in batch.clips]
        assert len(set(keys)) == len(keys)
        seen += [tuple(keys[i] for i in row) for row in batch.triplets]
    assert sorted(seen) == sorted((t.anchor, t.positive, t.negative) for t in drawn)


def test_sharing_halves_the_clips_of_a_batch(clips: list[Clip]) -> None:
    by_key = {clip.key: clip for clip in clips}
    drawn = TripletMaker(clips).draw(600, {"genre": 1.0}, 0)
    anchors = [
        sum(len(b.clips) for b in list_batches(drawn, by_key, 12, np.random.default_rng(0), shared))
        for shared in (False, True)
    ]
    assert anchors[1] < 0.6 * anchors[0]


def test_a_triplet_about_an_unknown_clip_is_an_error(clips: list[Clip]) -> None:
    with pytest.raises(DataError, match="not there: Z 9"):
        gather([Triplet("A 0", "A 1", "Z 9")], {clip.key: clip for clip in clips})


def test_pools_hold_valid_triplets_over_few_clips(clips: list[Clip]) -> None:
    for batch in pool_batches(clips, 9, 50, 20, np.random.default_rng(0)):
        assert len(batch.clips) <= 9
        assert len(batch.triplets) == 50
        assert len({tuple(row) for row in batch.triplets}) == 50
        for a, p, n in batch.triplets:
            assert a != p
            assert batch.clips[a].genre == batch.clips[p].genre != batch.clips[n].genre


def test_an_epoch_is_always_the_same_and_no_two_are(prepared: Prepared) -> None:
    triplets = prepared.triplets
    for stage in (StageConfig(), StageConfig(pool_clips=8)):
        source = TripletSource(
            prepared.clips, triplets.train, triplets.validation, prepared.split.train, stage
        )

        def keys(epoch: int, source: TripletSource = source) -> list[list[str]]:
            return [[clip.key for clip in batch.clips] for batch in source.training(epoch)]

        assert keys(3) == keys(3)
        assert keys(3) != keys(4)
