"""Exact nearest neighbours with NumPy: the oracle of the index, and its fallback."""

import numpy as np

from mecomp_desktop.arrays import Floats, Rows

# A larger product is spread over threads by BLAS. Beside analysis or any busy program these wait
# for one another: 28 ms instead of 0.8 at 100,000 rows on two busy cores.
_BLOCK_ROWS = 8_192


def nearest_rows(matrix: Floats, vector: Floats, k: int) -> tuple[Rows, Floats]:
    """Return the rows nearest to a vector, nearest first.

    Args:
        matrix: float32 ``[n, dimension]``, rows of length 1.
        vector: float32 ``[dimension]``.
        k: How many; fewer come back when there are fewer rows.

    Returns:
        int64 ``[min(k, n)]`` row numbers and float32 Euclidean distances.
    """
    k = min(k, len(matrix))
    if k <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    # |row − vector|² = 1 + |vector|² − 2 row · vector: the order needs the product alone.
    closeness = np.empty(len(matrix), np.float32)
    for start in range(0, len(matrix), _BLOCK_ROWS):
        end = start + _BLOCK_ROWS
        np.matmul(matrix[start:end], vector, out=closeness[start:end])
    rows = np.argpartition(closeness, len(matrix) - k)[len(matrix) - k :]
    # The few that are left are measured directly; the product loses digits at short distances.
    distances = np.linalg.norm(matrix[rows] - vector, axis=1)
    order = np.lexsort((rows, distances))
    return rows[order].astype(np.int64), distances[order].astype(np.float32)
