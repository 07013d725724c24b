"""Every place where a file may keep tags, the one to believe first in front.

A container's own tags come first, then ID3v2, APEv2, the texts of WAV and AIFF, and ID3v1 with
its thirty letters at last. Blocks that belong to no container may stand around any of them:
taggers put ID3v2 before FLAC, APE behind MP3, and ID3v2 behind everything.
"""

import contextlib
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import mutagen
import mutagen.aac
import mutagen.aiff
import mutagen.apev2
import mutagen.asf
import mutagen.flac
import mutagen.id3
import mutagen.mp3
import mutagen.mp4
import mutagen.oggopus
import mutagen.oggvorbis
import mutagen.wave

from mecomp_desktop.formats.byte_range import file_size, read_at
from mecomp_desktop.formats.iff import iff_chunks
from mecomp_desktop.formats.outer_tags import id3_without_footer
from mecomp_desktop.library.replay_gain import with_usual_spelling
from mecomp_desktop.library.tag_fields import Fields, fields_of, from_id3, from_info

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
# As any: mutagen has no types.
_ID3_TAGS: Any = mutagen.id3.ID3
_APE_TAGS: Any = mutagen.apev2.APEv2
_parse_id3v1: Any = mutagen.id3.ParseID3v1
_ID3_HEADER_BYTES = 10
_ID3V1_BYTES = 128
_APE_FOOTER_BYTES = 32
_LYRICS_END_BYTES = 15
_JUNK_BYTES = 64 * 1024
_MAX_BLOCK_BYTES = 64 * 1024 * 1024
_MAX_INFO_BYTES = 1_000_000
_MAX_TEXT_BYTES = 4096
_MAX_BLOCKS = 20


def parse(file: BinaryIO, suffix: str) -> mutagen.FileType | None:
    """Return a file as mutagen reads it; ``None`` if it cannot. Never raises."""
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


def tag_sources(file: BinaryIO, parsed: mutagen.FileType | None) -> list[Fields]:
    """Return the tags of every place in a file, those to believe first in front.

    Args:
        file: The open file.
        parsed: The file as `parse` returned it.
    """
    sources: list[Fields] = []
    for tags in tag_objects(file, parsed):
        with contextlib.suppress(Exception):
            sources.append(fields_of(tags))
    sources.append(from_info(_own_texts(file)))
    id3v1 = _outer_blocks(file).id3v1
    if id3v1 is not None:
        with contextlib.suppress(Exception):
            frames = _parse_id3v1(id3v1)
            sources.append(from_id3(frames.values()) if frames else {})
    return [with_usual_spelling(source) for source in sources if source]


def tag_objects(file: BinaryIO, parsed: mutagen.FileType | None) -> list[Any]:
    """Return the tags of a file as mutagen's objects: its container's, ID3v2, APEv2.

    Args:
        file: The open file.
        parsed: The file as `parse` returned it.
    """
    objects: list[Any] = []
    # Plain ID3 tags are among the outer blocks; mutagen would mix ID3v1 into them.
    if parsed is not None and parsed.tags and type(parsed.tags) is not _ID3_TAGS:
        objects.append(parsed.tags)
    blocks = _outer_blocks(file)
    for block in blocks.id3:
        with contextlib.suppress(Exception):
            tags = _ID3_TAGS()
            tags.load(io.BytesIO(block), load_v1=False)
            objects.append(tags)
    if blocks.ape is not None:
        with contextlib.suppress(Exception):
            objects.append(_APE_TAGS(io.BytesIO(blocks.ape)))
    return objects


class _Blocks(NamedTuple):
    """The blocks of tags around the audio, as bytes."""

    id3: list[bytes]
    ape: bytes | None
    id3v1: bytes | None


