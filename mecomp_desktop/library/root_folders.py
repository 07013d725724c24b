"""Which folders can be folders of music, and which of them hold which."""

from collections.abc import Iterable
from pathlib import Path

from mecomp_desktop.errors import UserError
from mecomp_desktop.files import reachable, resolved
from mecomp_desktop.library.left_out import NO_MEDIA, is_left_out
from mecomp_desktop.store.roots import Root


def checked_root(path: Path) -> Path:
    """Return the one path of what can be a folder of music.

    Raises:
        UserError: It is no folder, or may not be opened.
    """
    path = resolved(path)
    try:
        next(path.iterdir(), None)
    except NotADirectoryError as error:
        raise UserError(f"{path} is a file; choose the folder it is in") from error
    except OSError as error:
        raise UserError(f"{path} cannot be opened: {error.strerror}") from error
    return path


def root_that_holds(path: Path, roots: Iterable[Root]) -> Root | None:
    """Return the folder of music whose scan finds what lies in another folder anyway.

    One that a scan does not enter (a bin, or hidden by ``.nomedia``) is held by none: whoever
    chooses it wants its songs.

    Args:
        path: A folder, as `checked_root` returned it.
        roots: The folders of music.
    """
    for root in roots:
        if path == root.path or not path.is_relative_to(root.path):
            continue
        below = path.relative_to(root.path).parts
        between = (root.path.joinpath(*below[: depth + 1]) for depth in range(len(below)))
        if not is_left_out(below) and not any(reachable(folder / NO_MEDIA) for folder in between):
            return root
    return None
