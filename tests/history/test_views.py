from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.rating import Rating, RatingTable, Subject
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.history.views import FORGOTTEN_AFTER_S, View, songs_of
from mecomp_desktop.library.catalog import Catalog

NOW_S = 1e9
LONG_AGO_S = NOW_S - FORGOTTEN_AFTER_S - 1


def track(number: int, audio: str = "") -> Track:
    path = Path(f"/music/{number}.flac")
    audio_id = AudioId(audio or f"a{number}")
    tags = Tags(f"Song {number}", artists=("Band",))
    return Track(TrackId(number), audio_id, path, RootId(1), tags, True, float(number))


TRACKS = [track(number) for number in range(1, 7)] + [track(7, "a1")]  # 7 is a copy of 1
COUNTS = {
    AudioId("a1"): PlayCounts(9, 0, 0.0, NOW_S - 10),
    AudioId("a2"): PlayCounts(1, 3, 0.0, NOW_S - 5),
    AudioId("a3"): PlayCounts(6, 0, 0.0, LONG_AGO_S),
    AudioId("a4"): PlayCounts(1, 0, 0.0, LONG_AGO_S),
    AudioId("gone"): PlayCounts(99, 0, 0.0, NOW_S),
}
RATINGS = RatingTable(
    {
        AudioId("a2"): Rating(liked_at_s=2.0),
        AudioId("a4"): Rating(liked_at_s=1.0, half_stars=10),
        AudioId("a5"): Rating(half_stars=9, never_at_s=1.0),
    }
)


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View.RECENTLY_PLAYED, [2, 1, 3, 4]),
        (View.MOST_PLAYED, [1, 3, 2, 4]),
        (View.LIKED, [2, 4]),
        (View.RECENTLY_ADDED, [6, 5, 4, 3, 2, 1]),
        (View.NEVER_PLAYED, [6]),
        (View.FORGOTTEN, [4, 3]),
    ],
)
def test_views(view: View, expected: list[int]) -> None:
    assert songs_of(view, Catalog(TRACKS), COUNTS, RATINGS, NOW_S) == expected


def test_an_empty_library() -> None:
    for view in View:
        assert songs_of(view, Catalog(), COUNTS, RATINGS, NOW_S) == []


def test_what_is_in_a_folder_that_was_put_away_is_no_forgotten_favourite() -> None:
    ratings = RATINGS.with_changes({Subject.folder(Path("/music")): Rating(never_at_s=1.0)})
    assert songs_of(View.FORGOTTEN, Catalog(TRACKS), COUNTS, ratings, NOW_S) == []
    assert songs_of(View.LIKED, Catalog(TRACKS), COUNTS, ratings, NOW_S) == [2, 4]
