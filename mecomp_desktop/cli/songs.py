"""The songs that a command is about, found without starting the rest of the program."""

import argparse
import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from mecomp_desktop.cli.output import print_error
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.rating import Subject, SubjectKind
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import UserError
from mecomp_desktop.files import resolved
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.recovery import open_library
from mecomp_desktop.store.tracks import Tracks


@contextlib.contextmanager
def opened_library(options: argparse.Namespace) -> Iterator[Database]:
    """Open the library that there is, beside a window that has it open or not.

    Raises:
        UserError: There is none yet.
    """
    paths = Paths.of_user()
    with logging_to(paths.state, verbose=options.verbose):
        if not paths.database.is_file():
            raise UserError(f"there is no library yet: {paths.database}")
        database, message = open_library(paths.database)
        database.notice.connect(print_error)
        if message:
            print_error(message)
        try:
            yield database
        finally:
            database.close()


def catalog_of(database: Database) -> Catalog:
    """Return all songs of the library."""
    return Catalog(Tracks(database).table())


def tracks_of(catalog: Catalog, files: Sequence[Path]) -> tuple[list[Track], list[Path]]:
    """Return the library's songs in these files, and the files that it does not have."""
    rows: dict[str, list[int]] = defaultdict(list)  # of a file that is cut into songs, several
    for row, path in enumerate(catalog.tracks.column("path")):
        rows[str(path)].append(row)
    found: list[Track] = []
    missing: list[Path] = []
    for file in files:
        names = (str(file.expanduser().absolute()), str(resolved(file)))
        there = next((rows[name] for name in names if name in rows), [])
        found += [catalog.tracks[row] for row in there]
        if not there:
            missing.append(file)
    return found, missing


def subject_values(
    subject: Subject, catalog: Catalog, rows: dict[AudioId, int]
) -> dict[str, object]:
    """Return what a subject is, as JSON values.

    Args:
        subject: A recording, an album, an artist or a folder.
        catalog: The library.
        rows: `Catalog.recordings`.
    """
    if subject.kind is not SubjectKind.SONG:
        values: dict[str, object] = {"kind": subject.kind.value, "name": subject.name}
        return values | ({"artist": subject.artist} if subject.artist else {})
    row = rows.get(AudioId(subject.name))
    if row is None:  # its file is gone; it comes back with it
        return {"kind": "song", "audio_id": subject.name}
    return {"kind": "song", **song_values(catalog.tracks[row])}


def song_values(track: Track) -> dict[str, object]:
    """Return what names a song, as JSON values."""
    return {
        "path": str(track.path),
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
    }


def line_of(values: dict[str, object]) -> str:
    """Return what a subject is, in one line."""
    if "title" in values:
        return f"{values['artist']} — {values['title']}  ({values['path']})"
    if "audio_id" in values:
        return "a song that is no longer in the library"
    by = f" — {values['artist']}" if "artist" in values else ""
    return f"{values['kind']}: {values['name']}{by}"
