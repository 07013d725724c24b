from pathlib import Path

import pytest

from tests.trainer.music import write_judgments
from trainer.data.clip import Clip
from trainer.data.human_triplets import human_triplets
from trainer.data.judgments import (
    Judgment,
    from_emotions,
    known_judgments,
    read_judgments,
    split_judgments,
)
from trainer.data.prepare import Prepared
from trainer.errors import DataError

HEADER = "song1,song2,song3,anchor,positive\n"


def test_the_papers_format(tmp_path: Path) -> None:
    path = tmp_path / "human_triplets.csv"
    path.write_text(HEADER + "107389,25033,142433,1,2\n116883,141164,123976,3.0,2.0\n1,2,3,,\n")
    judged, unjudged = read_judgments(path)
    assert judged == [Judgment("107389", "25033", "142433"), Judgment("141164", "123976", "116883")]
    assert unjudged == 1


def test_a_judgment_is_two_triplets() -> None:
    first, second = Judgment("a", "b", "c").triplets()
    assert (first.anchor, first.positive, first.negative) == ("a", "b", "c")
    assert (second.anchor, second.positive, second.negative) == ("b", "a", "c")


@pytest.mark.parametrize("cells", ["1,1", "0,2", "x,2", "1,", "4,1"])
def test_nonsense_names_the_line(cells: str, tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_text(f"{HEADER}1,2,3,1,2\n1,2,3,{cells}\n")
    with pytest.raises(DataError, match=r"j\.csv, line 3"):
        read_judgments(path)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_text("song1,song2\n1,2\n")
    with pytest.raises(DataError, match="song3, anchor, positive"):
        read_judgments(path)


def test_sixty_are_divided_as_in_the_paper() -> None:
    sixty = [Judgment(f"a{n}", "b", "c") for n in range(60)]
    parts = split_judgments(sixty, (0.5, 0.3, 0.2), 0)
    assert [len(part) for part in parts] == [30, 18, 12]
    assert sorted(j.first for part in parts for j in part) == sorted(j.first for j in sixty)


def test_too_few_are_an_error() -> None:
    with pytest.raises(DataError, match="too few"):
        split_judgments([Judgment("a", "b", "c")], (0.5, 0.3, 0.2), 0)


def test_songs_are_known_by_key_and_by_path() -> None:
    clips = {k: Clip(k, Path(f"/music/{k}.flac")) for k in "abc"}
    judged = [Judgment("/music/a.flac", "b", "/music/c.flac"), Judgment("a", "b", "z")]
    assert known_judgments(judged, clips) == ([Judgment("a", "b", "c")], 1)


def test_feelings_become_judgments_of_three_artists() -> None:
    clips = [Clip(str(n), Path("x"), artist=f"artist {n % 7}") for n in range(21)]
    emotions = {str(n): (float(n % 3), 0.5) for n in range(21)}
    artist = {clip.key: clip.artist for clip in clips}
    judged = from_emotions(clips, emotions, 50, seed=0)
    assert len(set(judged)) == 50
    for j in judged:
        assert len({artist[j.first], artist[j.second], artist[j.odd]}) == 3
        assert emotions[j.first][0] == emotions[j.second][0] != emotions[j.odd][0]


def test_ratings_give_triplets_with_artists_apart(prepared: Prepared) -> None:
    triplets, source = human_triplets(prepared, None, 60, 0)
    assert "ratings" in source
    for part, clips in (
        (triplets.train, prepared.split.train),
        (triplets.test, prepared.split.test),
    ):
        keys = {clip.key for clip in clips}
        assert part
        assert {key for t in part for key in (t.anchor, t.positive, t.negative)} <= keys


def test_a_file_about_other_music_is_an_error(prepared: Prepared, tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    write_judgments(path, [Judgment("u", "v", "w")])
    with pytest.raises(DataError, match="of 1 judgments none is about music in music"):
        human_triplets(prepared, path, 0, 0)
