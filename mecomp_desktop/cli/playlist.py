"""``mecomp-desktop playlist``: list, show, make and change playlists, and their files."""

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from mecomp_desktop.cli.output import print_error, print_json, print_line
from mecomp_desktop.core import Core
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.playlist import Playlist, by_name, in_order
from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.files import reachable_folder, resolved
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.playlists.service import songs
from mecomp_desktop.playlists.songs import PlaylistSongs
from mecomp_desktop.text import isolated
from mecomp_desktop.threads import on_job_error

SOME_FAILED = 1
_LOAD_S = 600.0


def run(options: argparse.Namespace) -> int:
    """Do it; another window that shows the playlists sees it within a second or two."""
    paths = Paths.of_user()
    with logging_to(paths.state, verbose=options.verbose), _opened(paths) as core:
        match options.action:
            case "list":
                return _list(core, options)
            case "show":
                return _show(core, options)
            case "create":
                return _create(core, options)
            case "add":
                return _add(core, options)
            case "import":
                return _import(core, options)
            case _:
                return _export(core, options)


@contextmanager
def _opened(paths: Paths) -> Iterator[Core]:
    """Give the library and the playlists as they are; what is changed is stored at the end.

    Raises:
        Exception: Whatever kept the playlists from being read or stored.
    """
    errors: list[Exception] = []
    disconnect = on_job_error(errors.append)
    try:
        with closing(Core(paths, keep_graph=False)) as core:
            core.forward_messages(print_error)
            core.library.load()
            settled = core.library.settle(_LOAD_S) and core.playlists.settle(_LOAD_S)
            _raise_first(errors)
            if not settled:
                raise BrokenEnvironment("the library could not be read in time")
            yield core
            core.playlists.settle(_LOAD_S)
            _raise_first(errors)
    finally:
        disconnect()


def _raise_first(errors: list[Exception]) -> None:
    if errors:
        raise errors[0]


def _list(core: Core, options: argparse.Namespace) -> int:
    playlists = core.playlists.all()
    listed = [playlist for playlist in in_order(playlists) if not playlist.is_folder]
    if options.json:
        print_json([_summary(core, playlist) for playlist in listed])
        return 0
    for playlist in listed:
        folder = _folder(core, playlist)
        where = f"  ({isolated(folder)})" if folder else ""
        print_line(f"{len(playlist.entries):>6,}  {isolated(playlist.name)}{where}")
    if not listed:
        print_error("There are no playlists yet; `mecomp-desktop playlist create NAME` makes one.")
    return 0


def _show(core: Core, options: argparse.Namespace) -> int:
    playlist = _chosen(core, options.name)
    shown = core.playlists.songs(playlist.entries)
    if options.json:
        print_json(_summary(core, playlist) | {"songs": _song_values(shown)})
        return 0
    for number, track in enumerate(shown.catalog.tracks, start=1):
        away = "" if track.available else "  (missing)"
        names = f"{isolated(track.artist)} — {isolated(track.title)}"
        print_line(f"{number:>5,}  {names}  ({track.path}){away}")
    return 0


def _create(core: Core, options: argparse.Namespace) -> int:
    if by_name(core.playlists.all(), options.name):
        raise UserError(f"there is a playlist “{options.name}” already; `add` puts songs into it")
    found, failed = _songs_of(core, options.paths)
    if options.paths and not found:
        raise UserError("none of these can be put into a playlist; it was not made")
    playlist = core.playlists.create(options.name, core.playlists.entries_of(found))
    return _tell_added(core, options, playlist, len(found), failed)


def _add(core: Core, options: argparse.Namespace) -> int:
    playlist = _chosen(core, options.name)
    found, failed = _songs_of(core, options.paths)
    if not found:
        raise UserError("none of these can be put into a playlist; nothing was added")
    core.playlists.add(playlist.id, found)
    return _tell_added(core, options, playlist, len(found), failed)


