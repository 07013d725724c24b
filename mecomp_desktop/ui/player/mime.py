"""What songs are called while they are dragged from one place to another."""

import json
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData

TRACKS = "application/x-mecomp-track-ids"
"""A JSON list of track ids."""

ENTRIES = "application/x-mecomp-entry-ids"
"""A JSON list of queue entries; only the queue itself understands them."""

FILES = "text/uri-list"
"""Files and folders from outside."""


def pack(ids: Sequence[int]) -> QByteArray:
    """Return ids as a drag carries them."""
    return QByteArray(json.dumps(list(ids)).encode())


def unpack(data: QMimeData, kind: str) -> list[int]:
    """Return the ids that a drag carries; none where another program wrote something else."""
    try:
        ids = json.loads(bytes(data.data(kind).data()))
    except ValueError:
        return []
    return [number for number in ids if isinstance(number, int)] if isinstance(ids, list) else []
