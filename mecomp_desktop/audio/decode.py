"""Any audio file as float32 blocks: libsndfile first, FFmpeg for what it cannot.

libsndfile 1.2 stops Opus streams that other decoders play, misplaces seeks in Vorbis, and takes an
MP3 without an index for shorter than it is; these three go to FFmpeg first.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soxr

from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.formats.probe import FormatProbe, probe_format

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


def load_decoders() -> None:
    """Do what the first file would otherwise wait for, and be charged with."""
    _openers(FormatProbe(""))


def probe(path: Path) -> AudioInfo:
    """Return what the header tells, without decoding the file.

    Raises:
        UnreadableFile: It cannot be opened, or there is no sound in it.
    """
    with open_audio(path) as decoder:
        return decoder.info


def open_audio(path: Path) -> Decoder:
    """Open a file with the library that decodes it best.

    Raises:
        UnreadableFile: No library can; the reason is that of the likelier one.
    """
    look = probe_format(path)
    failures: list[UnreadableFile] = []
    for opener in _openers(look):
        try:
            return opener(path)
        except UnreadableFile as failure:
            failures.append(failure)
    details = "; ".join(failure.detail for failure in failures)
    raise UnreadableFile(path, _likely_reason(look, failures), details)


def decode_mono(
    path: Path, sample_rate_hz: int, start_s: float = 0.0, duration_s: float | None = None
) -> Samples:
    """Return the mean of all channels, resampled, as float32 [n].

    Args:
        path: Any audio file.
        sample_rate_hz: The rate of the result.
        start_s: Where to begin, in seconds of the file.
        duration_s: How much to decode at most; to the end if ``None``.

    Raises:
        UnreadableFile: It cannot be decoded, or is cut off (see ``iter_mono``).
    """
    blocks = list(iter_mono(path, sample_rate_hz, start_s, duration_s))
    return np.concatenate(blocks) if blocks else np.empty(0, np.float32)


def iter_mono(
    path: Path, sample_rate_hz: int, start_s: float = 0.0, duration_s: float | None = None
) -> Iterator[Samples]:
    """Yield ``decode_mono``'s result in blocks of about 2 s, never holding more than one.

    Raises:
        UnreadableFile: It cannot be decoded; or, with ``Reason.CUT_OFF``, the sound ends clearly
            before what the header promises (what was there has been yielded by then).
    """
    with open_audio(path) as decoder:
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
    return f"{ended / rate:.1f} s of {promised / rate:.1f} s"


def _openers(look: FormatProbe) -> tuple[Callable[[Path], Decoder], ...]:
    # Not before there is a file: their libraries take 50 ms, and the window needs none of them.
    from mecomp_desktop.audio.ffmpeg import FfmpegDecoder
    from mecomp_desktop.audio.sndfile import SndfileDecoder

    def by_sndfile(path: Path) -> Decoder:
        return SndfileDecoder(path, look.data_bytes, rescue=FfmpegDecoder)

    if look.kind == "ogg" or (look.kind == "mpeg" and not look.indexed):
        return (FfmpegDecoder, by_sndfile)
    return (by_sndfile, FfmpegDecoder)


def _likely_reason(look: FormatProbe, failures: list[UnreadableFile]) -> Reason:
    reasons = {failure.reason for failure in failures}
    if not look.complete:
        return Reason.CUT_OFF
    if Reason.NO_AUDIO in reasons and look.kind:
        return Reason.NO_AUDIO
    return Reason.DAMAGED if look.kind else Reason.NOT_AUDIO


def _mono_blocks(decoder: Decoder, left: int | None) -> Iterator[Samples]:
    size = round(_BLOCK_S * decoder.info.sample_rate_hz)
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
