"""Which tracks make an album, and which an artist."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.album import VARIOUS_ARTISTS, Album, Artist
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import UNKNOWN_ARTIST
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.library.album_members import (
    VARIOUS,
    Member,
    is_scattered_compilation,
    split_by_album,
)
from mecomp_desktop.library.disc_folders import disc_number
from mecomp_desktop.text import NOBODY, Folded, SortKeys, artist_key, fold, without_guests

# A large library is grouped by columns and row numbers; a Track for each would take longer.
_Rows = Sequence[int]
# Title and album artist, as they are compared; for an album by several, their folder.
_AlbumKey = tuple[str, str]


def group_albums(tracks: TrackTable, rows: _Rows) -> tuple[Album, ...]:
    """Return the albums of these tracks, by artist, year and title.

    Tracks of one album share its title and its album artist. Where files name no album artist,
    those of that title in one folder are looked at together, see `album_members`.

    Args:
        tracks: The library.
        rows: All of its rows, in the order in which tracks stand on an album.
    """
    albums: dict[_AlbumKey, list[int]] = defaultdict(list)
    # Most titles are settled by their album artists alone; folders matter for the others.
    undecided = _undecided_titles(tracks)
    by_folder: dict[_AlbumKey, list[int]] = defaultdict(list)
    titles, album_artists = tracks.column("album"), tracks.column("album_artist")
    paths, folded = tracks.column("path"), Folded()
    keys, folders = _ArtistKeys(_VARIOUS_KEY), _AlbumFolders()
    for row in rows:
        title = folded[titles[row]]
        if not title:
            continue
        if title in undecided:
            by_folder[title, folders[paths[row].rpartition(os.sep)[0]]].append(row)
        else:
            albums[title, keys[album_artists[row]]].append(row)
    mixed: set[_AlbumKey] = set()
    for album_key, found in _decided(tracks, by_folder):
        if album_key in albums:
            mixed.add(album_key)
        albums[album_key].extend(found)
    _restore_order([albums[album_key] for album_key in mixed], rows)
    made = [_album(f"{by}\n{title}", tracks, group) for (title, by), group in albums.items()]
    sort_keys = SortKeys()
    return tuple(
        sorted(
            made,
            key=lambda album: (sort_keys[album.artist], album.year or 0, sort_keys[album.title]),
        )
    )


def group_artists(tracks: TrackTable, rows: _Rows, albums: Iterable[Album]) -> tuple[Artist, ...]:
    """Return the artists of these tracks, by name.

    A song by two is found under both, "A feat. B" under A; the artist of an album has all of its
    tracks.

    Args:
        tracks: The library.
        rows: All of its rows, in the order in which an artist's tracks are to stand.
        albums: The albums of these tracks, in the order in which an artist's are to stand.
    """
    named_by = list(zip(tracks.column("artists"), tracks.column("album_artist"), strict=True))
    keys = _ArtistKeys()
    # The same names stand together on many tracks; each such set is taken apart once.
    spelled = {named: {*named[0], named[1]} - {""} for named in set(named_by)}
    keys_of = {named: {keys[name] for name in names} for named, names in spelled.items()}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for named, count in Counter(named_by).items():
        for name in spelled[named]:
            spellings[keys[name]][without_guests(name)] += count
    ids, members = tracks.column("id"), defaultdict[str, list[TrackId]](list)
    for row in rows:
        for key in keys_of[named_by[row]]:
            members[key].append(ids[row])
    album_keys: dict[str, list[str]] = defaultdict(list)
    for album in albums:
        album_keys[keys[album.artist]].append(album.key)
    artists = [
        Artist(key, spellings[key].most_common(1)[0][0], tuple(group), tuple(album_keys[key]))
        for key, group in members.items()
    ]
    sort_keys = SortKeys()
    return tuple(sorted(artists, key=lambda artist: sort_keys[artist.name]))


def _undecided_titles(tracks: TrackTable) -> set[str]:
    """Return the titles of which some file does not name the album artist, folded."""
    pairs = set(zip(tracks.column("album"), tracks.column("album_artist"), strict=True))
    return {fold(title) for title, album_artist in pairs if title and not album_artist}


def _decided(
    tracks: TrackTable, by_folder: dict[_AlbumKey, list[int]]
) -> Iterator[tuple[_AlbumKey, list[int]]]:
    """Give the albums of the titles that some files name no album artist for, as rows."""
    keys = _ArtistKeys()
    artists, album_artists = tracks.column("artists"), tracks.column("album_artist")
    flags = tracks.column("compilation")
    flagged: dict[str, list[list[Member]]] = defaultdict(list)
    for (title, folder), rows in by_folder.items():
        spellings = {(artists[row], album_artists[row], flags[row]) for row in rows}
        if len(spellings) == 1 and (by := _agreed(*spellings.pop(), keys)):  # by far the most
            yield (title, by), rows
            continue
        for by, members in split_by_album(_members(tracks, rows, keys)):
            several = by == VARIOUS and not any(member.names_album_artist for member in members)
            if not several and all(_is_flagged(member) for member in members):
                flagged[title].append(members)
            else:
                album_key = (title, f"/{folder}" if several else by or _VARIOUS_KEY)
                yield album_key, [member.row for member in members]
    for title, groups in flagged.items():
        compilation = is_scattered_compilation(groups)
        for members in groups:
            by = _VARIOUS_KEY if compilation else members[0].by
            yield (title, by), [member.row for member in members]


def _agreed(
    artists: tuple[str, ...], album_artist: str, compilation: bool, keys: "_ArtistKeys"
) -> str:
    """Return whom an album is by whose songs all say the same; empty where that is not enough."""
    if album_artist:
        return artist_key(album_artist) or _VARIOUS_KEY
    known = [key for key in map(keys.__getitem__, artists) if key not in NOBODY]
    return known[0] if known and not compilation else ""


def _is_flagged(member: Member) -> bool:
    return member.compilation and not member.names_album_artist


def _members(tracks: TrackTable, rows: _Rows, keys: "_ArtistKeys") -> list[Member]:
    names = ("artists", "album_artist", "disc_number", "side", "track_number", "compilation")
    columns = [tracks.column(name) for name in names]
    members = []
    for row in rows:
        artists, album_artist, disc, side, number, compilation = (column[row] for column in columns)
        # "Unknown" and "Various artists" are nobody's names.
        known = tuple(key for key in map(keys.__getitem__, artists) if key not in NOBODY)
        members.append(
            Member(
                row,
                known,
                artist_key(album_artist),
                bool(album_artist),
                (disc or 1, side, number) if number else None,
                compilation,
            )
        )
    return members


def _restore_order(albums: Sequence[list[int]], rows: _Rows) -> None:
    """Put the rows of albums that lie in several folders in the order in which they came."""
    wanted = {row for group in albums for row in group}
    place = {row: number for number, row in enumerate(rows) if row in wanted} if wanted else {}
    for group in albums:
        group.sort(key=place.__getitem__)


class _ArtistKeys(dict[str, str]):
    """What makes two spellings the same artist, for each name seen so far.

    Args:
        nobody: The key of "Various artists" and its kin; by default they stay apart.
    """

    def __init__(self, nobody: str = "") -> None:
        super().__init__()
        self._nobody = nobody

    def __missing__(self, name: str) -> str:
        value = self[name] = artist_key(name) or self._nobody or fold(name)
        return value


class _AlbumFolders(dict[str, str]):
    """The folder of the album whose tracks lie in a folder: those of its discs are one."""

    def __missing__(self, text: str) -> str:
        folder = Path(text or os.sep)
        album = folder.parent if disc_number(folder.name) is not None else folder
        value = self[text] = str(album)
        return value


_VARIOUS_KEY = fold(VARIOUS_ARTISTS)


def _album(key: str, tracks: TrackTable, rows: _Rows) -> Album:
    def of(name: str) -> list[Any]:
        column = tracks.column(name)
        return [column[row] for row in rows]

    return Album(
        key,
        tracks.column("album")[rows[0]],
        _artist_name(key.partition("\n")[0], of("artists"), of("album_artist")),
        max(filter(None, of("year")), default=None),
        tuple(of("id")),
        sum(of("duration_s")),
    )


def _artist_name(key: str, artists: Sequence[tuple[str, ...]], album_artists: Sequence[str]) -> str:
    """Return whom an album is by, as most of its files spell it."""
    named = Counter(filter(None, album_artists))
    if named:
        return named.most_common(1)[0][0]
    if len(set(artists)) == 1:
        return _line(artists[0])
    names = Counter(without_guests(name) for line in artists for name in line)
    spelled = [name for name, _ in names.most_common() if artist_key(name) == key]
    return spelled[0] if spelled else VARIOUS_ARTISTS


def _line(artists: tuple[str, ...]) -> str:
    """Return the artists of a track that names no album artist, as `Track.artist` does."""
    return ", ".join(artists) or UNKNOWN_ARTIST
