"""Opening a file of the listener's, with failures in a listener's words."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mecomp_desktop.errors import Reason, UnreadableFile


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading; what goes wrong until it is closed is told by its reason.

    Raises:
        UnreadableFile: The file is missing, empty, not allowed or on a failing disk.
    """
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise UnreadableFile(path, Reason.EMPTY)
            file.seek(0)
            yield file
    except OSError as error:
        raise UnreadableFile(path, _reason(error), str(error)) from error


def _reason(error: OSError) -> Reason:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Reason.MISSING
    if isinstance(error, PermissionError):
        return Reason.NO_PERMISSION
    return Reason.DAMAGED
