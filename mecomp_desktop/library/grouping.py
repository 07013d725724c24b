"""Which tracks make an album, and which an artist."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.album import VARIOUS_ARTISTS, Album, Artist
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import UNKNOWN_ARTIST
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.library.disc_folders import disc_number
from mecomp_desktop.text import Folded, SortKeys

# A large library is grouped by columns and row numbers; a Track for each would take longer.
_Rows = Sequence[int]


def group_albums(tracks: TrackTable, rows: _Rows) -> tuple[Album, ...]:
    """Return the albums of these tracks, by artist, year and title.

    Tracks of one album share its title and its album artist. Where a file names no album
    artist, the tracks of that title in one folder belong together: by their artist if they
    agree on one, else as a compilation.

    Args:
        tracks: The library.
        rows: All of its rows, in the order in which tracks stand on an album.
    """
    titles, album_artists = tracks.column("album"), tracks.column("album_artist")
    artists, paths = tracks.column("artists"), tracks.column("path")
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_folder: dict[tuple[str, str], list[int]] = defaultdict(list)
    folded, folders = Folded(), _AlbumFolders()
    for row in rows:
        title, album_artist = titles[row], album_artists[row]
        if title and album_artist:
            named[folded[title], folded[album_artist]].append(row)
        elif title:
            by_folder[folded[title], folders[paths[row].rpartition(os.sep)[0]]].append(row)
    for (title, folder), group in by_folder.items():
        agreed = len({artists[row] for row in group}) == 1
        by = folded[_line(artists[group[0]])] if agreed else f"/{folder}"
        named[title, by].extend(group)
    albums = [_album(f"{by}\n{title}", tracks, group) for (title, by), group in named.items()]
    keys = SortKeys()
    return tuple(sorted(albums, key=lambda one: (keys[one.artist], one.year or 0, keys[one.title])))


def group_artists(tracks: TrackTable, rows: _Rows, albums: Iterable[Album]) -> tuple[Artist, ...]:
    """Return the artists of these tracks, by name.

    A song by two is found under both; the artist of an album has all of its tracks.

    Args:
        tracks: The library.
        rows: All of its rows, in the order in which an artist's tracks are to stand.
        albums: The albums of these tracks, in the order in which an artist's are to stand.
    """
    names = list(zip(tracks.column("artists"), tracks.column("album_artist"), strict=True))
    folded = Folded()
    # The same names stand together on many tracks; each such set is taken apart once.
    spelled = {one: {*one[0], one[1]} - {""} for one in set(names)}
    keys_of = {one: {folded[name] for name in spelled[one]} for one in spelled}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for one, count in Counter(names).items():
        for name in spelled[one]:
            spellings[folded[name]][name] += count
    ids, members = tracks.column("id"), defaultdict[str, list[TrackId]](list)
    for row in rows:
        for key in keys_of[names[row]]:
            members[key].append(ids[row])
    album_keys: dict[str, list[str]] = defaultdict(list)
    for album in albums:
        album_keys[folded[album.artist]].append(album.key)
    artists = [
        Artist(key, spellings[key].most_common(1)[0][0], tuple(group), tuple(album_keys[key]))
        for key, group in members.items()
    ]
    sort_keys = SortKeys()
    return tuple(sorted(artists, key=lambda artist: sort_keys[artist.name]))


class _AlbumFolders(dict[str, str]):
    """The folder of the album whose tracks lie in a folder: those of its discs are one."""

    def __missing__(self, text: str) -> str:
        folder = Path(text or os.sep)
        album = folder.parent if disc_number(folder.name) is not None else folder
        value = self[text] = str(album)
        return value


def _album(key: str, tracks: TrackTable, rows: _Rows) -> Album:
    def of(name: str) -> list[Any]:
        column = tracks.column(name)
        return [column[row] for row in rows]

    artists, album_artist = of("artists"), tracks.column("album_artist")[rows[0]]
    agreed = album_artist or len(set(artists)) == 1
    return Album(
        key,
        tracks.column("album")[rows[0]],
        album_artist or _line(artists[0]) if agreed else VARIOUS_ARTISTS,
        max(filter(None, of("year")), default=None),
        tuple(of("id")),
        sum(of("duration_s")),
    )


def _line(artists: tuple[str, ...]) -> str:
    """Return the artists of a track that names no album artist, as `Track.artist` does."""
    return ", ".join(artists) or UNKNOWN_ARTIST
