"""What a playlist file says, whatever its format."""

from dataclasses import dataclass

from mecomp_desktop.errors import UserError

MAX_ENTRIES = 100_000
"""More songs than this in one file are a mistake or an attack."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One song of a playlist file.

    Attributes:
        location: Where it is, as the file spells it: a path of any system, or a URI.
        title: The title; empty where the file is silent.
        artist: The artists in one line; empty where the file is silent.
        album: The album; empty where the file is silent.
        duration_s: The length in seconds; 0 where the file does not tell.
    """

    location: str
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FileContent:
    """A whole playlist file.

    Attributes:
        name: What it calls itself; may be empty.
        entries: Its songs.
        encoding: How its text was written; a path may be bytes that only look like text.
    """

    name: str
    entries: tuple[FileEntry, ...]
    encoding: str = "utf-8"


class NoPlaylist(UserError):
    """The file is none of its format; the message says why, after "couldn't be read: "."""


def seconds(text: str) -> float:
    """Return a length that a file tells; 0 for what is no length."""
    try:
        value = float(text.strip())
    except ValueError:
        return 0.0
    return value if 0 < value < 1e7 else 0.0
