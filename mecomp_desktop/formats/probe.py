"""A first look at a file's bytes: what kind it is, and how far its header is to be believed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.files import opened, reachable, reachable_file
from mecomp_desktop.formats import aiff, asf, flac, matroska, mp4, mpeg, ogg, riff
from mecomp_desktop.formats.adts import is_adts
from mecomp_desktop.formats.byte_range import ByteRange, clipped, file_size, read_at
from mecomp_desktop.formats.iff import iff_chunks
from mecomp_desktop.formats.outer_tags import after_leading_tags

MIN_BYTES_PER_S = 8
"""No coding of sound takes less, silence included; a claim of more seconds is wrong."""
_HEAD_BYTES = 16
# Taggers change the size of a file a little; what is cut off, or not yet there, is more.
_SIZE_SLACK_SHARE = 0.05
# Files whose header is wrong by less than this are whole; encoders round.
_LENGTH_SLACK_S = 1.0
_LENGTH_SLACK_SHARE = 0.02
_MAGICS: tuple[tuple[int, bytes, str], ...] = (
    (0, ogg.CAPTURE, "ogg"),
    (0, flac.MAGIC, "flac"),
    (0, b"RIFF", "riff"),
    (0, b"RF64", "riff"),
    (0, b"FORM", "aiff"),
    (4, b"ftyp", "mp4"),
    (0, b"wvpk", "wavpack"),
    (0, b"MAC ", "ape"),
    (0, b"caff", "caf"),
    (0, matroska.MAGIC, "matroska"),
    (0, asf.MAGIC[:8], "asf"),
)


@dataclass(frozen=True, slots=True)
class FormatProbe:
    """What the bytes tell without decoding.

    Attributes:
        kind: A known container, or ``""``.
        trusted: Whether the length in the header agrees with the file, as far as a cheap look can
            tell. Where it does not, decoders' lengths are guesses too.
        frames: The length where the look itself tells it, in frames of ``sample_rate_hz``.
        sample_rate_hz: Of ``frames``; 0 where there are none.
        promised_s: The length that the header promises, where it is not the decoder that tells it.
        data_bytes: For WAV and AIFF: the promised bytes of samples; ``None`` if open-ended.
        cut_off: Whether the file clearly has less than its header promises.
        complete: Whether the parts without which nothing can be decoded are there.
        sound: Where to begin to read, where the file's own index would mislead whoever reads it.
        delay_frames: Frames before the sound, which that index would have told.
        links: For Ogg: its links, where there are several.
    """

    kind: str
    trusted: bool = True
    frames: int | None = None
    sample_rate_hz: int = 0
    promised_s: float | None = None
    data_bytes: int | None = None
    cut_off: bool = False
    complete: bool = True
    sound: ByteRange | None = None
    delay_frames: int = 0
    links: tuple[ogg.Link, ...] = ()


def probe_format(path: Path) -> FormatProbe:
    """Open a file and recognise it.

    Raises:
        UnreadableFile: It is missing, forbidden, empty, no file, or claims what cannot be.
    """
    if reachable(path) and not reachable_file(path):
        # Reading a pipe or a device may wait for ever.
        raise UnreadableFile(path, Reason.NOT_AUDIO, "not a regular file")
    with opened(path) as file:
        kind = _kind(file)
        if kind == "matroska" and matroska.claims_too_much(file):
            raise UnreadableFile(path, Reason.DAMAGED, "an element is longer than the file")
        look = _LOOKS[kind](file) if kind in _LOOKS else FormatProbe(kind)
        if look.frames and look.frames > file_size(file) / MIN_BYTES_PER_S * look.sample_rate_hz:
            return replace(look, trusted=False, frames=None)  # a position that cannot be
        return look


def is_clearly_less(there: int, promised: int, per_s: int) -> bool:
    """Return whether a file has clearly less than promised, rather than by an encoder's rounding.

    Args:
        there: The frames (or bytes) that are there.
        promised: Those that the header vouches for.
        per_s: How many of them make a second.
    """
    slack = min(_LENGTH_SLACK_S * per_s, promised * 0.5)
    return promised - there > max(slack, promised * _LENGTH_SLACK_SHARE)


def _kind(file: BinaryIO) -> str:
    # Some taggers put ID3 before anything; what follows it decides.
    for start in dict.fromkeys((0, after_leading_tags(file))):
        head = read_at(file, start, _HEAD_BYTES)
        kind = next((name for at, magic, name in _MAGICS if head[at:].startswith(magic)), "")
        if kind:
            return kind
        if is_adts(head):
            return "adts"
    return "mpeg" if mpeg.find_first_frame(file) is not None else ""


def _look_at_flac(file: BinaryIO) -> FormatProbe:
    info = flac.stream_info(file, after_leading_tags(file))
    if info is None or not info.sample_rate_hz:
        return FormatProbe("flac", trusted=False)
    frames = flac.frames_by_last_block(file, info)
    # Fewer than promised: it is cut off. More: it was joined, or the count was never true.
    trusted = info.plausible and (frames is None or frames <= info.frames)
    promised_s = info.frames / info.sample_rate_hz if info.frames else None
    cut_off = bool(info.frames and frames) and is_clearly_less(
        frames or 0, info.frames, info.sample_rate_hz
    )
    return FormatProbe("flac", trusted, frames, info.sample_rate_hz, promised_s, cut_off=cut_off)


def _look_at_mpeg(file: BinaryIO) -> FormatProbe:
    claim = mpeg.read_claim(file)
    if claim.agrees or not claim.after_index:
        return FormatProbe("mpeg", trusted=claim.agrees)
    # A demuxer that sees a wrong index finds wrong places by it.
    return FormatProbe(
        "mpeg",
        trusted=False,
        promised_s=claim.duration_s if claim.cut_off else None,
        cut_off=claim.cut_off,
        sound=clipped(file, claim.after_index, file_size(file)),
        delay_frames=claim.delay_frames,
    )


def _look_at_ogg(file: BinaryIO) -> FormatProbe:
    links, cut_off = ogg.links(file), ogg.is_cut_off(file)
    if len(links) == 1:
        frames, rate_hz = links[0].frames, links[0].sample_rate_hz
        return FormatProbe("ogg", frames > 0, frames or None, rate_hz, cut_off=cut_off)
    return FormatProbe("ogg", trusted=False, cut_off=cut_off, links=tuple(links))


def _look_at_riff(file: BinaryIO) -> FormatProbe:
    claim = riff.wav_claim(file)
    return FormatProbe(
        "riff",
        trusted=claim.plain,
        data_bytes=claim.data_bytes,
        cut_off=claim.cut_off,
        complete=claim.has_samples,
    )


def _look_at_aiff(file: BinaryIO) -> FormatProbe:
    complete = any(name == b"SSND" for name, _ in iff_chunks(file, little_endian=False))
    data_bytes, cut_off = aiff.aiff_data_bytes(file), aiff.is_cut_off(file)
    return FormatProbe("aiff", data_bytes=data_bytes, cut_off=cut_off, complete=complete)


def _look_at_mp4(file: BinaryIO) -> FormatProbe:
    complete = mp4.has_movie_header(file)
    cut_off = mp4.is_cut_off(file)
    return FormatProbe("mp4", trusted=not cut_off, cut_off=cut_off, complete=complete)


def _look_at_asf(file: BinaryIO) -> FormatProbe:
    claim = asf.read_claim(file)
    whole = abs(claim.file_bytes - file_size(file)) <= file_size(file) * _SIZE_SLACK_SHARE
    trusted = claim.duration_s > 0 and whole
    # A stream to a pipe leaves the size open, or at the header's own.
    cut_off = claim.duration_s > 0 and not whole and claim.file_bytes > file_size(file)
    return FormatProbe("asf", trusted=trusted, promised_s=claim.duration_s or None, cut_off=cut_off)


def _look_at_adts(_file: BinaryIO) -> FormatProbe:
    return FormatProbe("adts", trusted=False)


_LOOKS: dict[str, Callable[[BinaryIO], FormatProbe]] = {
    "adts": _look_at_adts,
    "aiff": _look_at_aiff,
    "asf": _look_at_asf,
    "flac": _look_at_flac,
    "mp4": _look_at_mp4,
    "mpeg": _look_at_mpeg,
    "ogg": _look_at_ogg,
    "riff": _look_at_riff,
}
