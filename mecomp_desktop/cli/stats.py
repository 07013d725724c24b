"""``mecomp-desktop stats``: what the plays say in numbers."""

import argparse
import dataclasses
import datetime

from mecomp_desktop.cli.output import print_json, print_line
from mecomp_desktop.cli.songs import catalog_of, opened_library
from mecomp_desktop.history.statistics import Ranking, Statistics, statistics_of
from mecomp_desktop.store.plays import Plays


def run(options: argparse.Namespace) -> int:
    """Print hours, plays, and what was played most."""
    with opened_library(options) as database:
        plays = Plays(database)
        found = statistics_of(
            catalog_of(database), plays.log(), plays.history(), datetime.date.today()
        )
    if options.json:
        print_json(dataclasses.asdict(found))
    else:
        _print(found)
    return 0


def _print(found: Statistics) -> None:
    print_line(
        f"{found.plays:,} plays, {found.hours:,.1f} hours; {found.skips:,} skips; "
        f"{found.songs_played:,} of {found.songs:,} songs played."
    )
    for title, ranking in (
        ("Artists", found.top_artists),
        ("Albums", found.top_albums),
        ("Songs", found.top_songs),
        ("Genres of the library", found.genres),
        ("Decades of the library", found.decades),
    ):
        _print_ranking(title, ranking)


def _print_ranking(title: str, ranking: Ranking) -> None:
    if ranking:
        print_line(f"{title}:")
    for name, number in ranking:
        print_line(f"  {number:8,.0f}  {name}")
