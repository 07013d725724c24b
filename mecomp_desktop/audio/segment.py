"""Which stretch of the ring is which file."""

from dataclasses import dataclass, replace
from typing import Self

from mecomp_desktop.audio.engine import Playable


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the ring that belongs to one file.

    Attributes:
        serial: Grows with every segment.
        item: What it is of.
        start: The ring's frame at which it begins.
        end: The ring's frame after its last one; ``None`` while it is being decoded.
        offset_s: The file's time at ``start``.
        duration_s: The file's length: as far as known, and once its end was decoded, the fact.
        duration_is_estimate: Whether that is still a guess.
        announce: Whether its beginning is the beginning of a track, and not a seek within one.
    """

    serial: int
    item: Playable
    start: int
    end: int | None
    offset_s: float
    duration_s: float
    duration_is_estimate: bool
    announce: bool

    def with_fact(self, duration_s: float) -> Self:
        """Return it with the length that was decoded in place of what was claimed."""
        return replace(self, duration_s=duration_s, duration_is_estimate=False)