def _outer_blocks(file: BinaryIO) -> _Blocks:
    id3 = _leading_id3(file)
    ape = id3v1 = None
    end = file_size(file)
    # Blocks at the end stand in any order; each tells its length in its last bytes.
    for _ in range(_MAX_BLOCKS):
        tail = read_at(file, max(end - _APE_FOOTER_BYTES, 0), min(_APE_FOOTER_BYTES, end))
        if end >= _ID3V1_BYTES and read_at(file, end - _ID3V1_BYTES, 3) == b"TAG":
            length = _ID3V1_BYTES
            id3v1 = id3v1 or read_at(file, end - length, length)
        elif tail.startswith(b"APETAGEX") and len(tail) == _APE_FOOTER_BYTES:
            length = int.from_bytes(tail[12:16], "little")
            length += _APE_FOOTER_BYTES if tail[23] & 0x80 else 0  # it has a header, too
            ape = ape or _block(file, end - length, length)
        elif tail[-_ID3_HEADER_BYTES:].startswith(b"3DI"):
            length = 2 * _ID3_HEADER_BYTES + _syncsafe(tail[-4:])
            id3.append(_block(file, end - length, length) or b"")
        elif tail.endswith(b"LYRICS200") and tail[-_LYRICS_END_BYTES:-9].isdigit():
            length = _LYRICS_END_BYTES + int(tail[-_LYRICS_END_BYTES:-9])
        elif not id3 and (length := id3_without_footer(file, end)):
            id3.append(_block(file, end - length, length) or b"")
        else:
            break
        end -= length
        if end <= 0 or length <= 0:
            break
    return _Blocks([block for block in id3 if block], ape, id3v1)


def _leading_id3(file: BinaryIO) -> list[bytes]:
    """Return the ID3v2 blocks at the start, or the one behind bytes that are no audio."""
    head = read_at(file, 0, 12)
    if head[:4] in (b"RIFF", b"RF64", b"FORM", b"fLaC", b"OggS") or head[4:8] == b"ftyp":
        return []
    blocks, at = [], 0
    for _ in range(_MAX_BLOCKS):
        block = _id3_at(file, at)
        if block is None:
            break
        blocks.append(block)
        at += len(block)
    if not blocks and (at := read_at(file, 0, _JUNK_BYTES).find(b"ID3")) > 0:
        block = _id3_at(file, at)
        blocks = [block] if block is not None else []
    return blocks


def _id3_at(file: BinaryIO, at: int) -> bytes | None:
    header = read_at(file, at, _ID3_HEADER_BYTES)
    if len(header) < _ID3_HEADER_BYTES or header[:3] != b"ID3":
        return None
    if not 2 <= header[3] <= 4 or max(header[6:]) > 0x7F:
        return None
    footer = _ID3_HEADER_BYTES if header[5] & 0x10 else 0
    return _block(file, at, _ID3_HEADER_BYTES + _syncsafe(header[6:]) + footer)


def _block(file: BinaryIO, start: int, length: int) -> bytes | None:
    if start < 0 or not 0 < length <= _MAX_BLOCK_BYTES:
        return None
    return read_at(file, start, length)


def _syncsafe(size: bytes) -> int:
    """Return a number of seven bits a byte."""
    number = 0
    for byte in size:
        number = number << 7 | byte & 0x7F
    return number


def _own_texts(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Give the texts that WAV and AIFF keep in chunks of their own, by their names."""
    magic = read_at(file, 0, 12)
    if magic[8:] == b"WAVE":
        for name, span in iff_chunks(file, little_endian=True):
            if name == b"LIST" and span.length > 4 and read_at(file, span.start, 4) == b"INFO":
                length = min(span.length - 4, _MAX_INFO_BYTES)
                yield from _info_entries(read_at(file, span.start + 4, length))
    elif magic[:4] == b"FORM":
        for name, span in iff_chunks(file, little_endian=False):
            text = read_at(file, span.start, min(span.length, _MAX_TEXT_BYTES))
            yield name, text.rstrip(b"\0")


def _info_entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the entries of an INFO list; one that claims more than the list has is cut."""
    at = 0
    while at + 8 <= len(block):
        name, length = block[at : at + 4], int.from_bytes(block[at + 4 : at + 8], "little")
        yield name, block[at + 8 : at + 8 + length].split(b"\0")[0]
        at += 8 + length + length % 2
