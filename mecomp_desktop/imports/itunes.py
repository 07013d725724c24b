"""iTunes and Music: the library as XML (``iTunes Music Library.xml``)."""

import datetime
import plistlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mecomp_desktop.errors import UserError
from mecomp_desktop.imports.found import (
    Found,
    FoundSong,
    count_of,
    half_stars_of,
    path_of_url,
    time_of,
)

_FULL = 100


def is_mine(head: bytes, _file: Path) -> bool:
    """Return whether a file that begins like this is iTunes'."""
    return b"<plist" in head


def read(file: Path) -> Found:
    """Read songs and playlists.

    Raises:
        UserError: The file is damaged, or no library of iTunes.
    """
    try:
        with file.open("rb") as opened:
            library = plistlib.load(opened, fmt=plistlib.FMT_XML)
    # plistlib lets out whatever its values do not suit, besides what expat says.
    except Exception as error:
        raise UserError(f"{file} is damaged: {error}") from error
    tracks = library.get("Tracks") if isinstance(library, dict) else None
    if not isinstance(tracks, dict):
        raise UserError(f"{file} is no library of iTunes: it has no tracks")
    songs = {key: _song(values) for key, values in tracks.items() if isinstance(values, dict)}
    return Found("iTunes", list(songs.values()), _playlists(library.get("Playlists"), songs))


def _playlists(
    playlists: object, songs: Mapping[str, FoundSong]
) -> list[tuple[str, list[FoundSong]]]:
    found = []
    for playlist in playlists if isinstance(playlists, list) else ():
        # Those that it makes itself ("Library", "Music") hold everything, smart ones are queries.
        if any(key in playlist for key in ("Master", "Distinguished Kind", "Smart Info", "Folder")):
            continue
        keys = [str(entry.get("Track ID")) for entry in playlist.get("Playlist Items", ())]
        name = str(playlist.get("Name") or "Playlist")
        found.append((name, [songs[key] for key in keys if key in songs]))
    return found


def _song(values: Mapping[str, Any]) -> FoundSong:
    rating = values.get("Rating")
    # Computed from the album's rating: the listener never gave it.
    is_own = isinstance(rating, int) and not values.get("Rating Computed")
    length_ms = values.get("Total Time")
    return FoundSong(
        path_of_url(str(values.get("Location", ""))),
        str(values.get("Name", "")),
        str(values.get("Artist", "")),
        str(values.get("Album", "")),
        length_ms / 1000 if isinstance(length_ms, int) else 0.0,
        count_of(values.get("Play Count")),
        count_of(values.get("Skip Count")),
        last_played_at_s=_time(values.get("Play Date UTC")),
        added_at_s=_time(values.get("Date Added")),
        half_stars=half_stars_of(rating / _FULL) if is_own and rating is not None else None,
        liked=bool(values.get("Loved") or values.get("Favorited")),
    )


def _time(value: object) -> float | None:
    if not isinstance(value, datetime.datetime):
        return None
    return time_of(value.replace(tzinfo=datetime.UTC).timestamp())
