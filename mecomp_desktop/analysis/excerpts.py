"""Which part of a track is analysed, and decoding it in bounded memory.

The name of the policy is stored with each vector; tracks that were analysed by another are analysed
again, in the background.

Ten excerpts of 5 s, spread over the track, lose 0.2 ± 0.2 points of quality against all
of it, three of 10 s 0.8 ± 0.5; the whole curve, with what each costs by format, is on the bundled
model's card (``resources/model/similarity.md``).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.audio.decode import Decoder, iter_mono, mono_from, open_audio
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile

EXCERPTS_VERSION = 1
"""Raised when other samples are taken of every file than before: every track is then embedded
again, in the background, while the old vectors go on serving. Where they are others only because
a header's length was wrong, `store.lengths` finds the tracks, and they alone are embedded again."""

READER_VERSION = 2
"""Raised when files can be analysed that could not be before: those that failed are tried again."""

_MIN_S = 0.1
_MODEL_MIN_S = 1.0
_TAIL_S = 0.25
# Lengths that are told by packets or blocks may be wrong by some of them.
_BEYOND_S = 1.0
_MAX_BLOCK_SAMPLES = 1 << 20
# Where a file is damaged for these reasons it ends, for a listener as for us.
_ENDS_THERE = (Reason.DAMAGED, Reason.CUT_OFF)


class Span(NamedTuple):
    """A stretch of a track, in seconds."""

    start_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Excerpts:
    """Equal excerpts spread evenly over the track; all of a track that is no longer than they are.

    Attributes:
        count: How many.
        length_s: How long each is.
    """

    count: int = 10
    length_s: float = 5.0

    @property
    def name(self) -> str:
        """What is stored with the vector."""
        return _versioned(f"excerpts-{self.count}x{self.length_s:g}s")

    @property
    def total_s(self) -> float:
        """The most that is decoded of one track."""
        return self.count * self.length_s

    def spans(self, duration_s: float) -> list[Span]:
        """Return what to decode of a track this long; 0 stands for an unknown length."""
        if duration_s <= self.total_s:
            return [Span(0.0, self.total_s)]
        # Each excerpt sits in the middle of its share: neither the first bars nor the last.
        share_s = duration_s / self.count
        return [
            Span((index + 0.5) * share_s - self.length_s / 2, self.length_s)
            for index in range(self.count)
        ]


@dataclass(frozen=True, slots=True)
class WholeTrack:
    """The whole track; of a long one its middle, since the model takes 4 MB a second of it.

    Attributes:
        limit_s: The most that is decoded.
    """

    limit_s: float = 300.0

    @property
    def name(self) -> str:
        """What is stored with the vector."""
        return _versioned(f"whole-{self.limit_s:g}s")

    @property
    def total_s(self) -> float:
        """The most that is decoded of one track."""
        return self.limit_s

    def spans(self, duration_s: float) -> list[Span]:
        """Return what to decode of a track this long; 0 stands for an unknown length."""
        return [Span(max(0.0, (duration_s - self.limit_s) / 2), self.limit_s)]


def _versioned(name: str) -> str:
    # The first version is not named: vectors of before there were versions are of it.
    return name if EXCERPTS_VERSION == 1 else f"{name}-v{EXCERPTS_VERSION}"


Policy = Excerpts | WholeTrack
DEFAULT_POLICY: Policy = Excerpts()


class DecodedExcerpts(NamedTuple):
    """What was decoded of a file, and what that has told of it.

    Attributes:
        audio: float32 ``[n]``, mono, at least one second: a shorter sound ends in silence.
        duration_s: The file's real length; ``None`` where its end was not met.
        ends_early: Whether the sound ends clearly before the end that the header promises.
    """

    audio: Floats
    duration_s: float | None
    ends_early: bool


def embed_track(
    path: Path, sample_rate_hz: int, policy: Policy = DEFAULT_POLICY, part: Part | None = None
) -> Floats:
    """Return the sound of `decode_excerpts`."""
    return decode_excerpts(path, sample_rate_hz, policy, part).audio


