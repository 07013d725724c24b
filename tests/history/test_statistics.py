import datetime
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.history.statistics import DAYS_SHOWN, TOP, statistics_of
from mecomp_desktop.library.catalog import Catalog

TODAY = datetime.date(2024, 5, 15)  # a Wednesday


def track(
    number: int, year: int | None, genres: tuple[str, ...], artists: tuple[str, ...]
) -> Track:
    tags = Tags(f"Song {number}", artists=artists, album="Album", year=year, genres=genres)
    path = Path(f"/{number}")
    return Track(TrackId(number), AudioId(f"a{number}"), path, RootId(1), tags, True, 0.0)


CATALOG = Catalog(
    [
        track(1, 1997, ("Pop", "Electronic"), ("Björk", "Arca")),
        track(2, 1991, ("Pop",), ("Björk",)),
        track(3, None, (), ()),
    ]
)


def at(days_ago: int, hour: int) -> float:
    day = TODAY - datetime.timedelta(days=days_ago)
    return datetime.datetime.combine(day, datetime.time(hour, 30)).timestamp()


def test_hours_by_day_hour_and_weekday() -> None:
    plays = [
        (AudioId("a1"), at(0, 23), 3600.0),
        (AudioId("a2"), at(1, 8), 1800.0),
        (AudioId("gone"), at(DAYS_SHOWN, 8), 1800.0),
    ]
    found = statistics_of(CATALOG, plays, {}, TODAY)
    assert found.hours == 2.0
    assert found.hours_by_day[-2:] == (0.5, 1.0)
    assert sum(found.hours_by_day) == 1.5, "older days are not told one by one"
    assert (found.hours_by_hour[23], found.hours_by_hour[8]) == (1.0, 1.0)
    assert (found.hours_by_weekday[2], found.hours_by_weekday[1]) == (1.0, 0.5)
    assert sum(found.hours_by_weekday) == pytest.approx(2.0)


def test_the_most_played_and_the_spread_of_the_library() -> None:
    counts = {
        AudioId("a1"): PlayCounts(3, 1),
        AudioId("a2"): PlayCounts(2, 0),
        AudioId("gone"): PlayCounts(5, 2),
    }
    found = statistics_of(CATALOG, [], counts, TODAY)
    assert (found.plays, found.skips, found.songs, found.songs_played) == (10, 3, 3, 2)
    assert found.top_artists == (("Björk", 5), ("Arca", 3))
    assert found.top_songs[0] == ("Song 1 — Björk, Arca", 3)
    assert found.genres == (("Pop", 2), ("Electronic", 1))
    assert found.decades == (("1990s", 2),)


def test_an_empty_library_has_empty_statistics() -> None:
    found = statistics_of(Catalog(), [], {}, TODAY)
    assert (found.plays, found.hours, found.top_artists, found.decades) == (0, 0, (), ())


def test_rankings_are_short_and_in_a_fixed_order() -> None:
    tracks = [track(number, 2000, (f"Genre {number:02}",), ()) for number in range(1, 2 * TOP)]
    found = statistics_of(Catalog(tracks), [], {}, TODAY)
    assert [name for name, _ in found.genres] == [f"Genre {n:02}" for n in range(1, TOP + 1)]
