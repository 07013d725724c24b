"""Reader processes that wait where a test wants them to: files that take for ever to read.

A pipe in a file's place would do, but the decoders rightly refuse what is no regular file.
"""

import os
import sys
from pathlib import Path

_PATCH = """
import pathlib
import mecomp_desktop.analysis.excerpts as excerpts

real = excerpts.decode_excerpts

def waiting(path, *rest):
    pipe = path.with_name(path.name + ".pipe")
    if pipe.exists():
        pipe.read_bytes()  # waits until the other end was opened and is closed
    return real(path, *rest)

excerpts.decode_excerpts = waiting
"""


def endless(path: Path) -> Path:
    """Make an empty file that takes for ever to read; return the pipe that a reader waits at."""
    path.touch()
    pipe = path.with_name(path.name + ".pipe")
    os.mkfifo(pipe)
    return pipe


def waiting_readers(folder: Path) -> dict[str, str]:
    """Return the environment in which readers wait at the pipes of `endless`."""
    return patched_readers(folder, _PATCH)


def patched_readers(folder: Path, code: str) -> dict[str, str]:
    """Return an environment in which a reader runs this code before it begins."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(code)
    return {"PYTHONPATH": os.pathsep.join((str(site), *sys.path))}
