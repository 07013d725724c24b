"""The listener's files and folders: whether they are there, reading them, writing in one step."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mecomp_desktop.errors import Reason, UnreadableFile

DRAFT_SUFFIX = ".part"
"""What the names of unfinished files end with."""
# A name may have 255 bytes; the draft's has a random part of its own.
_PREFIX_LENGTH = 40


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
        raise UnreadableFile(path, Reason.of(error), str(error)) from error


def reachable(path: Path) -> bool:
    """Return whether a file or folder is there and can be looked at. Never raises.

    `Path.exists` and `Path.is_dir` raise where the system answers anything but "no such file":
    a closed parent folder (EACCES), a share that went away (ENOTCONN, ESTALE, EHOSTDOWN), a
    failing disk (EIO). To a listener all of these mean that it is not there at the moment.
    Blocks as long as the system takes to answer.
    """
    return _mode(path) is not None


def reachable_folder(path: Path) -> bool:
    """Return whether a folder is there and can be looked at. Never raises; see `reachable`."""
    mode = _mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def reachable_file(path: Path) -> bool:
    """Return whether a regular file is there. Never raises; see `reachable`.

    A pipe or a device is none: reading one may wait for ever.
    """
    mode = _mode(path)
    return mode is not None and stat.S_ISREG(mode)


def resolved(path: Path) -> Path:
    """Return the one absolute path of a file or folder: no links, no "..", no "~".

    Never raises; what cannot be followed (a share that went away) stays as it is spelled.
    """
    with contextlib.suppress(RuntimeError):  # no home folder is known
        path = path.expanduser()
    # Not Path.resolve: it raises for links that go round in a circle.
    return Path(os.path.realpath(path))


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a draft beside ``path`` to write to; it becomes ``path`` in one step.

    Whoever reads ``path`` sees the old file or the whole new one, also after a power cut. The
    draft is deleted when the block fails. The folder is made when it is missing.

    Args:
        path: The file to write or replace.

    Raises:
        OSError: It cannot be written; an existing file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, for a rename is one step only within a file system; under a name of its
    # own, for two processes may write the same file at once.
    handle, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name[:_PREFIX_LENGTH]}.", suffix=DRAFT_SUFFIX
    )
    os.close(handle)
    draft = Path(name)
    try:
        _keep_mode(path, draft)
        yield draft
        # Without this, a power cut after the rename may leave a file of zeros under the new name.
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a whole file in one step, see `replacing`. Text is written as UTF-8.

    Raises:
        OSError: It cannot be written; an existing file is as it was.
    """
    with replacing(path) as draft:
        draft.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)


def _keep_mode(path: Path, draft: Path) -> None:
    """Give the draft the permissions of the file that it replaces, or of a new file."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        # mkstemp makes files for the owner alone; this is what an ordinary open would have given.
        mode = 0o666 & ~_umask()
    with contextlib.suppress(OSError):
        draft.chmod(mode)


def _umask() -> int:
    # It can only be read by setting it. Another thread that makes a file in between gets this
    # narrow one, which is the safe side to be wrong on.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
