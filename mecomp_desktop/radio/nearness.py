"""Whether the songs nearest to a seed are near at all, by the library's own distances."""

import numpy as np

from mecomp_desktop.arrays import Floats

# Of all pairs of songs, so many are closer than a seed's third neighbour when nothing is near.
# Where songs lie in styles, a song's third neighbour is closer than nearly all random pairs.
_FAR_SHARE = 0.1
_NEIGHBOUR = 3
_SAMPLE_PAIRS = 2048
# With fewer songs, the share that three neighbours are of all says nothing.
_MIN_SONGS = 40


def nothing_is_near(nearest: Floats, sample: Floats, known: int) -> bool:
    """Return whether a seed's neighbours are no closer than songs picked at random.

    A fixed distance would not do: how far "near" reaches differs from library to library and
    from model to model. In a library of ``n`` songs spread evenly the third neighbour is as
    close as a share 3/n of all pairs, so that much is allowed for.

    Args:
        nearest: Distances of the seed's neighbours, nearest first, without the seed itself.
        sample: float32 ``[m, dimension]``, vectors of songs picked at random.
        known: How many songs were searched.
    """
    if known < _MIN_SONGS or len(nearest) < _NEIGHBOUR or len(sample) < _NEIGHBOUR:
        return False
    first, second = np.random.default_rng(0).integers(0, len(sample), (2, _SAMPLE_PAIRS))
    is_pair = first != second
    pairs = np.linalg.norm(sample[first[is_pair]] - sample[second[is_pair]], axis=1)
    closer = float((pairs < nearest[_NEIGHBOUR - 1]).mean())
    return closer > _FAR_SHARE + _NEIGHBOUR / known
