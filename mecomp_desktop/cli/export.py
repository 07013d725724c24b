"""``mecomp-desktop export``: everything that is the listener's own, as one JSON file."""

import argparse

from mecomp_desktop.cli.output import print_json, print_line
from mecomp_desktop.cli.songs import catalog_of, opened_library
from mecomp_desktop.imports import own_file


def run(options: argparse.Namespace) -> int:
    """Write it, and tell how much it is."""
    target = options.file.expanduser().absolute()
    with opened_library(options) as database:
        own = own_file.write(database, catalog_of(database), target)
    values = {
        "file": str(target),
        "ratings": len(own.ratings),
        "plays": len(own.plays),
        "skips": len(own.skips),
        "imported_plays": len(own.imported_plays),
        "answers": len(own.answers),
        "dynamic_playlists": len(own.dynamic_playlists),
        "playlists": len(own.playlists),
    }
    if options.json:
        print_json(values)
    else:
        print_line(
            f"{len(own.ratings):,} ratings, {len(own.plays):,} plays, {len(own.skips):,} skips,"
            f" {len(own.answers):,} answers, {len(own.playlists):,} playlists and"
            f" {len(own.dynamic_playlists):,} dynamic ones are in {target}."
        )
    return 0
