"""What a file *is*: a hash of its audio that ignores tags, name and place."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.files import opened
from mecomp_desktop.formats import ogg
from mecomp_desktop.formats.byte_range import ByteRange, file_size, read_at
from mecomp_desktop.formats.payload import payload

_WINDOW_BYTES = 128 * 1024
_WINDOWS = 5
_MATROSKA = b"\x1a\x45\xdf\xa3"
_CAF = b"caff"
_ID_BYTES = 16
_PACKET_LIMIT_BYTES = 8 * 1024 * 1024


def audio_id(path: Path) -> AudioId:
    """Return the identity of the audio in a file: 32 hexadecimal digits.

    Nothing is decoded. Of a long file, five pieces of 128 KiB spread over the audio and its
    length stand for the whole, so the cost does not grow with the file.

    Raises:
        UnreadableFile: The file cannot be opened or read.
    """
    with opened(path) as file:
        magic = read_at(file, 0, 4)
        if magic == ogg.CAPTURE:
            digest = _ogg(file)
        elif magic in (_MATROSKA, _CAF):
            digest = _packets(path) or _spans(file)
        else:
            digest = _spans(file)
    return AudioId(digest)


def part_id(whole: AudioId, part: Part) -> AudioId:
    """Return the identity of a part of a file: 32 hexadecimal digits.

    The same stretch of the same audio is the same recording wherever the file lies and whichever
    sheet cuts it; times count to the millisecond.

    Args:
        whole: The identity of the file's audio.
        part: The stretch of it.
    """
    start_ms = round(part.start_s * 1000)
    end_ms = "end" if part.end_s is None else round(part.end_s * 1000)
    named = f"{whole}:{start_ms}:{end_ms}".encode()
    return AudioId(hashlib.blake2b(named, digest_size=_ID_BYTES).hexdigest())


def _spans(file: BinaryIO) -> str:
    digest = hashlib.blake2b(digest_size=_ID_BYTES)
    spans = payload(file)
    digest.update(sum(span.length for span in spans).to_bytes(8, "little"))
    for piece in _pieces(file, spans):
        digest.update(piece)
    return digest.hexdigest()


def _ogg(file: BinaryIO) -> str:
    digest = hashlib.blake2b(digest_size=_ID_BYTES)
    start = ogg.first_audio_page(file)
    length = file_size(file) - start
    digest.update(length.to_bytes(8, "little"))
    empty = True
    for piece in _pieces(file, [ByteRange(start, length)]):
        for content in ogg.page_contents(piece):
            digest.update(content)
            empty = empty and not content
    # The hash of no bytes is no identity: all files without a whole page would be one recording.
    return _spans(file) if empty else digest.hexdigest()


def _packets(path: Path) -> str:
    """Return the hash of the packets of a container whose tags may lie anywhere in it."""
    # FFmpeg takes a moment to load, and only these rare containers need it.
    import av.error

    from mecomp_desktop.audio.ffmpeg_container import open_container

    digest = hashlib.blake2b(digest_size=_ID_BYTES)
    left = _PACKET_LIMIT_BYTES
    try:
        with open_container(path) as container:
            stream = next(iter(container.streams.audio), None)
            if stream is None:
                return ""
            digest.update(str(stream.duration or container.duration).encode())
            for packet in container.demux(stream):
                digest.update(bytes(packet))
                left -= packet.size
                if left <= 0:
                    break
    except (av.error.FFmpegError, UnreadableFile):
        return ""
    return digest.hexdigest()


def _pieces(file: BinaryIO, spans: Sequence[ByteRange]) -> Iterator[bytes]:
    """Read the spans as if they were one: all of a short one, windows of a long one."""
    total = sum(span.length for span in spans)
    if total <= _WINDOWS * _WINDOW_BYTES:
        yield b"".join(read_at(file, span.start, span.length) for span in spans)
        return
    for number in range(_WINDOWS):
        start = (total - _WINDOW_BYTES) * number // (_WINDOWS - 1)
        yield _read_across(file, spans, start, _WINDOW_BYTES)


def _read_across(file: BinaryIO, spans: Sequence[ByteRange], start: int, length: int) -> bytes:
    parts = []
    for span in spans:
        skip = min(start, span.length)
        take = min(span.length - skip, length)
        if take:
            parts.append(read_at(file, span.start + skip, take))
        start -= skip
        length -= take
    return b"".join(parts)
