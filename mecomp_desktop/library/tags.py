"""What a music file says about itself."""

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import mutagen
import mutagen.aac
import mutagen.aiff
import mutagen.asf
import mutagen.flac
import mutagen.mp3
import mutagen.mp4
import mutagen.oggopus
import mutagen.oggvorbis
import mutagen.wave

from mecomp_desktop.audio.decode import probe
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.files import opened
from mecomp_desktop.formats.byte_range import read_at
from mecomp_desktop.library.file_names import NamedBy, from_path
from mecomp_desktop.library.tag_fields import (
    Fields,
    aiff_texts,
    fields_of,
    from_names,
    riff_info,
)

# The reader that a name suggests is tried first; mutagen alone would weigh all of them.
_READERS: dict[str, type[mutagen.FileType]] = {
    ".aif": mutagen.aiff.AIFF,
    ".aiff": mutagen.aiff.AIFF,
    ".flac": mutagen.flac.FLAC,
    ".m4a": mutagen.mp4.MP4,
    ".mp3": mutagen.mp3.MP3,
    ".ogg": mutagen.oggvorbis.OggVorbis,
    ".opus": mutagen.oggopus.OggOpus,
    ".wav": mutagen.wave.WAVE,
    ".wma": mutagen.asf.ASF,
}
_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?=\D|$|[01]\d(?:[0-3]\d)?(?!\d))")
_DIGITS = re.compile(r"\d{1,5}")
_SEPARATORS = re.compile(r"[;\0]")
_MAX_TEXT = 1000


def read_tags(path: Path, root: Path | None = None) -> Tags:
    """Return what a file says about itself; where it is silent, what its name tells.

    Args:
        path: A music file of any kind.
        root: The folder of music it belongs to; folders below it may name artist and album.

    Raises:
        UnreadableFile: It cannot be opened, or no decoder finds sound in it.
    """
    with opened(path) as file:
        parsed = _parse(file, path.suffix.lower())
        fields = fields_of(parsed) if parsed is not None else {}
        for name, texts in _own_texts(file).items():
            fields.setdefault(name, texts)
    # Not mutagen's: it believes the header.
    duration_s = probe(path).duration_s
    if parsed is None:
        fields = _by_ffmpeg(path)
    return _tags(fields, from_path(path, root), duration_s)


def _parse(file: BinaryIO, suffix: str) -> mutagen.FileType | None:
    """Return the file as mutagen reads it; ``None`` if it cannot."""
    parsed: mutagen.FileType | None = None
    reader = _READERS.get(suffix)
    # Broken files make mutagen raise nearly anything; what remains of them, the decoders decide.
    if reader is not None and reader.score("", file, read_at(file, 0, 128)) > 0:
        with contextlib.suppress(Exception):
            file.seek(0)
            return reader(file)
    with contextlib.suppress(Exception):
        file.seek(0)
        parsed = mutagen.File(file)
    return parsed


def _own_texts(file: BinaryIO) -> Fields:
    magic = read_at(file, 0, 12)
    if magic[8:] == b"WAVE":
        return riff_info(file)
    if magic[:4] == b"FORM":
        return aiff_texts(file)
    return {}


def _by_ffmpeg(path: Path) -> Fields:
    """Return the tags of a container that mutagen does not know (Matroska, CAF …)."""
    # FFmpeg takes a moment to load, and only these rare containers need it.
    import av.error

    from mecomp_desktop.audio.ffmpeg_container import open_container

    try:
        with open_container(path) as container:
            streams = container.streams.audio
            metadata = {**(streams[0].metadata if streams else {}), **container.metadata}
    except (av.error.FFmpegError, UnreadableFile):
        return {}
    return from_names({name: [_readable(text)] for name, text in metadata.items()})


def _readable(text: str) -> str:
    """Return a text with a sign in place of each byte that is not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _tags(fields: Fields, named: NamedBy, duration_s: float) -> Tags:
    artists = _list(fields.get("artists", ())) or _list(fields.get("artist", ()))
    title, album = _first(fields, "title"), _first(fields, "album")
    untagged = not (title or artists or album)
    if untagged and named.artist:
        artists, album = (named.artist,), named.album
    year = _year(fields)
    return Tags(
        title=title or named.title,
        artists=artists,
        album=album,
        album_artist=_first(fields, "albumartist"),
        track_number=_number(fields, "tracknumber") or (named.track_number if untagged else None),
        disc_number=_number(fields, "discnumber") or (named.disc_number if untagged else None),
        year=year or (named.year if untagged else None),
        genres=_list(fields.get("genre", ())),
        title_sort=_first(fields, "titlesort"),
        artist_sort=_first(fields, "artistsort"),
        album_sort=_first(fields, "albumsort"),
        album_artist_sort=_first(fields, "albumartistsort"),
        duration_s=duration_s,
    )


def _first(fields: Fields, name: str) -> str:
    return next(filter(None, map(_clean, fields.get(name, ()))), "")


def _list(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the values of a tag that may have several, each once."""
    parts = (_clean(part) for text in texts for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(filter(None, parts)))


def _clean(text: str) -> str:
    """Return text in one line that any font and any database takes."""
    encodable = text[:_MAX_TEXT].encode("utf-8", "replace").decode()
    return " ".join("".join(char if char.isprintable() else " " for char in encodable).split())


def _number(fields: Fields, name: str) -> int | None:
    """Return a number as in "3", "03/12" or "A3"; 0 stands for none."""
    found = _DIGITS.search(_first(fields, name))
    return int(found[0]) or None if found else None


def _year(fields: Fields) -> int | None:
    """Return the year of a date in any spelling: "1999-05-31", "31.05.1999", "19990531"."""
    for name in ("date", "releasedate", "originaldate"):
        found = _YEAR.search(_first(fields, name))
        if found:
            return int(found[1])
    return None
