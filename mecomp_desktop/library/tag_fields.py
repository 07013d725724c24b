"""The same tag under its different names: every format's tags as one dictionary."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import mutagen
import mutagen.apev2
import mutagen.asf
import mutagen.id3
import mutagen.mp4

from mecomp_desktop.formats.byte_range import read_at
from mecomp_desktop.formats.iff import iff_chunks

Fields = dict[str, list[str]]
"""Tag values by their Vorbis name in lower case ("albumartist"), as the file has them."""

_ID3 = {
    "TIT2": "title",
    "TPE1": "artist",
    "TALB": "album",
    "TPE2": "albumartist",
    "TRCK": "tracknumber",
    "TPOS": "discnumber",
    "TCON": "genre",
    "TSOT": "titlesort",
    "TSOP": "artistsort",
    "TSOA": "albumsort",
    "TSO2": "albumartistsort",
    "TDRC": "date",
    "TDOR": "originaldate",
    "TDRL": "releasedate",
}
_MP4 = {
    "\xa9nam": "title",
    "\xa9ART": "artist",
    "\xa9alb": "album",
    "aART": "albumartist",
    "trkn": "tracknumber",
    "disk": "discnumber",
    "\xa9gen": "genre",
    "\xa9day": "date",
    "sonm": "titlesort",
    "soar": "artistsort",
    "soal": "albumsort",
    "soaa": "albumartistsort",
}
_ASF = {
    "title": "title",
    "author": "artist",
    "wm/albumtitle": "album",
    "wm/albumartist": "albumartist",
    "wm/tracknumber": "tracknumber",
    "wm/partofset": "discnumber",
    "wm/genre": "genre",
    "wm/year": "date",
    "wm/titlesortorder": "titlesort",
    "wm/artistsortorder": "artistsort",
    "wm/albumsortorder": "albumsort",
    "wm/albumartistsortorder": "albumartistsort",
    "wm/artists": "artists",
}
# How Vorbis comments, APE tags, Matroska and FFmpeg spell the same thing.
_OTHER_SPELLINGS = {
    "album artist": "albumartist",
    "album_artist": "albumartist",
    "album-sort": "albumsort",
    "artist-sort": "artistsort",
    "title-sort": "titlesort",
    "ensemble": "albumartist",
    "track": "tracknumber",
    "part_number": "tracknumber",
    "disc": "discnumber",
    "disk": "discnumber",
    "year": "date",
    "date_released": "date",
    "originalyear": "originaldate",
}
_INFO = {
    b"INAM": "title",
    b"IART": "artist",
    b"IPRD": "album",
    b"ICRD": "date",
    b"IGNR": "genre",
    b"ITRK": "tracknumber",
    b"IPRT": "tracknumber",
}
_MAX_INFO_BYTES = 1_000_000


def fields_of(file: mutagen.FileType) -> Fields:
    """Return the tags that mutagen read from a file."""
    tags: Any = file.tags
    if not tags:  # an ID3 tag without frames counts as none
        return {}
    if isinstance(tags, mutagen.id3.ID3):
        return _from_id3(tags)
    if isinstance(tags, mutagen.mp4.MP4Tags):
        return _from_mp4(tags)
    if isinstance(tags, mutagen.asf.ASFTags):
        pairs = ((_ASF.get(key.lower(), key.lower()), [str(value)]) for key, value in tags)
        return _collected(pairs)
    if isinstance(tags, mutagen.apev2.APEv2):
        return _from_ape(tags)
    return from_names({key: tags[key] for key in dict.fromkeys(tags.keys())})


def from_names(values: Mapping[str, Iterable[str]]) -> Fields:
    """Return tags that are named more or less as in Vorbis comments."""
    return _collected(
        (_OTHER_SPELLINGS.get(key.lower(), key.lower()), list(texts))
        for key, texts in values.items()
    )


def riff_info(file: BinaryIO) -> Fields:
    """Return the tags in the INFO list of a WAV file: what is not a tagger writes them there."""
    fields: Fields = {}
    for name, span in iff_chunks(file, little_endian=True):
        if name != b"LIST" or read_at(file, span.start, 4) != b"INFO":
            continue
        block = read_at(file, span.start + 4, min(span.length - 4, _MAX_INFO_BYTES))
        at = 0
        while at + 8 <= len(block):
            key, length = block[at : at + 4], int.from_bytes(block[at + 4 : at + 8], "little")
            if key in _INFO:
                text = _guess_text(block[at + 8 : at + 8 + length].split(b"\0")[0])
                fields.setdefault(_INFO[key], []).append(text)
            at += 8 + length + length % 2
    return fields


def aiff_texts(file: BinaryIO) -> Fields:
    """Return the tags in an AIFF file's own text chunks."""
    names = {b"NAME": "title", b"AUTH": "artist"}
    return _collected(
        (names.get(name, ""), [_guess_text(read_at(file, span.start, min(span.length, 4096)))])
        for name, span in iff_chunks(file, little_endian=False)
    )


def _from_id3(tags: Any) -> Fields:  # noqa: ANN401 (mutagen has no types)
    fields: Fields = {}
    for frame in tags.values():
        if frame.FrameID in _ID3:
            texts = frame.genres if frame.FrameID == "TCON" else frame.text
            fields.setdefault(_ID3[frame.FrameID], []).extend(str(text) for text in texts)
        elif frame.FrameID == "TXXX":
            for name, texts in from_names({frame.desc: map(str, frame.text)}).items():
                fields.setdefault(name, []).extend(texts)
    return fields


def _from_mp4(tags: Any) -> Fields:  # noqa: ANN401 (mutagen has no types)
    fields: Fields = {}
    for key, values in tags.items():
        if key in ("trkn", "disk"):
            fields[_MP4[key]] = [str(number) for number, _total in values]
        elif key in _MP4:
            fields[_MP4[key]] = [str(value) for value in values]
        elif key.startswith("----:"):
            name = key.rpartition(":")[2].lower()
            texts = [_guess_text(bytes(value)) for value in values]
            fields.setdefault(_OTHER_SPELLINGS.get(name, name), texts)
    return fields


def _from_ape(tags: Any) -> Fields:  # noqa: ANN401 (mutagen has no types)
    return from_names(
        {key: list(value) for key, value in tags.items() if value.kind == mutagen.apev2.TEXT}
    )


def _collected(pairs: Iterable[tuple[str, list[str]]]) -> Fields:
    fields: Fields = {}
    for name, texts in pairs:
        if name:
            fields.setdefault(name, []).extend(texts)
    return fields


def _guess_text(raw: bytes) -> str:
    """Decode text of unknown encoding: UTF-8 if it is that, else as Windows wrote it."""
    raw = raw.rstrip(b"\0")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
