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
from mecomp_desktop.audio.decode import Decoder, iter_mono, mono_from, open_audio, shortfall
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.formats.ogg import ogg_cut_off

EXCERPTS_VERSION = 1
"""Raised when other samples are taken of a file than before: every track is then embedded again,
in the background, while the old vectors go on serving."""

_MIN_S = 0.1
_MODEL_MIN_S = 1.0
_TAIL_S = 0.25


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


def embed_track(
    path: Path,
    sample_rate_hz: int,
    policy: Policy = DEFAULT_POLICY,
    part: Part | None = None,
) -> Floats:
    """Decode what the policy wants of a file, one excerpt after the other.

    Args:
        path: Any audio file.
        sample_rate_hz: The rate of the result.
        policy: Which excerpts to decode.
        part: The stretch of the file that is the track; all of it if ``None``.

    Returns:
        float32 ``[n]``, mono, at least one second: a shorter sound ends in silence.

    Raises:
        UnreadableFile: It cannot be decoded, is cut off (also where the excerpts would decode),
            holds no or hardly any sound, or numbers that are not finite.
    """
    # By the real length: by a header's guess the excerpts would be those of another song.
    with open_audio(path, part, exact_length=True) as decoder:
        spans = policy.spans(decoder.info.duration_s)
        if ogg_cut_off(path):
            raise UnreadableFile(path, Reason.CUT_OFF, "the last Ogg page is incomplete")
        try:
            blocks = _by_seeking(decoder, sample_rate_hz, spans)
        except UnreadableFile as failure:
            # Only damage may be at the place that was sought; a missing file or a killed worker is
            # no better for being read from its beginning.
            if failure.reason is not Reason.DAMAGED:
                raise
            blocks = None
        if decoder.cut_off:
            raise UnreadableFile(path, Reason.CUT_OFF, shortfall(decoder))
    if blocks is None:
        blocks = _by_walking(path, part, sample_rate_hz, spans, policy.total_s)
    return _checked(path, blocks, sample_rate_hz)


def _by_seeking(decoder: Decoder, sample_rate_hz: int, spans: list[Span]) -> list[Floats] | None:
    """Go straight to each excerpt; ``None`` if the file is not what its header promises."""
    rate, duration_s = decoder.info.sample_rate_hz, decoder.info.duration_s
    blocks: list[Floats] = []
    for start_s, length_s in spans:
        if start_s > 0:
            decoder.seek(round(start_s * rate))
        blocks.extend(mono_from(decoder, sample_rate_hz, length_s))
    end_s = spans[-1].start_s + spans[-1].length_s
    if end_s >= duration_s:  # decoded to its end, which shows by itself if it is cut off
        return blocks
    # A file that is cut off decodes well up to the cut: only a look at its end shows it, and a
    # vector of half a song would pass for the song's.
    decoder.seek(round((duration_s - _TAIL_S) * rate))
    tail_s = len(decoder.read(round(2 * _TAIL_S * rate))) / rate
    played_s = sum(map(len, blocks)) / sample_rate_hz
    promised_s = sum(span.length_s for span in spans)
    # Half, not all: the last block of a lossy file may be short, and seeking lands a little off.
    return blocks if played_s > promised_s / 2 and tail_s > _TAIL_S / 2 else None


def _by_walking(
    path: Path, part: Part | None, sample_rate_hz: int, spans: list[Span], total_s: float
) -> list[Floats]:
    """Decode the whole file to find the excerpts: slower, but it meets every damage there is."""
    head: list[Floats] = []
    kept: list[Floats] = []
    at = 0
    for block in iter_mono(path, sample_rate_hz, part=part):
        # Both are kept in one pass: whether the header was right is known only at the end.
        if at < total_s * sample_rate_hz:
            head.append(block)
        for start_s, length_s in spans:
            begin = round(start_s * sample_rate_hz) - at
            end = round((start_s + length_s) * sample_rate_hz) - at
            if begin < len(block) and end > 0:  # even an empty slice would hold the whole block
                kept.append(block[max(0, begin) : end])
        at += len(block)
    # A file that is far shorter than it says is decoded from its beginning.
    enough = sum(map(len, kept)) > total_s * sample_rate_hz / 2
    return kept if enough else head


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
