"""A file as FFmpeg reads it: part of it if need be, and never for ever in search of sound."""

import os
from pathlib import Path
from typing import BinaryIO

from mecomp_desktop.formats.byte_range import ByteRange

# Covers and other large things stand before the sound, in front of which more may be read.
_OPENING_BYTES = 64 * 1024 * 1024
# The largest real packets have some MiB (Monkey's Audio); the pictures of a film lie between too.
_BETWEEN_FRAMES_BYTES = 16 * 1024 * 1024
# A walk through tiny boxes reads little and takes long: every read counts as so much at least.
_READ_COST_BYTES = 512


class BoundedFile:
    """A readable, seekable view of a file that ends where no sound has come for long.

    A demuxer that meets zeros (a download in progress) or noise searches on to the end, and some
    keep all that they have seen, so that 60 MB cost a minute and gigabytes. Here it meets the end
    of the file first. FFmpeg knows this file by no name, so the content alone decides what it is.

    Args:
        path: The file.
        where: The part to show; all of it if ``None``.

    Raises:
        OSError: It cannot be opened.
    """

    def __init__(self, path: Path, where: ByteRange | None = None) -> None:
        self._file: BinaryIO = path.open("rb", buffering=0)  # FFmpeg has its own buffer
        size = os.fstat(self._file.fileno()).st_size
        self._start = where.start if where is not None else 0
        # What is appended while it plays belongs to it, where the whole file is shown.
        self._end = min(size, where.end) if where is not None else None
        self._left = _OPENING_BYTES
        self._file.seek(self._start)

    def read(self, count: int) -> bytes:
        """Return up to so many bytes; none at the end, or when the patience is used up."""
        count = min(count, self._left)
        if self._end is not None:
            count = min(count, self._end - self._file.tell())
        if count <= 0:
            return b""
        data = self._file.read(count)
        self._left -= max(len(data), _READ_COST_BYTES)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place within the view."""
        if whence == os.SEEK_SET:
            offset += self._start
        elif whence == os.SEEK_END and self._end is not None:
            offset, whence = offset + self._end, os.SEEK_SET
        return self._file.seek(offset, whence) - self._start

    def tell(self) -> int:
        """Return the place within the view."""
        return self._file.tell() - self._start

    def sound_came(self) -> None:
        """Take note that a frame was decoded: the search for the next one begins anew."""
        self._left = _BETWEEN_FRAMES_BYTES

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._file.close()
