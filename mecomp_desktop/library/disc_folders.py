"""Folders that hold one disc of an album: "CD1", "Disc 2", "Album (CD 2)"."""

import re

_DISC_FOLDER = re.compile(
    r"[(\[]?(?:cd|dis[ck]|vinyl|lp|side)[\s_-]*(?P<number>\d{1,2})\b.*", re.IGNORECASE
)


def disc_number(folder: str) -> int | None:
    """Return which disc a folder of this name holds; ``None`` where it is no disc's folder."""
    found = _DISC_FOLDER.fullmatch(folder.strip())
    return int(found["number"]) if found else None