def _import(core: Core, options: argparse.Namespace) -> int:
    made: list[Playlist] = []
    for file in options.files:
        try:
            made.append(core.playlists.import_file(file.expanduser().absolute()))
        except UserError as error:
            print_error(f"mecomp-desktop: {error}")
    if not made:
        raise UserError("no playlist was imported")
    if options.json:
        print_json([_summary(core, playlist) for playlist in made])
    for playlist in made:
        missing = _missing(core, playlist)
        away = f", {missing:,} of them not in the library" if missing else ""
        if not options.json:
            count = songs(len(playlist.entries))
            print_line(f"{isolated(playlist.name)}: {count}{away}")
    return SOME_FAILED if len(made) < len(options.files) else 0


def _export(core: Core, options: argparse.Namespace) -> int:
    playlist = _chosen(core, options.name)
    target: Path = options.file.expanduser().absolute()
    count = core.playlists.export(playlist.id, target, relative=not options.absolute)
    if options.json:
        print_json({"name": playlist.name, "file": str(target), "songs": count})
    else:
        print_line(f"{songs(count)} of {isolated(playlist.name)} are in {target}.")
    return 0


def _chosen(core: Core, name: str) -> Playlist:
    """Return the playlist of a name.

    Raises:
        UserError: There is none, or more than one.
    """
    found = by_name(core.playlists.all(), name)
    if not found:
        raise UserError(f"there is no playlist “{name}”; `mecomp-desktop playlist list` names all")
    if len(found) > 1:
        raise UserError(f"{len(found):,} playlists are called “{name}”; rename all but one first")
    return found[0]


def _songs_of(core: Core, paths: list[Path]) -> tuple[list[TrackId], int]:
    """Return the songs of these files and folders, and how many of them had none."""
    found: list[TrackId] = []
    failed = 0
    for path in map(resolved, paths):
        songs_here = (
            _songs_below(core, path) if reachable_folder(path) else core.library.visit([path])
        )
        found += songs_here
        if not songs_here:
            failed += 1
            if reachable_folder(path):
                print_error(f"{path}: no song of the library is in this folder")
    return found, failed


def _songs_below(core: Core, folder: Path) -> list[TrackId]:
    tracks = core.library.catalog().tracks
    prefix = f"{str(folder).rstrip('/')}/"
    pairs = zip(tracks.column("path"), tracks.column("id"), strict=True)
    return [track_id for path, track_id in sorted(pairs) if path.startswith(prefix)]


def _tell_added(
    core: Core, options: argparse.Namespace, playlist: Playlist, count: int, failed: int
) -> int:
    now = core.playlists.get(playlist.id) or playlist
    if options.json:
        print_json(_summary(core, now) | {"added": count, "failed": failed})
    else:
        print_line(f"{isolated(now.name)}: {songs(count)} added, {len(now.entries):,} in all")
    return SOME_FAILED if failed else 0


def _summary(core: Core, playlist: Playlist) -> dict[str, Any]:
    return {
        "id": playlist.id,
        "name": playlist.name,
        "folder": _folder(core, playlist),
        "count": len(playlist.entries),
        "missing": _missing(core, playlist),
        "duration_s": round(playlist.duration_s, 3),
    }


def _folder(core: Core, playlist: Playlist) -> str:
    names: list[str] = []
    folder = core.playlists.get(playlist.parent_id) if playlist.parent_id is not None else None
    while folder is not None and folder.name not in names:
        names.insert(0, folder.name)
        parent = folder.parent_id
        folder = core.playlists.get(parent) if parent is not None else None
    return " / ".join(names)


def _missing(core: Core, playlist: Playlist) -> int:
    return sum(row < 0 for row in core.playlists.finder().rows(playlist.entries))


def _song_values(shown: PlaylistSongs) -> list[dict[str, Any]]:
    return [
        {
            "path": str(track.path),
            "title": track.title,
            "artist": track.artist,
            "album": track.tags.album,
            "duration_s": round(track.duration_s, 3),
            "missing": not track.available,
        }
        for track in shown.catalog.tracks
    ]
