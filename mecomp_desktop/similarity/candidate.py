"""A song that sounds alike, with how far it is."""

from dataclasses import dataclass

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.track import Track


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A song that sounds alike.

    Attributes:
        track: The song.
        distance: How far it is from what was looked for.
        vector: float32 ``[dimension]``, if the same sound is to be told from it.
    """

    track: Track
    distance: float
    vector: Floats | None = None
