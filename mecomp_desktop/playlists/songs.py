"""The songs of a playlist as the window shows them: a track an entry, also where it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.ids import RootId, TrackId
from mecomp_desktop.domain.playlist import PlaylistEntries, PlaylistEntry
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.domain.track_table import TRACK_FIELDS, TrackTable
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.playlists.song_finder import NOT_FOUND, SongFinder

# Below all ids of files that are played without being in the library.
_FIRST_STAND_IN = -(1 << 40)


@dataclass(frozen=True, slots=True)
class PlaylistSongs:
    """The songs of a playlist in one state of the library.

    Attributes:
        entries: The entries, in their order.
        catalog: A catalog of exactly their songs, in the same order: row ``n`` is the song of
            entry ``n``. An entry whose song is missing has a stand-in of what is known of it,
            which is not available.
    """

    entries: PlaylistEntries
    catalog: Catalog


def is_stand_in(track_id: TrackId) -> bool:
    """Return whether an id stands for a song that the library does not have."""
    return track_id <= _FIRST_STAND_IN


def playlist_songs(entries: PlaylistEntries, finder: SongFinder) -> PlaylistSongs:
    """Return the songs of these entries. For a background thread."""
    tracks = finder.catalog.tracks
    columns = _Columns(tracks, entries, finder.rows(entries))
    return PlaylistSongs(entries, Catalog(TrackTable(columns, len(entries))))


def shown_title(entry: PlaylistEntry) -> str:
    """Return what an entry is called: its title, or its file's name."""
    return entry.title or entry.path.replace("\\", "/").rpartition("/")[2] or entry.path


class _Columns(dict[str, Sequence[Any]]):
    """The columns of the songs, taken from the library's when they are first asked for."""

    def __init__(self, tracks: TrackTable, entries: PlaylistEntries, rows: list[int]) -> None:
        super().__init__()
        self._tracks = tracks
        self._rows = rows
        self._stand_ins = {
            place: _stand_in(place, entries[place])
            for place, row in enumerate(rows)
            if row == NOT_FOUND
        }

    def __missing__(self, name: str) -> Sequence[Any]:
        column = self._tracks.column(name)
        values = self[name] = [
            column[row] if row != NOT_FOUND else _value(self._stand_ins[place], name)
            for place, row in enumerate(self._rows)
        ]
        return values


def _stand_in(place: int, entry: PlaylistEntry) -> Track:
    tags = Tags(
        shown_title(entry),
        (entry.artist,) if entry.artist else (),
        entry.album,
        duration_s=entry.duration_s,
    )
    return Track(
        TrackId(_FIRST_STAND_IN - place),
        entry.audio_id,
        Path(entry.path),
        RootId(0),
        tags,
        available=False,
        added_at_s=0.0,
    )


def _value(track: Track, name: str) -> object:
    if name == "path":
        return str(track.path)
    return getattr(track if name in TRACK_FIELDS else track.tags, name)
