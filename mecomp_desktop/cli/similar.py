"""``mecomp-desktop similar``: the songs that sound closest to a file."""

import argparse
import stat
from contextlib import closing
from pathlib import Path

from mecomp_desktop.cli.output import print_error, print_json, print_line
from mecomp_desktop.core import Core
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.similarity.service import Similar
from mecomp_desktop.text import isolated


def run(options: argparse.Namespace) -> int:
    """Do it, and print the songs to stdout, closest first."""
    paths = Paths.of_user()
    file: Path = options.file.expanduser().absolute()
    _check(file)
    with (
        logging_to(paths.state, verbose=options.verbose),
        closing(Core(paths, keep_graph=False)) as core,
    ):
        core.forward_messages(print_error)
        core.load()
        _check_library(core)
        found = core.similar_to_file(file, options.n)
        rows = [(similar, core.library.catalog().track(similar.track_id)) for similar in found]
        if options.json:
            print_json({"file": str(file), "similar": [_values(*row) for row in rows]})
        else:
            _print(file, rows)
    return 0


def _check(file: Path) -> None:
    """Refuse what is no file at once: a pipe or a device would be read for ever.

    Raises:
        UserError: It is none.
    """
    try:
        mode = file.stat().st_mode
    except FileNotFoundError as error:
        raise UserError(f"there is no file {file}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(f"{file} cannot be opened: {reason}") from error
    if stat.S_ISDIR(mode):
        raise UserError(f"{file} is a folder; name a music file")
    if not stat.S_ISREG(mode):
        raise UserError(f"{file} is a pipe or a device; name a music file")


def _check_library(core: Core) -> None:
    """Say why nothing can be compared, if so.

    Raises:
        BrokenEnvironment: The model cannot be used.
        UserError: There is nothing to compare with yet.
    """
    problem = core.analysis.status().error
    if problem:
        raise BrokenEnvironment(problem)
    if core.similarity.ready():
        return
    if not core.library.roots():
        raise UserError("No music folders yet; run `mecomp-desktop index DIR` first")
    raise UserError("no song has been analysed yet; run `mecomp-desktop index DIR` first")


def _values(similar: Similar, track: Track) -> dict[str, object]:
    return {
        "path": str(track.path),
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "distance": round(similar.distance, 6),
        "closeness": round(similar.closeness, 4),
    }


def _print(file: Path, rows: list[tuple[Similar, Track]]) -> None:
    print_error(f"What sounds close to {file.name} (100 is the same sound):")
    for similar, track in rows:
        names = f"{isolated(track.artist)} — {isolated(track.title)}"
        print_line(f"{round(100 * similar.closeness):3d}  {names}  ({track.path})")
