"""``mecomp-desktop import``: what another player knows, or what `export` has written."""

import argparse
import time
from pathlib import Path

from mecomp_desktop.cli.output import print_error, print_json, print_line
from mecomp_desktop.cli.songs import catalog_of, opened_library
from mecomp_desktop.imports import own_file, players
from mecomp_desktop.imports.plan import ImportPlan, carry_out, plan_import
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.ratings import RatingStore

_MISSING_SHOWN = 20


def run(options: argparse.Namespace) -> int:
    """Tell what would be written; with ``--write``, write it."""
    file: Path = options.file.expanduser().absolute()
    with opened_library(options) as database:
        if own_file.is_own(file):
            values, sentence = _own(file, database, write=options.write)
        else:
            plan = _plan(file, database)
            if options.write:
                carry_out(plan, database)
            values, sentence = _values(plan), _sentence(plan)
            if not options.json:
                _tell_missing(plan)
    if options.json:
        print_json(values | {"written": options.write})
        return 0
    print_line(sentence)
    print_line("Done." if options.write else "Nothing is written yet; --write does it.")
    return 0


def _plan(file: Path, database: Database) -> ImportPlan:
    found = players.read(file)
    ratings = RatingStore(database).all()
    return plan_import(found, catalog_of(database), ratings, time.time())


def _own(file: Path, database: Database, *, write: bool) -> tuple[dict[str, object], str]:
    merge = own_file.plan_merge(own_file.read(file), database)
    if write:
        own_file.carry_out(merge, database)
    values: dict[str, object] = {
        "source": "MECOMP Desktop",
        "ratings": len(merge.ratings),
        "plays": len(merge.plays),
        "skips": len(merge.skips),
        "imported_plays": len(merge.imported_plays),
        "answers": len(merge.answers),
        "dynamic_playlists": len(merge.dynamic_playlists),
        "playlists": len(merge.playlists),
    }
    sentence = (
        f"New in this file: {len(merge.ratings):,} ratings, {len(merge.plays):,} plays,"
        f" {len(merge.skips):,} skips, {len(merge.answers):,} answers,"
        f" {len(merge.dynamic_playlists):,} dynamic playlists, {len(merge.playlists):,} playlists."
    )
    return values, sentence


def _values(plan: ImportPlan) -> dict[str, object]:
    return {
        "source": plan.source,
        "songs": plan.songs,
        "songs_with_plays": len(plan.counts),
        "plays": plan.plays,
        "ratings": len(plan.ratings),
        "added": len(plan.added),
        "playlists": [
            {
                "name": name,
                "songs": len(members),
                "here": sum(audio_id is not None for _, audio_id in members),
            }
            for name, members in plan.playlists
        ],
        "missing": [
            {"path": str(song.path or ""), "title": song.title, "artist": song.artist}
            for song in plan.missing
        ],
    }


def _sentence(plan: ImportPlan) -> str:
    return (
        f"{plan.source}: {plan.songs:,} songs; {plan.plays:,} plays of {len(plan.counts):,} songs,"
        f" {len(plan.ratings):,} ratings and {len(plan.added):,} days of adding fit this library;"
        f" {len(plan.playlists):,} playlists."
    )


def _tell_missing(plan: ImportPlan) -> None:
    if not plan.missing:
        return
    print_error(f"{len(plan.missing):,} songs that were played or rated there are not here:")
    for song in plan.missing[:_MISSING_SHOWN]:
        print_error(f"  {song.artist} — {song.title}  ({song.path or 'no path'})")
    if len(plan.missing) > _MISSING_SHOWN:
        print_error(f"  … and {len(plan.missing) - _MISSING_SHOWN:,} more; --json lists all")
