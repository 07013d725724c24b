"""Any audio file as float32 blocks: libsndfile first, FFmpeg for what it cannot.

libsndfile 1.2 stops Opus streams that other decoders play, misplaces seeks in Vorbis, and ends an
MP3 or a FLAC where its header's count ends; Ogg, and what counts wrong or not at all, go to FFmpeg
first. Nothing but ``UnreadableFile`` leaves this module, whatever the bytes are.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import soxr

from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.audio.guard import unreadable_if_raised
from mecomp_desktop.audio.part_decoder import PartDecoder
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.formats.probe import MIN_BYTES_PER_S, FormatProbe, probe_format

__all__ = [
    "AudioInfo",
    "Decoder",
    "Samples",
    "decode_mono",
    "iter_mono",
    "load_decoders",
    "mono_from",
    "open_audio",
    "probe",
    "shortfall",
]

_BLOCK_S = 2.0
_MAX_BLOCK_SAMPLES = 1 << 20
# Counting packets reads a file from end to end: a second for this much, on a quick disk.
_MAX_COUNTED_BYTES = 1 << 30
# What no container is known of may be a stream of frames, whose length FFmpeg guesses.
_WITHOUT_LENGTH = ("", "adts")


def load_decoders() -> None:
    """Do what the first file would otherwise wait for, and be charged with."""
    _openers(FormatProbe(""))


def probe(path: Path, part: Part | None = None, *, look: FormatProbe | None = None) -> AudioInfo:
    """Return what a file, or a part of it, is, with its real length as far as can be told.

    Where the header's length is not to be believed, the packets are counted, which reads the
    whole file: for workers.

    Args:
        path: The file.
        part: The stretch of it that is meant; all of it if ``None``.
        look: What its bytes tell, where that has been looked at already.

    Raises:
        UnreadableFile: It cannot be opened, or there is no sound in it.
    """
    with open_audio(path, part, exact_length=True, look=look) as decoder:
        return decoder.info


def open_audio(
    path: Path,
    part: Part | None = None,
    *,
    exact_length: bool = False,
    look: FormatProbe | None = None,
) -> Decoder:
    """Open a file with the library that decodes it best.

    Args:
        path: Any file.
        part: The stretch of it that is decoded as if it were all; all of it if ``None``.
        exact_length: Count the packets where the header's length is not to be believed, unless
            the file is huge. Reads the whole file then.
        look: What its bytes tell, where that has been looked at already.

    Raises:
        UnreadableFile: No library can; the reason is that of the likelier one. Nothing else is
            raised, whatever the bytes are.
    """
    with unreadable_if_raised(path):
        look = look or probe_format(path)
        if not look.complete:
            # Libraries search the whole file for what is not there, some in steps of eight bytes.
            raise UnreadableFile(path, Reason.CUT_OFF, f"{look.kind} without what tells its sound")
        decoder = _opened(path, look)
        try:
            decoder.info = _with_length(decoder, look, exact_length=exact_length)
            decoder.is_known_to_be_cut_off = look.cut_off
            return decoder if part is None else PartDecoder(decoder, part)
        except BaseException:
            decoder.close()
            raise


def decode_mono(
    path: Path,
    sample_rate_hz: int,
    start_s: float = 0.0,
    duration_s: float | None = None,
    part: Part | None = None,
) -> Samples:
    """Return the mean of all channels, resampled, as float32 [n].

    Args:
        path: Any audio file.
        sample_rate_hz: The rate of the result.
        start_s: Where to begin, in seconds of the file or the part.
        duration_s: How much to decode at most; to the end if ``None``.
        part: The stretch of the file that is decoded as if it were all; all of it if ``None``.

    Raises:
        UnreadableFile: It cannot be decoded, or is cut off (see ``iter_mono``).
    """
    blocks = list(iter_mono(path, sample_rate_hz, start_s, duration_s, part))
    return np.concatenate(blocks) if blocks else np.empty(0, np.float32)


def iter_mono(
    path: Path,
    sample_rate_hz: int,
    start_s: float = 0.0,
    duration_s: float | None = None,
    part: Part | None = None,
) -> Iterator[Samples]:
    """Yield ``decode_mono``'s result in blocks of about 2 s, never holding more than one.

    Raises:
        UnreadableFile: It cannot be decoded; or, with ``Reason.CUT_OFF``, the sound ends clearly
            before what the header promises (what was there has been yielded by then).
    """
    with open_audio(path, part) as decoder:
        if start_s > 0:
            decoder.seek(round(start_s * decoder.info.sample_rate_hz))
        yield from mono_from(decoder, sample_rate_hz, duration_s)
        if decoder.cut_off:
            raise UnreadableFile(path, Reason.CUT_OFF, shortfall(decoder))


def mono_from(
    decoder: Decoder, sample_rate_hz: int, duration_s: float | None = None
) -> Iterator[Samples]:
    """Yield blocks as ``iter_mono`` does, from where an open decoder stands.

    Several excerpts of one file cost one opening; the caller looks at ``decoder.cut_off``.
    """
    with unreadable_if_raised(decoder.path):
        yield from _resampled(decoder, sample_rate_hz, duration_s)


def _resampled(
    decoder: Decoder, sample_rate_hz: int, duration_s: float | None
) -> Iterator[Samples]:
    rate = decoder.info.sample_rate_hz
    left = None if duration_s is None else round(duration_s * rate)
    resampler = None
    if rate != sample_rate_hz:
        resampler = soxr.ResampleStream(rate, sample_rate_hz, 1, dtype="float32")
    for block in _mono_blocks(decoder, left):
        out = block if resampler is None else resampler.resample_chunk(block)
        if len(out):
            yield out
    if resampler is not None:
        rest: Samples = resampler.resample_chunk(np.empty(0, np.float32), last=True)
        if len(rest):
            yield rest


def shortfall(decoder: Decoder) -> str:
    """Return how much of a cut-off file is there, for a bug report."""
    rate = decoder.info.sample_rate_hz
    promised, ended = decoder.promised_frames or 0, decoder.ended_at or 0
    # Some files tell that bytes are missing, but not how long these would have been.
    of_promised = f" of {promised / rate:.1f} s" if promised > ended else ""
    return f"{ended / rate:.1f} s{of_promised}"


def _opened(path: Path, look: FormatProbe) -> Decoder:
    failures: list[UnreadableFile] = []
    for opener in _openers(look):
        try:
            with unreadable_if_raised(path):
                return opener(path)
        except UnreadableFile as failure:
            failures.append(failure)
    details = "; ".join(failure.detail for failure in failures)
    raise UnreadableFile(path, _likely_reason(look, failures), details)


def _openers(look: FormatProbe) -> tuple[Callable[[Path], Decoder], ...]:
    # Not before there is a file: their libraries take 50 ms, and the window needs none of them.
    from mecomp_desktop.audio.chained import ChainedDecoder
    from mecomp_desktop.audio.ffmpeg import FfmpegDecoder
    from mecomp_desktop.audio.sndfile import SndfileDecoder

    def by_ffmpeg(path: Path) -> Decoder:
        return FfmpegDecoder(path, look)

    def by_sndfile(path: Path) -> Decoder:
        return SndfileDecoder(path, look, rescue=by_ffmpeg)

    if look.links:
        return (lambda path: ChainedDecoder(path, look.links), by_ffmpeg)
    # libsndfile ends an MP3 or a FLAC where the header's count ends, whatever there is.
    if look.kind in ("ogg", "adts") or (look.kind in ("mpeg", "flac") and not look.trusted):
        return (by_ffmpeg, by_sndfile)
    return (by_sndfile, by_ffmpeg)


def _with_length(decoder: Decoder, look: FormatProbe, *, exact_length: bool) -> AudioInfo:
    """Return what is known of a file, with the best length that there is."""
    info, size = decoder.info, decoder.path.stat().st_size
    if look.links:
        return info
    if look.frames is not None and look.sample_rate_hz:
        return replace(info, duration_s=look.frames / look.sample_rate_hz)
    trusted = look.trusted and look.kind not in _WITHOUT_LENGTH
    if trusted and 0 < info.duration_s <= size / MIN_BYTES_PER_S:
        return info
    if exact_length and size <= _MAX_COUNTED_BYTES:
        from mecomp_desktop.audio.ffmpeg_container import count_duration_s

        counted_s = count_duration_s(decoder.path, look.kind, look.sound)
        if counted_s == 0:
            raise UnreadableFile(decoder.path, Reason.NO_AUDIO, "no packets of sound")
        if counted_s is not None:
            delay_s = look.delay_frames / info.sample_rate_hz
            return replace(info, duration_s=max(0.0, counted_s - delay_s))
    return replace(info, duration_is_estimate=True)


def _likely_reason(look: FormatProbe, failures: list[UnreadableFile]) -> Reason:
    reasons = {failure.reason for failure in failures}
    if Reason.NO_AUDIO in reasons and look.kind:
        return Reason.NO_AUDIO
    return Reason.DAMAGED if look.kind else Reason.NOT_AUDIO


def _mono_blocks(decoder: Decoder, left: int | None) -> Iterator[Samples]:
    size = round(_BLOCK_S * decoder.info.sample_rate_hz)
    size = min(size, _MAX_BLOCK_SAMPLES // decoder.info.channels)
    while left is None or left > 0:
        wanted = size if left is None else min(size, left)
        block = decoder.read(wanted)
        if len(block):
            yield _mean(block)
        if len(block) < wanted:
            return
        if left is not None:
            left -= len(block)


def _mean(block: Samples) -> Samples:
    """Return the mean over channels; for two of them ten times faster than ``ndarray.mean``."""
    channels = block.shape[1]
    if channels == 1:
        return np.ascontiguousarray(block[:, 0])
    total = block[:, 0] + block[:, 1]
    for index in range(2, channels):
        total += block[:, index]
    total *= np.float32(1 / channels)
    return total
