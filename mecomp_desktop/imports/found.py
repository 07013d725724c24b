"""What another player's file says."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

MAX_FILE_BYTES = 2_000_000_000
"""A file that is longer is none of these: the largest libraries make some hundred megabytes."""
_FIVE_STARS = 10


@dataclass(frozen=True, slots=True)
class FoundSong:
    """One song with what the other player knows of it.

    Attributes:
        path: Where it was; ``None`` where that is not told.
        title: Its title; may be empty.
        artist: Its artist; may be empty.
        album: Its album; may be empty.
        duration_s: Its length in seconds; 0 where that is not told.
        plays: How often it was played.
        skips: How often it was skipped.
        first_played_at_s: When it was first played, in seconds since the epoch.
        last_played_at_s: When it was last played.
        added_at_s: When it was added.
        half_stars: Its rating, 1 to 10; ``None`` without one.
        liked: Whether it was liked.
    """

    path: Path | None
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_s: float = 0.0
    plays: int = 0
    skips: int = 0
    first_played_at_s: float | None = None
    last_played_at_s: float | None = None
    added_at_s: float | None = None
    half_stars: int | None = None
    liked: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that a file says.

    Attributes:
        source: The player's name.
        songs: Every song.
        playlists: The songs of each playlist, by its name.
    """

    source: str
    songs: Sequence[FoundSong]
    playlists: Sequence[tuple[str, Sequence[FoundSong]]] = ()


def path_of_url(url: str) -> Path | None:
    """Return the path that a URL of a file names; ``None`` where it names none.

    Bytes that are no UTF-8 are kept; a name with a bare ``%`` or ``?`` in it is read as well.
    """
    if url.startswith("/"):
        return Path(url)
    if not url.startswith("file:"):
        return None
    parts = urlsplit(url)
    # "?" and "#" end the path of a URL, yet some players write them as they are.
    whole = parts.path + (f"?{parts.query}" if parts.query else "")
    whole += f"#{parts.fragment}" if parts.fragment else ""
    path = os.fsdecode(unquote_to_bytes(whole))
    return Path(path) if path.startswith("/") else None


def half_stars_of(share: float | None) -> int | None:
    """Return the half stars of a rating from 0 to 1; ``None`` for none, and for 0 and below.

    In every one of these players 0 stands for a song that was never rated.
    """
    if share is None or not 0 < share <= 1:
        return None
    return max(1, round(share * _FIVE_STARS))


def time_of(at_s: object) -> float | None:
    """Return a time in seconds since the epoch; ``None`` where it is none, or before 1990."""
    if isinstance(at_s, int | float) and 631_152_000 < at_s < 1e11:
        return float(at_s)
    return None


def count_of(number: object) -> int:
    """Return a number of plays; 0 where it is none."""
    return number if isinstance(number, int) and 0 < number < 10_000_000 else 0
