"""The list of playlists and its folders: every change makes a new one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mecomp_desktop.domain.ids import PlaylistId
from mecomp_desktop.domain.playlist import (
    Playlist,
    PlaylistEntries,
    PlaylistKind,
    Playlists,
    children,
    copies_of,
    free_name,
    new_playlist_id,
    subtree,
)
from mecomp_desktop.text import clean

_MAX_NAME_CHARS = 200


def clean_name(name: str) -> str:
    """Return a name as it can be stored and shown; may be empty."""
    return clean(name)[:_MAX_NAME_CHARS].strip()


def new_playlist(
    playlists: Playlists,
    name: str,
    entries: PlaylistEntries,
    parent_id: PlaylistId | None,
    kind: PlaylistKind,
) -> Playlist:
    """Return a playlist that stands last in a folder, under a name that nothing else has."""
    parent = None if parent_id is None else playlists.get(parent_id)
    parent_id = parent.id if parent is not None and parent.is_folder else None
    taken = (playlist.name for playlist in playlists.values())
    beside = children(playlists, parent_id)
    return Playlist(
        new_playlist_id(),
        free_name(clean_name(name) or kind.value.capitalize(), taken),
        kind,
        parent_id,
        beside[-1].place + 1 if beside else 0,
        entries,
    )


def copy_of(playlists: Playlists, playlist: Playlist) -> Playlist:
    """Return the same songs as another playlist: "Road 2"."""
    taken = (known.name for known in playlists.values())
    return replace(
        playlist,
        id=new_playlist_id(),
        name=free_name(playlist.name, taken),
        entries=copies_of(playlist.entries),
    )


def placed_after(playlists: Playlists, added: Playlist, before_id: PlaylistId) -> Playlists:
    """Return all playlists with another one right below one of them."""
    beside = children(playlists, added.parent_id)
    row = next((row for row, known in enumerate(beside) if known.id == before_id), len(beside))
    return arranged({**playlists, added.id: added}, [added.id], added.parent_id, row + 1)


def arranged(
    playlists: Playlists,
    playlist_ids: Sequence[PlaylistId],
    parent_id: PlaylistId | None,
    row: int,
) -> Playlists:
    """Return all playlists with some in a folder, before its child that is now in this row.

    A folder cannot be put into itself or into what it holds: it stays where it is.
    """
    moving = [playlists[known] for known in playlist_ids if known in playlists]
    if parent_id is not None:
        moving = [
            playlist
            for playlist in moving
            if all(held.id != parent_id for held in subtree(playlists, playlist.id))
        ]
    ids = {playlist.id for playlist in moving}
    beside = children(playlists, parent_id)
    order = [
        *(known for known in beside[: max(row, 0)] if known.id not in ids),
        *(replace(playlist, parent_id=parent_id) for playlist in moving),
        *(known for known in beside[max(row, 0) :] if known.id not in ids),
    ]
    changed = dict(playlists)
    for place, playlist in enumerate(order):
        if playlist != playlists.get(playlist.id) or playlist.place != place:
            changed[playlist.id] = replace(playlist, place=place)
    return changed


def without(playlists: Playlists, playlist_ids: Iterable[PlaylistId]) -> Playlists:
    """Return all playlists but for these, and all that is in those of them that are folders."""
    gone = {
        held.id
        for playlist_id in playlist_ids
        if playlist_id in playlists
        for held in subtree(playlists, playlist_id)
    }
    return {known: playlist for known, playlist in playlists.items() if known not in gone}
