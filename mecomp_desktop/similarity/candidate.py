"""A song that sounds alike, with how far it is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
    vector: npt.NDArray[np.float32] | None = None
