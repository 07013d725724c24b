"""``mecomp-desktop similar``: the songs that sound closest to a file."""

import argparse
from contextlib import closing
from pathlib import Path

from mecomp_desktop.app import Core
from mecomp_desktop.cli.output import print_error, print_json, print_line
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import UserError
from mecomp_desktop.files import reachable_file
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.similarity.service import Similar


def run(options: argparse.Namespace) -> int:
    """Do it, and print the songs to stdout, closest first."""
    paths = Paths.of_user()
    file: Path = options.file.expanduser().absolute()
    if not reachable_file(file):
        raise UserError(f"there is no file {file}")
    with (
        logging_to(paths.state, verbose=options.verbose),
        closing(Core(paths, keep_graph=False)) as core,
    ):
        core.load()
        if not core.similarity.ready():
            raise UserError(
                "nothing has been listened to yet; run `mecomp-desktop index DIR` first"
            )
        found = core.similar_to_file(file, options.n)
        rows = [(one, core.library.catalog().track(one.track_id)) for one in found]
        if options.json:
            print_json({"file": str(file), "similar": [_values(*row) for row in rows]})
        else:
            _print(file, rows)
    return 0


def _values(one: Similar, track: Track) -> dict[str, object]:
    return {
        "path": str(track.path),
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "distance": round(one.distance, 6),
        "closeness": round(one.closeness, 4),
    }


def _print(file: Path, rows: list[tuple[Similar, Track]]) -> None:
    print_error(f"What sounds close to {file.name} (100 is the same sound):")
    for one, track in rows:
        print_line(
            f"{round(100 * one.closeness):3d}  {track.artist} — {track.title}  ({track.path})"
        )
