"""Opening files in FFmpeg: by their content, without calling anyone, and counting their packets."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av

from mecomp_desktop.audio.bounded_file import BoundedFile
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.formats.byte_range import ByteRange

# Texts that are not UTF-8: PyAV 19 escapes them, those before have to be told not to give up.
_PYAV_ESCAPES = int(av.__version__.partition(".")[0]) >= 19
_TOLERANT = {} if _PYAV_ESCAPES else {"metadata_errors": "surrogateescape"}
# What FFmpeg calls the containers that a look at the bytes has told.
_DEMUXERS = {
    "adts": "aac",
    "aiff": "aiff",
    "asf": "asf",
    "flac": "flac",
    "matroska": "matroska",
    "mp4": "mov",
    "mpeg": "mp3",
    "ogg": "ogg",
    "riff": "wav",
}
# Sums of packets and their timestamps agree but for what an encoder or a container rounds.
_SPAN_SLACK_S, _SPAN_SLACK_SHARE = 0.5, 0.05


@contextlib.contextmanager
def open_container(path: Path) -> Iterator[Any]:
    """Open a file in FFmpeg, whatever its tags contain, to look at it without decoding.

    Yields:
        PyAV's container; bytes of its metadata that are not UTF-8 are surrogate escapes.

    Raises:
        UnreadableFile: FFmpeg cannot open it.
    """
    file, container = open_bounded(path)
    try:
        yield container
    finally:
        container.close()
        file.close()


def open_bounded(
    path: Path, kind: str = "", where: ByteRange | None = None
) -> tuple[BoundedFile, Any]:
    """Open a file, or a part of it, in FFmpeg.

    Args:
        path: An existing file.
        kind: What it is, as ``formats.probe`` calls it; tried first.
        where: The part; all of it if ``None``.

    Returns:
        The file and PyAV's container over it; the caller closes both.

    Raises:
        UnreadableFile: FFmpeg cannot open it.
    """
    hint = _DEMUXERS.get(kind)
    failure: Exception | None = None
    for demuxer in dict.fromkeys((hint, None)):
        file = BoundedFile(path, where)
        # A playlist that passes for audio must not make us call anyone.
        options: dict[str, Any] = {"options": {"protocol_whitelist": "file"}, **_TOLERANT}
        try:
            return file, av.open(file, format=demuxer, **options)
        except (av.error.FFmpegError, ValueError, OSError) as error:
            file.close()
            failure = error
        except BaseException:
            file.close()
            raise
    raise UnreadableFile(path, Reason.NOT_AUDIO, str(failure)) from failure


def count_duration_s(path: Path, kind: str, where: ByteRange | None = None) -> float | None:
    """Return the length of a file by its packets, of which none is decoded.

    Reads the whole file: about 30 ms for ten million frames of sound.

    Returns:
        Seconds; 0 if there are no packets, ``None`` if they do not tell how long they are.

    Raises:
        UnreadableFile: FFmpeg cannot open it, or there is no audio stream in it.
    """
    file, container = open_bounded(path, kind, where)
    try:
        stream = next(iter(container.streams.audio), None)
        if stream is None or stream.time_base is None:
            raise UnreadableFile(path, Reason.NOT_AUDIO, "no audio stream")
        total, span, silent = _packet_times(container, stream, file)
        if total == 0 and silent:
            return None
        total_s, span_s = float(total * stream.time_base), float(span * stream.time_base)
        # Some packets of WMA tell no duration of their own; timestamps that jump tell too much.
        if total_s < span_s < total_s * (1 + _SPAN_SLACK_SHARE) + _SPAN_SLACK_S:
            total_s = span_s
        return total_s
    finally:
        container.close()
        file.close()


def _packet_times(container: Any, stream: Any, file: BoundedFile) -> tuple[int, int, int]:  # noqa: ANN401  (PyAV's classes are not typed)
    """Return the sum of the packets' durations, the time they span, how many tell no duration."""
    total, first, end, silent = 0, None, 0, 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError, OSError):
            break
        duration = int(packet.duration or 0)
        if duration > 0:
            total += duration
            file.sound_came()
        elif packet.size:
            silent += 1
        if packet.pts is not None:
            first = packet.pts if first is None else first
            end = packet.pts + duration
    return total, end - (first or 0), silent
