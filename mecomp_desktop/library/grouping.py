"""Which tracks make an album, and which an artist."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from mecomp_desktop.domain.album import VARIOUS_ARTISTS, Album, Artist
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.text import Folded, sort_key

_DISC_FOLDER = re.compile(r"(?:cd|dis[ck]|vinyl)[\s_-]*\d+", re.IGNORECASE)


def group_albums(tracks: Sequence[Track]) -> tuple[Album, ...]:
    """Return the albums of these tracks, by artist, year and title.

    Tracks of one album share its title and its album artist. Where a file names no album
    artist, the tracks of that title in one folder belong together: by their artist if they
    agree on one, else as a compilation.

    Args:
        tracks: In the order in which they stand on an album.
    """
    named: dict[tuple[str, str], list[Track]] = defaultdict(list)
    by_folder: dict[tuple[str, Path], list[Track]] = defaultdict(list)
    folders: dict[Path, Path] = {}
    folded = Folded()
    for track in tracks:
        if not track.tags.album:
            continue
        title = folded[track.tags.album]
        if track.tags.album_artist:
            named[title, folded[track.tags.album_artist]].append(track)
        else:
            parent = track.path.parent
            folder = folders.setdefault(parent, _without_disc(parent))
            by_folder[title, folder].append(track)
    for (title, folder), group in by_folder.items():
        artists = {track.tags.artists for track in group}
        by = folded[group[0].artist] if len(artists) == 1 else f"/{folder}"
        named[title, by].extend(group)
    albums = [_album(f"{by}\n{title}", group) for (title, by), group in named.items()]
    return tuple(sorted(albums, key=_album_order))


def group_artists(tracks: Sequence[Track], albums: Iterable[Album]) -> tuple[Artist, ...]:
    """Return the artists of these tracks, by name.

    A song by two is found under both; the artist of an album has all of its tracks.

    Args:
        tracks: In the order in which an artist's tracks are to stand.
        albums: The albums of these tracks, in the order in which an artist's are to stand.
    """
    members: dict[str, list[Track]] = defaultdict(list)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    folded = Folded()
    for track in tracks:
        names = {*track.tags.artists, track.tags.album_artist} - {""}
        for name in names:
            spellings[folded[name]][name] += 1
        for key in {folded[name] for name in names}:
            members[key].append(track)
    album_keys: dict[str, list[str]] = defaultdict(list)
    for album in albums:
        album_keys[folded[album.artist]].append(album.key)
    artists = [
        Artist(
            key,
            spellings[key].most_common(1)[0][0],
            tuple(track.id for track in group),
            tuple(album_keys[key]),
        )
        for key, group in members.items()
    ]
    return tuple(sorted(artists, key=lambda artist: sort_key(artist.name)))


def _without_disc(folder: Path) -> Path:
    return folder.parent if _DISC_FOLDER.fullmatch(folder.name) else folder


def _album(key: str, tracks: list[Track]) -> Album:
    first = tracks[0]
    agreed = first.tags.album_artist or len({track.tags.artists for track in tracks}) == 1
    return Album(
        key,
        first.tags.album,
        first.album_artist if agreed else VARIOUS_ARTISTS,
        max((track.tags.year for track in tracks if track.tags.year), default=None),
        tuple(track.id for track in tracks),
        sum(track.duration_s for track in tracks),
    )


def _album_order(album: Album) -> tuple[str, int, str]:
    return sort_key(album.artist), album.year or 0, sort_key(album.title)
