"""Rhythmbox: ``rhythmdb.xml``, and ``playlists.xml`` beside it."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import defusedxml
import defusedxml.ElementTree

from mecomp_desktop.errors import UserError
from mecomp_desktop.imports.found import (
    Found,
    FoundSong,
    count_of,
    half_stars_of,
    path_of_url,
    time_of,
)

_STARS = 5.0


def is_mine(head: bytes, _file: Path) -> bool:
    """Return whether a file that begins like this is Rhythmbox's."""
    return b"<rhythmdb" in head


def read(file: Path) -> Found:
    """Read the library, and the playlists beside it.

    Raises:
        UserError: The file is damaged.
    """
    songs = [_song(values) for values in _entries(file)]
    by_path = {song.path: song for song in songs}
    playlists = []
    beside = file.with_name("playlists.xml")
    if beside.is_file():
        for name, urls in _playlists(beside):
            paths = [path for url in urls if (path := path_of_url(url)) is not None]
            playlists.append((name, [by_path.get(path) or FoundSong(path) for path in paths]))
    return Found("Rhythmbox", songs, playlists)


def _entries(file: Path) -> Iterator[Mapping[str, str]]:
    with _told_of(file):
        for _, element in defusedxml.ElementTree.iterparse(file):
            if element.tag == "entry":
                if element.get("type") == "song":
                    yield {child.tag: child.text or "" for child in element}
                element.clear()


def _playlists(file: Path) -> Iterator[tuple[str, list[str]]]:
    with _told_of(file):
        for playlist in defusedxml.ElementTree.parse(file).iter("playlist"):
            if playlist.get("type") == "static":  # the others are queries and the queue
                urls = [place.text or "" for place in playlist.iter("location")]
                yield playlist.get("name") or "Playlist", urls


def _song(values: Mapping[str, str]) -> FoundSong:
    return FoundSong(
        path_of_url(values.get("location", "")),
        values.get("title", ""),
        values.get("artist", ""),
        values.get("album", ""),
        _number(values, "duration"),
        count_of(int(_number(values, "play-count"))),
        last_played_at_s=time_of(_number(values, "last-played")),
        added_at_s=time_of(_number(values, "first-seen")),
        half_stars=half_stars_of(_number(values, "rating") / _STARS),
    )


def _number(values: Mapping[str, str], name: str) -> float:
    try:
        return float(values.get(name) or 0)
    except ValueError:
        return 0.0


@contextlib.contextmanager
def _told_of(file: Path) -> Iterator[None]:
    try:
        yield
    except (defusedxml.ElementTree.ParseError, defusedxml.DefusedXmlException) as error:
        raise UserError(f"{file} is damaged: {error}") from error
