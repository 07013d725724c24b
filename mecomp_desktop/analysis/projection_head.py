"""Running the head of a model over stored summaries: a whole library in a moment."""

from pathlib import Path

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.errors import ModelFileError

# The names of the model contract; a head is the part of the graph between these two.
_POOLED, _EMBEDDING = "pooled", "embedding"
_ROWS = 8_192
_UNIT_TOLERANCE = 1e-3
_LOG_ERRORS = 3


class Head:
    """The head of a model, opened.

    Args:
        path: A file with the input ``pooled`` and the output ``embedding``.

    Raises:
        ModelFileError: It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        # Only here: it takes 50 ms to import, and most starts of the program need no head.
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = _LOG_ERRORS
        try:
            self._session = ort.InferenceSession(path, options, ["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors share no base class of their own
            raise ModelFileError(f"the personal model {path} cannot be opened: {error}") from error
        self._path = path

    def embed(self, pooled: Floats) -> Floats:
        """Turn summaries float32 ``[n, width]`` into embeddings float32 ``[n, dimension]``.

        Raises:
            ModelFileError: They are not of its width, or what comes out is no unit vector.
        """
        parts = [pooled[start : start + _ROWS] for start in range(0, len(pooled), _ROWS)]
        try:
            made = [self._session.run([_EMBEDDING], {_POOLED: part})[0] for part in parts]
        except Exception as error:  # onnxruntime's errors share no base class of their own
            raise ModelFileError(
                f"the personal model {self._path} does not fit what was embedded: {error}"
            ) from error
        if not made:
            return np.zeros((0, 0), np.float32)
        embedding: Floats = np.concatenate(made)
        lengths = np.linalg.norm(embedding, axis=1)
        if not np.isfinite(embedding).all() or np.abs(lengths - 1).max() > _UNIT_TOLERANCE:
            raise ModelFileError(f"the personal model {self._path} makes no unit vectors")
        return embedding
