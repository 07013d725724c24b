"""CUE sheets: which songs are in which file, and where each begins.

A sheet is text from anywhere: any encoding, names of files from other systems, numbers of any
size. Nothing but `CueError` is raised, whatever the bytes are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mecomp_desktop.library.legacy_text import decode_legacy

MAX_SHEET_BYTES = 1 << 20
"""A sheet of 99 songs has about ten thousand bytes."""
FRAMES_PER_S = 75
"""How finely sheets count, in sectors of a CD."""

MAX_TRACKS = 999
"""A CD has 99 at most; sheets inside long files have had more."""

_MAX_MINUTES = 1_000_000
_LINE = re.compile(r"\s*(\S+)\s*(.*?)\s*")
_TIME = re.compile(r"(\d{1,9}):(\d{1,2}):(\d{1,2})")
_UTF_8_MARK, _UTF_16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
# What a sheet says in its own words, under the names of Vorbis comments.
_TEXTS = {"TITLE": "title", "PERFORMER": "artist", "SONGWRITER": "composer", "ISRC": "isrc"}


class CueError(ValueError):
    """A sheet that cannot be used; the message says why, as in "track 3 has no beginning"."""


@dataclass(slots=True)
class CueTrack:
    """One song of a sheet.

    Attributes:
        number: Its number.
        is_audio: Whether it is music, and not data.
        file: The name of the file it begins in, without folders; empty where none is named.
        start_s: Where in that file, in seconds; ``None`` where the sheet does not say.
        fields: What is said of it, by the names of Vorbis comments in lower case.
    """

    number: int
    is_audio: bool = True
    file: str = ""
    start_s: float | None = None
    fields: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class CueSheet:
    """A whole sheet.

    Attributes:
        fields: What is said of the album, by the names of Vorbis comments in lower case.
        tracks: Its songs, in its order.
    """

    fields: dict[str, list[str]] = field(default_factory=dict)
    tracks: list[CueTrack] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """The names of the files it is about, each once."""
        return list(dict.fromkeys(track.file for track in self.tracks))


def sheet_text(data: bytes) -> str:
    """Return a sheet's text, in whichever encoding it is: UTF-8, UTF-16 or one of Windows'.

    Raises:
        CueError: It is too long for a sheet.
    """
    if len(data) > MAX_SHEET_BYTES:
        raise CueError(f"it has more than {MAX_SHEET_BYTES:,} bytes")
    if data.startswith(_UTF_8_MARK):
        return data.removeprefix(_UTF_8_MARK).decode("utf-8", "replace")
    if data.startswith(_UTF_16_MARKS):
        return data.decode("utf-16", "replace")
    # Without a mark, every second byte of the keywords is 0.
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace")
    if data[:1] == b"\0":
        return data.decode("utf-16-be", "replace")
    return decode_legacy(data)


def parse_cue(text: str) -> CueSheet:
    """Return what a sheet says.

    A song begins at its INDEX 01; the pause before it (INDEX 00) belongs to the song before, as
    a CD player counts it. Silence that is in no file (PREGAP, POSTGAP) is left out.

    Raises:
        CueError: It is no sheet, or its numbers make no sense.
    """
    sheet = CueSheet()
    file, track, began_at = "", None, -1
    for keyword, rest in _lines(text):
        if keyword == "FILE":
            file = _file_name(rest)
        elif keyword == "TRACK":
            track, began_at = _track(rest, file), -1
            sheet.tracks.append(track)
            if len(sheet.tracks) > MAX_TRACKS:
                raise CueError(f"it has more than {MAX_TRACKS} tracks")
        elif keyword == "INDEX" and track is not None:
            number, start_s = _index(rest, track.number)
            # Of INDEX 00 and 01 the second is meant; 02 and on are places within a song.
            if number <= 1 and number > began_at:
                track.file, track.start_s, began_at = file, start_s, number
        else:
            _note(sheet.fields if track is None else track.fields, keyword, rest)
    if not sheet.tracks:
        raise CueError("it has no tracks")
    return sheet


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.replace("\0", "").splitlines():
        found = _LINE.fullmatch(line)
        if found is not None:
            yield found[1].upper(), found[2]


def _note(fields: dict[str, list[str]], keyword: str, rest: str) -> None:
    """Keep what is said of an album or a song; what comes first counts."""
    name = _TEXTS.get(keyword, "")
    if keyword == "REM":
        keyword, _, rest = rest.partition(" ")
        name = keyword.lower()
    value = _unquoted(rest)[0].strip()
    if name and value:
        fields.setdefault(name, [value])


def _unquoted(text: str) -> tuple[str, str]:
    """Return the text in quotes and what stands behind it; quotes inside belong to the text."""
    if not text.startswith('"'):
        return text, ""
    end = text.rfind('"')
    return (text[1:end], text[end + 1 :].strip()) if end > 0 else (text[1:], "")


def _file_name(rest: str) -> str:
    """Return the last part of a file's name, whichever system's folders stand before it."""
    name = _unquoted(rest)[0] if rest.startswith('"') else _without_kind(rest)
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _without_kind(rest: str) -> str:
    name, _, kind = rest.rpartition(" ")
    return rest if "." in kind else name.strip() or kind


def _track(rest: str, file: str) -> CueTrack:
    number, _, kind = rest.partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) <= 3):
        raise CueError(f"a track has the number {number[:20]!r}")
    return CueTrack(int(number), kind.strip().upper() in ("", "AUDIO"), file)


def _index(rest: str, track: int) -> tuple[int, float]:
    number, _, time = rest.partition(" ")
    found = _TIME.fullmatch(time.strip())
    if found is None or not (number.isascii() and number.isdigit() and len(number) <= 2):
        raise CueError(f"track {track} begins at {time.strip()[:20]!r}")
    minutes, seconds, frames = map(int, found.groups())
    if minutes > _MAX_MINUTES:
        raise CueError(f"track {track} begins at {time.strip()[:20]!r}")
    return int(number), ((minutes * 60 + seconds) * FRAMES_PER_S + frames) / FRAMES_PER_S
