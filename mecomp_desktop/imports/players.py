"""Every player whose file can be read."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mecomp_desktop.errors import UserError
from mecomp_desktop.imports import databases, itunes, quod_libet, rhythmbox
from mecomp_desktop.imports.found import MAX_FILE_BYTES, Found

KNOWN = "Rhythmbox, Clementine, Strawberry, Banshee, Amarok 1.4, Quod Libet and iTunes"
_HEAD_BYTES = 4096


class _Reader(NamedTuple):
    """One kind of file.

    Attributes:
        is_mine: Tells from its first bytes whether a file is of this kind.
        read: Reads it.
    """

    is_mine: Callable[[bytes, Path], bool]
    read: Callable[[Path], Found]


_READERS = tuple(
    _Reader(module.is_mine, module.read) for module in (rhythmbox, itunes, databases, quod_libet)
)


def read(file: Path) -> Found:
    """Read another player's library. Blocks.

    Raises:
        UserError: The file cannot be read, is damaged, or of no player that is known.
    """
    if not file.is_file():  # a pipe would be read for ever
        raise UserError(f"there is no file {file}")
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{file} is too large to be a player's library")
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    for reader in _READERS:
        if reader.is_mine(head, file):
            return reader.read(file)
    raise UserError(f"{file} is none of the files that are known here: those of {KNOWN}")
