"""``mecomp-desktop query``: the songs that a query finds."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing

from mecomp_desktop.cli.output import print_error, print_json, print_line
from mecomp_desktop.core import Core
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.playlists.files import m3u
from mecomp_desktop.playlists.files.content import FileEntry
from mecomp_desktop.query.dependence import dependence_of
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.parser import parse
from mecomp_desktop.query.service import QueryService
from mecomp_desktop.store.tracks import Tracks
from mecomp_desktop.text import isolated

NOTHING_DONE = 2


def run(options: argparse.Namespace) -> int:
    """Do it, and print the songs to stdout, in the order of the query."""
    text = " ".join(options.query)
    try:
        tracks = _found(text, options)
    except QueryError as error:
        for line in error.pointed(text).splitlines():
            print_error(line)
        print_error(f"mecomp-desktop query: {error}")
        return NOTHING_DONE
    if options.json:
        print_json({"query": text, "songs": [_values(track) for track in tracks]})
    elif options.m3u:
        _print_m3u(tracks)
    else:
        for track in tracks:
            print_line(f"{isolated(track.artist)} — {isolated(track.title)}  ({track.path})")
    return 0


def _found(text: str, options: argparse.Namespace) -> list[Track]:
    query = parse(text)  # before the library is opened: an error costs nothing then
    paths = Paths.of_user()
    with (
        logging_to(paths.state, verbose=options.verbose),
        closing(Core(paths, keep_graph=False)) as core,
    ):
        core.forward_messages(print_error)
        if dependence_of(query).on_sound:
            core.load()
        service = QueryService(core.database, core.library, core.similarity)
        found = service.find_stored(query)
        catalog = Catalog(Tracks(core.database).table())
        return [catalog.track(track_id) for track_id in found if track_id in catalog]


def _values(track: Track) -> dict[str, object]:
    return {
        "path": str(track.path),
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "year": track.tags.year,
        "duration_s": round(track.duration_s, 3),
        "available": track.available,
    }


def _print_m3u(tracks: Sequence[Track]) -> None:
    entries = [
        FileEntry(
            str(track.path),
            track.title,
            ", ".join(track.tags.artists),
            track.tags.album,
            track.duration_s,
        )
        for track in tracks
    ]
    # As bytes: in UTF-8 whatever the terminal's encoding is.
    sys.stdout.flush()
    sys.stdout.buffer.write(m3u.written("", entries, None).encode("utf-8", "surrogateescape"))
