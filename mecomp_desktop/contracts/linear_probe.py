"""What people can name in a sound, as a model's summaries tell it: brightness, onsets, dynamics.

A model file may carry a linear readout: columns that turn ``pooled`` into a few audible
qualities. Whoever learns a listener's idea of likeness begins with them, since an idea is more
often about something audible than about any direction of the summaries. The file works without.
"""

import base64
import json
from collections.abc import Mapping

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import model_file


def pack_linear_probe(names: list[str], columns: Floats) -> str:
    """Return a readout as the text of a metadata property.

    Args:
        names: What each column reads.
        columns: float32 ``[width, names]``.
    """
    scales = np.maximum(np.abs(columns).max(axis=0), np.finfo(np.float32).tiny)
    halves = np.ascontiguousarray(columns / scales, "<f2")
    return json.dumps(
        {
            "names": names,
            "scales": [float(scale) for scale in scales],
            "columns": base64.b64encode(halves.tobytes()).decode("ascii"),
        }
    )


def read_linear_probe(metadata: Mapping[str, str], width: int) -> Floats:
    """Return the readout of a model file, float32 ``[width, qualities]``; empty without one.

    One that does not fit the model is passed over: it helps, and nothing depends on it.

    Args:
        metadata: What the file says of itself.
        width: The length of its summaries.
    """
    try:
        values = json.loads(metadata.get(model_file.META_LINEAR_PROBE, ""))
        scales = np.array(values["scales"], np.float32)
        halves = np.frombuffer(base64.b64decode(values["columns"], validate=True), "<f2")
        columns: Floats = halves.reshape(width, len(scales)).astype(np.float32) * scales
    except (ValueError, KeyError, TypeError):
        return np.zeros((width, 0), np.float32)
    return columns if np.isfinite(columns).all() else np.zeros((width, 0), np.float32)
