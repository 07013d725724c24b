"""What an import would change, before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import NEVER_PLAYED, PlayCounts
from mecomp_desktop.domain.rating import Rating, RatingTable, Subject, SubjectKind
from mecomp_desktop.imports.found import Found, FoundSong
from mecomp_desktop.imports.matching import Matcher
from mecomp_desktop.imports.playlists import Members, with_playlists
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.store.added import set_earlier
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.playlists import PlaylistStore, StoredPlaylists
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.ratings import RatingStore


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What would be written; a value.

    Attributes:
        source: The other player's name.
        songs: How many songs its file has.
        counts: Its plays and skips, by our recordings.
        ratings: Ratings and likes that we do not have.
        added: When songs were added there, in seconds since the epoch.
        missing: Songs that the library does not have, and of which something is known.
        playlists: Each playlist's name with its songs, and which recordings of ours they are.
    """

    source: str
    songs: int
    counts: Mapping[AudioId, PlayCounts] = field(default_factory=dict)
    ratings: Mapping[Subject, Rating] = field(default_factory=dict)
    added: Mapping[AudioId, float] = field(default_factory=dict)
    missing: Sequence[FoundSong] = ()
    playlists: Sequence[tuple[str, Members]] = ()

    @property
    def plays(self) -> int:
        """How many plays would come."""
        return sum(count.plays for count in self.counts.values())


def plan_import(found: Found, catalog: Catalog, ratings: RatingTable, now_s: float) -> ImportPlan:
    """Look which songs match; writes nothing.

    What the listener has liked or rated here stays: only what has no rating gets one.

    Args:
        found: What the other player says.
        catalog: The library.
        ratings: What the listener thinks already.
        now_s: The time, in seconds since the epoch.
    """
    matcher = Matcher(catalog)
    counts: dict[AudioId, PlayCounts] = {}
    added: dict[AudioId, float] = {}
    new_ratings: dict[Subject, Rating] = {}
    missing = []
    for song in found.songs:
        audio_id = matcher.match(song)
        if audio_id is None:
            if _is_known(song):
                missing.append(song)
            continue
        if song.plays or song.skips:
            counts[audio_id] = _together(counts.get(audio_id, NEVER_PLAYED), song)
        if song.added_at_s is not None:
            added[audio_id] = min(song.added_at_s, added.get(audio_id, song.added_at_s))
        subject = Subject(SubjectKind.SONG, audio_id)
        before = new_ratings.get(subject, ratings.of_song(audio_id))
        after = _rated(before, song, now_s)
        if after != before:
            new_ratings[subject] = after
    playlists = [
        (name, [(song, matcher.match(song)) for song in songs]) for name, songs in found.playlists
    ]
    return ImportPlan(
        found.source, len(found.songs), counts, new_ratings, added, missing, playlists
    )


def carry_out(plan: ImportPlan, database: Database) -> None:
    """Write what a plan says; all of it or nothing."""
    with database.write():
        Plays(database).put_imported(plan.source, plan.counts)
        RatingStore(database).put(plan.ratings)
        set_earlier(database, plan.added)
        if plan.playlists:
            PlaylistStore(database).change(
                StoredPlaylists(), lambda there: with_playlists(there, plan.playlists)
            )


def _is_known(song: FoundSong) -> bool:
    return bool(song.plays or song.skips or song.half_stars or song.liked)


def _together(count: PlayCounts, song: FoundSong) -> PlayCounts:
    """Return the counts of two files that are one recording."""
    return PlayCounts(
        count.plays + song.plays,
        count.skips + song.skips,
        _least((count.first_played_at_s, song.first_played_at_s)),
        _greatest((count.last_played_at_s, song.last_played_at_s)),
    )


def _rated(before: Rating, song: FoundSong, now_s: float) -> Rating:
    after = before
    if before.half_stars is None and song.half_stars is not None:
        after = replace(after, half_stars=song.half_stars)
    if song.liked and not before.liked:
        after = replace(after, liked_at_s=now_s)
    return after


def _least(times: Iterable[float | None]) -> float | None:
    return min((time for time in times if time is not None), default=None)


def _greatest(times: Iterable[float | None]) -> float | None:
    return max((time for time in times if time is not None), default=None)