def decode_excerpts(
    path: Path, sample_rate_hz: int, policy: Policy = DEFAULT_POLICY, part: Part | None = None
) -> DecodedExcerpts:
    """Decode what the policy wants of a file, one excerpt after the other.

    Of a file that is cut off, or damaged from some place on, what is there is the track.

    Args:
        path: Any audio file.
        sample_rate_hz: The rate of the result.
        policy: Which excerpts to decode.
        part: The stretch of the file that is the track; all of it if ``None``.

    Raises:
        UnreadableFile: It cannot be decoded, holds no or hardly any sound, or numbers that are
            not finite.
    """
    # By the real length: by a header's guess the excerpts would be those of another song.
    with open_audio(path, part, exact_length=True) as decoder:
        try:
            blocks = _by_seeking(decoder, sample_rate_hz, policy.spans(decoder.info.duration_s))
        except UnreadableFile as failure:
            # Only damage may be at the place that was sought; a missing file or a killed worker is
            # no better for being read from its beginning.
            if failure.reason not in _ENDS_THERE:
                raise
            blocks = None
        if blocks is not None:
            audio = _checked(path, blocks, sample_rate_hz)
            return DecodedExcerpts(audio, _found_length(decoder), decoder.cut_off)
    # It is not as long as its header says, or does not decode everywhere: its length is measured,
    # and the excerpts are chosen by that.
    duration_s, ends_early = _measured(path, part)
    blocks = _by_walking(path, part, sample_rate_hz, policy.spans(duration_s))
    return DecodedExcerpts(_checked(path, blocks, sample_rate_hz), duration_s, ends_early)


def _found_length(decoder: Decoder) -> float | None:
    """Return the length of a file that turned out to be what its header promises."""
    info, ended_at = decoder.info, decoder.ended_at
    if ended_at is None:
        return None
    decoded_s = ended_at / info.sample_rate_hz
    # After a seek some formats only guess where they are; the promised end was found near there.
    near = abs(decoded_s - info.duration_s) <= _BEYOND_S
    return info.duration_s if near and not info.duration_is_estimate else decoded_s


def _by_seeking(decoder: Decoder, sample_rate_hz: int, spans: list[Span]) -> list[Floats] | None:
    """Go straight to each excerpt; ``None`` if the file is not what its header promises."""
    rate, duration_s = decoder.info.sample_rate_hz, decoder.info.duration_s
    blocks: list[Floats] = []
    for start_s, length_s in spans:
        if start_s > 0:
            decoder.seek(round(start_s * rate))
        blocks.extend(mono_from(decoder, sample_rate_hz, length_s))
    end_s = spans[-1].start_s + spans[-1].length_s
    if end_s >= duration_s:  # decoded to its end, unless it is longer than it says
        return blocks if decoder.ended_at is not None else None
    # A file that is not as long as it says decodes well up to there: only a look at its end shows
    # it, and a vector of other excerpts would pass for the song's.
    decoder.seek(round((duration_s - _TAIL_S) * rate))
    tail_s = len(decoder.read(round((_TAIL_S + _BEYOND_S) * rate))) / rate
    played_s = sum(map(len, blocks)) / sample_rate_hz
    promised_s = sum(span.length_s for span in spans)
    # Half, not all: the last block of a lossy file may be short, and seeking lands a little off.
    as_promised = decoder.ended_at is not None and tail_s > _TAIL_S / 2
    return blocks if as_promised and played_s > promised_s / 2 else None


def _measured(path: Path, part: Part | None) -> tuple[float, bool]:
    """Decode a file to its end; return its length, and whether it ends early."""
    with open_audio(path, part) as decoder:
        rate_hz = decoder.info.sample_rate_hz
        size = max(1, min(rate_hz, _MAX_BLOCK_SAMPLES // decoder.info.channels))
        try:
            while len(decoder.read(size)) == size:
                pass
        except UnreadableFile as failure:
            if failure.reason not in _ENDS_THERE:
                raise
            return decoder.position / rate_hz, True
        return decoder.position / rate_hz, decoder.cut_off


def _by_walking(
    path: Path, part: Part | None, sample_rate_hz: int, spans: list[Span]
) -> list[Floats]:
    """Decode the whole file to find the excerpts: slower, but it meets every damage there is."""
    kept: list[Floats] = []
    at = 0
    try:
        for block in iter_mono(path, sample_rate_hz, part=part):
            for start_s, length_s in spans:
                begin = round(start_s * sample_rate_hz) - at
                end = round((start_s + length_s) * sample_rate_hz) - at
                if begin < len(block) and end > 0:  # even an empty slice would hold the whole block
                    kept.append(block[max(0, begin) : end])
            at += len(block)
    except UnreadableFile as failure:
        # What is there was given before; where nothing is, that is why.
        if failure.reason not in _ENDS_THERE or not kept:
            raise
    return kept


def _checked(path: Path, blocks: list[Floats], sample_rate_hz: int) -> Floats:
    count = sum(map(len, blocks))
    if count == 0:
        raise UnreadableFile(path, Reason.NO_AUDIO, "no samples")
    if count < _MIN_S * sample_rate_hz:
        raise UnreadableFile(path, Reason.TOO_SHORT, f"{count} samples at {sample_rate_hz} Hz")
    silence = max(0, round(_MODEL_MIN_S * sample_rate_hz) - count)
    audio = np.concatenate([*blocks, np.zeros(silence, np.float32)])
    if not np.isfinite(audio).all():
        raise UnreadableFile(path, Reason.NOT_FINITE, "samples that are not finite")
    return audio
