"""M3U and M3U8: a line a file, with "#EXTINF" and its kin before it.

What Winamp began and everybody extends: ``#EXTINF:<seconds>,<artist> - <title>``,
``#PLAYLIST:<name>``, ``#EXTALB:<album>``, ``#EXTART:<artist>``, ``#EXTENC:<encoding>``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.playlists.files.content import FileContent, FileEntry, seconds
from mecomp_desktop.playlists.files.location import line_of
from mecomp_desktop.playlists.files.plain_text import decode, lines
from mecomp_desktop.text import clean

# Between the length and the comma some programs put attributes: ``tvg-id="x" group="y, z"``.
_INFO = re.compile(r'\s*(-?[\d.]*)((?:\s+[\w-]+=(?:"[^"]*"|[^\s,]*))*)\s*(?:,(.*))?$')
_BETWEEN = " - "


@dataclass(slots=True)
class _Attributes:
    """What the lines since the last file say of the next."""

    shown: str = ""
    duration_s: float = 0.0
    album: str = ""
    artist: str | None = None

    def entry(self, location: str) -> FileEntry:
        artist, title = _split(self.shown, self.artist)
        return FileEntry(location, title, artist, self.album, self.duration_s)


def parse(raw: bytes) -> FileContent:
    """Read a file.

    Raises:
        NoPlaylist: It is no text.
    """
    text, encoding = decode(raw)
    name, attributes, entries = "", _Attributes(), []
    for line in map(str.strip, lines(text)):
        if not line:
            continue
        if not line.startswith("#"):
            entries.append(attributes.entry(line))
            attributes = _Attributes()
            continue
        directive, _, value = line.partition(":")
        match directive.upper():
            case "#EXTINF":
                attributes.duration_s, attributes.shown = _info(value)
            case "#EXTALB":
                attributes.album = clean(value)
            case "#EXTART":
                attributes.artist = clean(value)
            case "#PLAYLIST":
                name = clean(value)
    return FileContent(name, tuple(entries), encoding)


def written(name: str, entries: Sequence[FileEntry], folder: Path | None) -> str:
    """Return the text of a file, to be stored as UTF-8.

    Args:
        name: What the playlist is called.
        entries: Its songs; their locations are paths.
        folder: Paths below it are written relative to it; ``None``: all whole.
    """
    text = ["#EXTM3U"]
    if name:
        text.append(f"#PLAYLIST:{clean(name)}")
    for entry in entries:
        artist, title = clean(entry.artist), clean(entry.title)
        shown = f"{artist}{_BETWEEN}{title}" if artist else title
        if shown or entry.duration_s:
            length_s = round(entry.duration_s) if entry.duration_s > 0 else -1
            text.append(f"#EXTINF:{length_s},{shown}")
        if _split(shown, None) != (artist, title):  # "A - B - C": which of them is the artist?
            text.append(f"#EXTART:{artist}")
        if entry.album:
            text.append(f"#EXTALB:{clean(entry.album)}")
        text.append(line_of(entry.location, folder))
    return "\n".join(text) + "\n"


def _info(value: str) -> tuple[float, str]:
    found = _INFO.match(value)
    if found is None:  # no length: all of it is the title
        return 0.0, clean(value)
    return seconds(found[1]), clean(found[3] or "")


def _split(shown: str, artist: str | None) -> tuple[str, str]:
    """Return artist and title of "artist - title", the artist being told elsewhere if not None."""
    if artist is None:
        before, between, after = shown.partition(_BETWEEN)
        return (before, after) if between and before and after else ("", shown)
    return artist, shown.removeprefix(f"{artist}{_BETWEEN}") if artist else shown
