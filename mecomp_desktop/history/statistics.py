"""What the plays say in numbers, and how the library spreads over genres and years."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.track import UNKNOWN_ARTIST, Track
from mecomp_desktop.library.catalog import Catalog

DAYS_SHOWN = 30
TOP = 10
_HOURS = 24
_WEEKDAYS = 7
_HOUR_S = 3600.0
_DECADE = 10

Play = tuple[AudioId, float, float]
"""What was played, when it began in seconds since the epoch, for how many seconds."""
Ranking = tuple[tuple[str, float], ...]
"""Names and their numbers, the greatest first."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers about plays and the library.

    Attributes:
        plays: How often songs were played, other players' plays included.
        skips: How often songs were left early.
        hours: How long was played here, in hours.
        songs: How many recordings the library has.
        songs_played: How many of them were played.
        hours_by_day: Hours of each of the last days, today last, [DAYS_SHOWN].
        hours_by_hour: Hours by hour of the day, [24].
        hours_by_weekday: Hours by day of the week, Monday first, [7].
        top_artists: By plays.
        top_albums: By plays.
        top_songs: By plays.
        genres: By songs of the library.
        decades: Songs of the library by decade ("1990s"), in the order of time.
    """

    plays: int
    skips: int
    hours: float
    songs: int
    songs_played: int
    hours_by_day: tuple[float, ...]
    hours_by_hour: tuple[float, ...]
    hours_by_weekday: tuple[float, ...]
    top_artists: Ranking
    top_albums: Ranking
    top_songs: Ranking
    genres: Ranking
    decades: Ranking


def statistics_of(
    catalog: Catalog,
    plays: Iterable[Play],
    counts: Mapping[AudioId, PlayCounts],
    today: datetime.date,
) -> Statistics:
    """Count everything. Some 0.3 s for 100,000 songs.

    Args:
        catalog: The library.
        plays: Each play.
        counts: Plays and skips by recording, other players' included.
        today: The last of the days that are told one by one.
    """
    by_day, by_hour, by_weekday = [0.0] * DAYS_SHOWN, [0.0] * _HOURS, [0.0] * _WEEKDAYS
    total_s = 0.0
    for _, started_at_s, played_s in plays:
        # The listener's own clock and calendar: a late evening is one wherever they live.
        began = datetime.datetime.fromtimestamp(started_at_s)
        total_s += played_s
        by_hour[began.hour] += played_s / _HOUR_S
        by_weekday[began.weekday()] += played_s / _HOUR_S
        age = (today - began.date()).days
        if 0 <= age < DAYS_SHOWN:
            by_day[DAYS_SHOWN - 1 - age] += played_s / _HOUR_S
    rows = catalog.recordings()
    played = [(audio_id, count) for audio_id, count in counts.items() if count.plays]
    # Columns, no tracks: to make one of each of 100,000 rows would take seconds.
    found = [(rows[audio_id], count.plays) for audio_id, count in played if audio_id in rows]
    most = sorted(found, key=lambda pair: (-pair[1], pair[0]))[: 3 * TOP]
    return Statistics(
        plays=sum(count.plays for _, count in played),
        skips=sum(count.skips for count in counts.values()),
        hours=total_s / _HOUR_S,
        songs=len(rows),
        songs_played=len(found),
        hours_by_day=tuple(by_day),
        hours_by_hour=tuple(by_hour),
        hours_by_weekday=tuple(by_weekday),
        top_artists=_top_artists(catalog, found),
        top_albums=_top_albums(catalog, found),
        top_songs=_top((_song_name(catalog.tracks[row]), plays) for row, plays in most),
        genres=_genres(catalog, rows.values()),
        decades=_decades(catalog, rows.values()),
    )


def _top_artists(catalog: Catalog, found: Sequence[tuple[int, int]]) -> Ranking:
    artists, album_artists = catalog.tracks.column("artists"), catalog.tracks.column("album_artist")
    return _top(
        (name, plays)
        for row, plays in found
        for name in artists[row] or (album_artists[row] or UNKNOWN_ARTIST,)
    )


def _top_albums(catalog: Catalog, found: Sequence[tuple[int, int]]) -> Ranking:
    column = catalog.tracks.column
    albums, by, artists = column("album"), column("album_artist"), column("artists")
    return _top(
        (f"{albums[row]} — {by[row] or ', '.join(artists[row]) or UNKNOWN_ARTIST}", plays)
        for row, plays in found
        if albums[row]
    )


def _song_name(track: Track) -> str:
    return f"{track.title} — {track.artist}"


def _genres(catalog: Catalog, rows: Iterable[int]) -> Ranking:
    genres = catalog.tracks.column("genres")
    return _top((genre, 1) for row in rows for genre in genres[row])


def _top(numbers: Iterable[tuple[str, float]]) -> Ranking:
    sums: Counter[str] = Counter()
    for name, number in numbers:
        sums[name] += number  # type: ignore[assignment]  # a Counter may hold any number
    # By name where equal, so that the same history always gives the same list.
    return tuple(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP])


def _decades(catalog: Catalog, rows: Iterable[int]) -> Ranking:
    years = catalog.tracks.column("year")
    found = Counter(years[row] // _DECADE * _DECADE for row in rows if years[row])
    return tuple((f"{decade}s", float(number)) for decade, number in sorted(found.items()))
