"""Clementine, Strawberry, Banshee and Amarok 1.4: libraries in SQLite."""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from mecomp_desktop.errors import UserError
from mecomp_desktop.imports.found import (
    Found,
    FoundSong,
    count_of,
    half_stars_of,
    path_of_url,
    time_of,
)

_HEAD = b"SQLite format 3\0"
_NS_PER_S = 1e9


class _Player(NamedTuple):
    """How one player keeps its library.

    Attributes:
        name: The player's name.
        tables: The tables that tell it from the others.
        songs: Selects path or URL, title, artist, album, length in seconds, plays, skips, last
            played, added, rating from 0 to 1.
        playlists: Selects each playlist's name and path or URL, in order; empty for none.
    """

    name: str
    tables: frozenset[str]
    songs: str
    playlists: str


def _clementine(name: str, url: str, library_id: str, items: frozenset[str]) -> _Player:
    return _Player(
        name,
        items,
        f"SELECT {url}, title, artist, album, length_nanosec / {_NS_PER_S}, playcount, skipcount,"
        f" lastplayed, ctime, rating FROM songs WHERE {url} <> ''",
        f"SELECT playlists.name, COALESCE(songs.{url}, playlist_items.{url}) FROM playlist_items"
        " JOIN playlists ON playlists.rowid = playlist_items.playlist"
        f" LEFT JOIN songs ON songs.rowid = playlist_items.{library_id}"
        " ORDER BY playlist_items.playlist, playlist_items.rowid",
    )


_PLAYERS = (
    _clementine("Strawberry", "url", "collection_id", frozenset({"songs", "subdirectories"})),
    _clementine("Clementine", "filename", "library_id", frozenset({"songs", "directories"})),
    _Player(
        "Banshee",
        frozenset({"CoreTracks", "CoreArtists", "CoreAlbums"}),
        "SELECT Uri, CoreTracks.Title, CoreArtists.Name, CoreAlbums.Title, Duration / 1000.0,"
        " PlayCount, SkipCount, LastPlayedStamp, DateAddedStamp, CoreTracks.Rating / 5.0"
        " FROM CoreTracks LEFT JOIN CoreArtists USING (ArtistID)"
        " LEFT JOIN CoreAlbums ON CoreAlbums.AlbumID = CoreTracks.AlbumID",
        "SELECT CorePlaylists.Name, Uri FROM CorePlaylistEntries"
        " JOIN CorePlaylists USING (PlaylistID) JOIN CoreTracks USING (TrackID)"
        " ORDER BY CorePlaylistEntries.PlaylistID, ViewOrder, EntryID",
    ),
    _Player(
        "Amarok",
        frozenset({"statistics", "tags", "devices"}),
        # Paths begin with a dot: they are relative to the device, "/" for most.
        "SELECT COALESCE(devices.lastmountpoint || '/', '/') || substr(statistics.url, 3),"
        " tags.title, artist.name, album.name, tags.length, statistics.playcounter, 0,"
        " statistics.accessdate, statistics.createdate, statistics.rating / 10.0"
        " FROM statistics LEFT JOIN tags USING (url) LEFT JOIN artist ON artist.id = tags.artist"
        " LEFT JOIN album ON album.id = tags.album"
        " LEFT JOIN devices ON devices.id = statistics.deviceid",
        "",
    ),
)


def is_mine(head: bytes, _file: Path) -> bool:
    """Return whether a file that begins like this is a database."""
    return head.startswith(_HEAD)


def read(file: Path) -> Found:
    """Read songs and playlists; the file is not written.

    Raises:
        UserError: It is damaged, or of no player that is known.
    """
    try:
        with contextlib.closing(_opened(file)) as connection:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
            player = next((known for known in _PLAYERS if known.tables <= tables), None)
            if player is None:
                raise UserError(f"{file} is the library of no player that is known here")
            songs = [_song(row) for row in connection.execute(player.songs)]
            playlists = _playlists(connection, player, songs)
    except sqlite3.Error as error:
        raise UserError(f"{file} cannot be read: {error}") from error
    return Found(player.name, songs, playlists)


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    connection.text_factory = os.fsdecode  # names that are no UTF-8 are kept
    return connection


def _playlists(
    connection: sqlite3.Connection, player: _Player, songs: list[FoundSong]
) -> list[tuple[str, list[FoundSong]]]:
    if not player.playlists:
        return []
    by_path = {song.path: song for song in songs}
    found: dict[str, list[FoundSong]] = {}
    for name, place in connection.execute(player.playlists):
        path = path_of_url(_text(place))
        if path is not None:
            found.setdefault(_text(name), []).append(by_path.get(path) or FoundSong(path))
    return list(found.items())


def _song(row: tuple[object, ...]) -> FoundSong:
    place, title, artist, album, length_s, plays, skips, last, added, rating = row
    return FoundSong(
        path_of_url(_text(place)),
        _text(title),
        _text(artist),
        _text(album),
        float(length_s) if isinstance(length_s, int | float) and length_s > 0 else 0.0,
        count_of(plays),
        count_of(skips),
        last_played_at_s=time_of(last),
        added_at_s=time_of(added),
        half_stars=half_stars_of(rating if isinstance(rating, float) else None),
    )


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return os.fsdecode(value)
    return value if isinstance(value, str) else ""
