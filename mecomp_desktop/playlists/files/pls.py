"""PLS: numbered lines ``File1=``, ``Title1=``, ``Length1=`` below ``[playlist]``."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from mecomp_desktop.playlists.files.content import FileContent, FileEntry, NoPlaylist, seconds
from mecomp_desktop.playlists.files.location import line_of
from mecomp_desktop.playlists.files.plain_text import decode, lines
from mecomp_desktop.text import clean

_LINE = re.compile(r"(file|title|length)(\d{1,9})\s*=(.*)", re.IGNORECASE)
_HEAD = "[playlist]"
_BETWEEN = " - "


def parse(raw: bytes) -> FileContent:
    """Read a file.

    Raises:
        NoPlaylist: It is no text, or has no "[playlist]".
    """
    text, encoding = decode(raw)
    all_lines = [line.strip() for line in lines(text)]
    if _HEAD not in map(str.lower, all_lines):
        raise NoPlaylist("it has no line “[playlist]”")
    values: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for found in filter(None, map(_LINE.match, all_lines)):
        values[int(found[2])][found[1].lower()] = found[3].strip()
    entries = [_entry(song) for _number, song in sorted(values.items()) if song.get("file")]
    return FileContent("", tuple(entries), encoding)


def written(_name: str, entries: Sequence[FileEntry], folder: Path | None) -> str:
    """Return the text of a file, to be stored as UTF-8; the format has no place for a name."""
    text = [_HEAD]
    for number, entry in enumerate(entries, start=1):
        artist, title = clean(entry.artist), clean(entry.title)
        text.append(f"File{number}={line_of(entry.location, folder)}")
        if title:
            text.append(f"Title{number}={f'{artist}{_BETWEEN}{title}' if artist else title}")
        length_s = round(entry.duration_s) if entry.duration_s > 0 else -1
        text.append(f"Length{number}={length_s}")
    return "\n".join([*text, f"NumberOfEntries={len(entries)}", "Version=2", ""])


def _entry(values: dict[str, str]) -> FileEntry:
    shown = clean(values.get("title", ""))
    artist, between, title = shown.partition(_BETWEEN)
    if not (between and artist and title):
        artist, title = "", shown
    return FileEntry(values["file"], title, artist, "", seconds(values.get("length", "")))
