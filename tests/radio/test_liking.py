from pathlib import Path

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.rating import Rating, RatingTable
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.radio.liking import by_liking
from mecomp_desktop.similarity.candidate import Candidate


def candidate(number: int, distance: float) -> Candidate:
    audio_id = AudioId(f"a{number}")
    path = Path(f"/{number}")
    track = Track(TrackId(number), audio_id, path, RootId(1), Tags("Song"), True, 0.0)
    return Candidate(track, distance)


CANDIDATES = [candidate(1, 0.50), candidate(2, 0.52), candidate(3, 0.54), candidate(4, 0.90)]


def order(**ratings: Rating) -> list[int]:
    table = RatingTable({AudioId(name): rating for name, rating in ratings.items()})
    return [found.track.id for found in by_liking(CANDIDATES, table)]


def test_without_ratings_the_order_is_that_of_distance() -> None:
    assert order() == [1, 2, 3, 4]


def test_liked_songs_win_among_those_about_as_close() -> None:
    assert order(a2=Rating(liked_at_s=1.0)) == [2, 1, 3, 4]
    assert order(a2=Rating(half_stars=8)) == [2, 1, 3, 4]
    assert order(a1=Rating(half_stars=2)) == [2, 1, 3, 4]
    assert order(a1=Rating(half_stars=6)) == [1, 2, 3, 4]


def test_a_liked_song_of_another_kind_stays_far() -> None:
    assert order(a4=Rating(liked_at_s=1.0)) == [1, 2, 3, 4]
