"""Everything that is the listener's own, as one JSON file, and back.

Songs are told by the identity of their sound, so that the file fits the same music wherever it
lies. Times are in seconds since the epoch.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote_to_bytes

import msgspec

from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.playlist import Playlist
from mecomp_desktop.domain.rating import NO_RATING, Rating, Subject, SubjectKind
from mecomp_desktop.errors import UserError
from mecomp_desktop.files import write_atomically
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.dynamic_playlists import DynamicPlaylistStore
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.playlists import PlaylistStore, StoredPlaylists
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.ratings import RatingStore

FORMAT = "mecomp-desktop-own"
_VERSION = 1


class OwnRating(msgspec.Struct, frozen=True):
    """One rating; names are percent-escaped as the bytes of a file name would be."""

    kind: SubjectKind
    name: str
    artist: str = ""
    liked_at_s: float | None = None
    half_stars: int | None = None
    never_at_s: float | None = None


class OwnPlay(msgspec.Struct, frozen=True):
    """One play, or one skip."""

    audio_id: str
    started_at_s: float
    played_s: float


class OwnCounts(msgspec.Struct, frozen=True):
    """What another player has counted."""

    source: str
    audio_id: str
    plays: int = 0
    skips: int = 0
    first_played_at_s: float | None = None
    last_played_at_s: float | None = None


class OwnSong(msgspec.Struct, frozen=True):
    """What a person reads of a recording; nothing is read back from it."""

    title: str
    artist: str
    album: str


class OwnFile(msgspec.Struct, frozen=True):
    """The whole file."""

    format: str
    version: int
    ratings: list[OwnRating] = []
    plays: list[OwnPlay] = []
    skips: list[OwnPlay] = []
    imported_plays: list[OwnCounts] = []
    answers: list[Judgment] = []
    dynamic_playlists: list[DynamicPlaylist] = []
    playlists: list[Playlist] = []
    songs: dict[str, OwnSong] = {}


@dataclass(frozen=True, slots=True)
class Merge:
    """What of a file is not here yet.

    Attributes:
        ratings: For what has no rating here.
        plays: Plays that are not here.
        skips: Skips that are not here.
        imported_plays: Counts of other players.
        answers: Answers in the quiz that are not here.
        dynamic_playlists: Dynamic playlists that are not here.
        playlists: Playlists, and folders of them, that are not here.
    """

    ratings: Mapping[Subject, Rating]
    plays: list[OwnPlay]
    skips: list[OwnPlay]
    imported_plays: list[OwnCounts]
    answers: list[Judgment]
    dynamic_playlists: list[DynamicPlaylist]
    playlists: list[Playlist]


def is_own(file: Path) -> bool:
    """Return whether a file is one that `write` has written."""
    try:
        with file.open("rb") as opened:
            return f'"{FORMAT}"'.encode() in opened.read(200)
    except OSError:
        return False


def write(database: Database, catalog: Catalog, target: Path) -> OwnFile:
    """Write everything into a file; return what is in it. Blocks."""
    own = _gathered(database, catalog)
    write_atomically(target, json.dumps(msgspec.to_builtins(own), indent=1) + "\n")
    return own


def read(file: Path) -> OwnFile:
    """Read a file.

    Raises:
        UserError: It cannot be read, or is none of these.
    """
    try:
        own = msgspec.json.decode(file.read_bytes(), type=OwnFile)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UserError(f"{file} is damaged: {error}") from error
    if own.format != FORMAT or own.version > _VERSION:
        raise UserError(f"{file} was written by a newer version of this program")
    return own


def plan_merge(own: OwnFile, database: Database) -> Merge:
    """Look what of a file is not here yet; writes nothing.

    Nothing that is here is changed or doubled: reading a file twice is reading it once.
    """
    table = RatingStore(database).all()
    plays = Plays(database)
    ratings = {}
    for entry in own.ratings:
        subject = Subject(entry.kind, _unescaped(entry.name), _unescaped(entry.artist))
        if table.of(subject) == NO_RATING:
            ratings[subject] = Rating(entry.liked_at_s, entry.half_stars, entry.never_at_s)
    dynamic_ids = {playlist.id for playlist in DynamicPlaylistStore(database).all()}
    answered = {(answer.trio, answer.judged_at_s) for answer in Judgments(database).all()}
    there = PlaylistStore(database).all().playlists
    return Merge(
        ratings,
        _new(own.plays, plays.log()),
        _new(own.skips, plays.skip_log()),
        own.imported_plays,
        [answer for answer in own.answers if (answer.trio, answer.judged_at_s) not in answered],
        [playlist for playlist in own.dynamic_playlists if playlist.id not in dynamic_ids],
        [
            _with_paths(playlist, _unescaped)
            for playlist in own.playlists
            if playlist.id not in there
        ],
    )


def carry_out(merge: Merge, database: Database) -> None:
    """Write what is new; all of it or nothing."""
    plays = Plays(database)
    by_source: dict[str, dict[AudioId, PlayCounts]] = {}
    for entry in merge.imported_plays:
        by_source.setdefault(entry.source, {})[AudioId(entry.audio_id)] = PlayCounts(
            entry.plays, entry.skips, entry.first_played_at_s, entry.last_played_at_s
        )
    with database.write():
        RatingStore(database).put(merge.ratings)
        plays.record_many(map(_row, merge.plays))
        plays.record_skips(map(_row, merge.skips))
        for source, counts in by_source.items():
            plays.put_imported(source, counts)
        Judgments(database).add_many(merge.answers)
        for playlist in merge.dynamic_playlists:
            DynamicPlaylistStore(database).put(playlist)
        if merge.playlists:
            new = {playlist.id: playlist for playlist in merge.playlists}
            PlaylistStore(database).change(StoredPlaylists(), lambda there: {**there, **new})


def _gathered(database: Database, catalog: Catalog) -> OwnFile:
    plays = Plays(database)
    ratings = [
        OwnRating(
            subject.kind,
            _escaped(subject.name),
            _escaped(subject.artist),
            rating.liked_at_s,
            rating.half_stars,
            rating.never_at_s,
        )
        for subject, rating in RatingStore(database).all().all()
    ]
    own = OwnFile(
        FORMAT,
        _VERSION,
        ratings,
        [OwnPlay(*row) for row in plays.log()],
        [OwnPlay(*row) for row in plays.skip_log()],
        [
            OwnCounts(
                source,
                audio_id,
                count.plays,
                count.skips,
                count.first_played_at_s,
                count.last_played_at_s,
            )
            for source, audio_id, count in plays.imported()
        ],
        Judgments(database).all(),
        DynamicPlaylistStore(database).all(),
        [
            _with_paths(playlist, _escaped)
            for playlist in PlaylistStore(database).all().playlists.values()
        ],
    )
    return msgspec.structs.replace(own, songs=_songs(own, catalog))


def _songs(own: OwnFile, catalog: Catalog) -> dict[str, OwnSong]:
    rows = catalog.recordings()
    named = {entry.name for entry in own.ratings if entry.kind is SubjectKind.SONG}
    named |= {play.audio_id for play in (*own.plays, *own.skips)}
    named |= {count.audio_id for count in own.imported_plays}
    named |= {audio_id for answer in own.answers for audio_id in answer.trio}
    found = {}
    for name in sorted(named):
        row = rows.get(AudioId(name))
        if row is not None:
            track = catalog.tracks[row]
            found[name] = OwnSong(track.title, track.artist, track.album)
    return found


def _row(play: OwnPlay) -> tuple[AudioId, float, float]:
    return AudioId(play.audio_id), play.started_at_s, play.played_s


def _new(plays: list[OwnPlay], known: list[tuple[AudioId, float, float]]) -> list[OwnPlay]:
    there = {(audio_id, started_at_s) for audio_id, started_at_s, _ in known}
    return [play for play in plays if (play.audio_id, play.started_at_s) not in there]


def _with_paths(playlist: Playlist, change: Callable[[str], str]) -> Playlist:
    entries = tuple(replace(entry, path=change(entry.path)) for entry in playlist.entries)
    return replace(playlist, entries=entries)


def _escaped(name: str) -> str:
    """Return a name that JSON can hold: a file name may have bytes that are no text."""
    plain = name.replace("%", "%25")
    return "".join(f"%{ord(c) & 0xFF:02X}" if "\udc80" <= c <= "\udcff" else c for c in plain)


def _unescaped(name: str) -> str:
    return os.fsdecode(unquote_to_bytes(name))
