"""``mecomp-desktop status``: what is in the library."""

import argparse
from contextlib import closing
from typing import Any

from mecomp_desktop import __version__
from mecomp_desktop.cli.output import failure_values, print_error, print_json, print_line
from mecomp_desktop.core import Core
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths


def run(options: argparse.Namespace) -> int:
    """Do it, and print it to stdout."""
    paths = Paths.of_user()
    with (
        logging_to(paths.state, verbose=options.verbose),
        closing(Core(paths, keep_graph=False)) as core,
    ):
        core.forward_messages(print_error)
        core.load()
        values = _values(core)
    if options.json:
        print_json(values)
    else:
        _print(values)
    return 0


def _values(core: Core) -> dict[str, Any]:
    embedded, total = core.similarity.count_stored()
    tracks = core.library.catalog().tracks
    model = core.similarity.model
    return {
        "version": __version__,
        "library": str(core.paths.database),
        "settings": str(core.paths.settings_file),
        "folders": [
            {"path": str(root.path), "available": root.available, "tracks": root.track_count}
            for root in core.library.roots()
        ],
        "tracks": len(tracks),
        "available": sum(track.available for track in tracks),
        "recordings": total,
        "embedded": embedded,
        "failures": failure_values(core.library.failures()),
        "model": None if model is None else {"name": model.name, "body_hash": model.body_hash},
        "problem": core.analysis.status().error or None,
    }


def _print(values: dict[str, Any]) -> None:
    for folder in values["folders"]:
        away = "" if folder["available"] else "  (not there now)"
        print_line(f"{folder['path']}: {folder['tracks']:,} songs{away}")
    if not values["folders"]:
        print_line("No music folders yet.")
    print_line(f"{values['embedded']:,} of {values['recordings']:,} songs have been analysed.")
    if values["failures"]:
        print_line(f"{len(values['failures']):,} files could not be decoded:")
        for failure in values["failures"]:
            print_line(f"  {failure['path']}: {failure['reason']}")
    if values["problem"]:
        print_line(f"The library cannot be analysed: {values['problem']}")
    print_line(f"Library: {values['library']}")
