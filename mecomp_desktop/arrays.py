"""The arrays that pass between rooms. A docstring that names one says its shape and meaning."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
"""float32: samples of audio, vectors, matrices of vectors."""

Doubles: TypeAlias = npt.NDArray[np.float64]
"""float64: where sums run over many values."""

Rows: TypeAlias = npt.NDArray[np.int64]
"""int64: row numbers, ranks, counts."""

SmallRows: TypeAlias = npt.NDArray[np.int32]
"""int32: row numbers of the catalog, of which there may be a million."""

Bytes: TypeAlias = npt.NDArray[np.uint8]
"""uint8: the shape of a song, bytes of a file."""

Flags: TypeAlias = npt.NDArray[np.bool_]
"""bool: which of the rows are meant."""
