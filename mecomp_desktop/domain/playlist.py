"""Playlists and folders of playlists, as values: every change makes a new one."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mecomp_desktop.domain.ids import AudioId, PlaylistEntryId, PlaylistId
from mecomp_desktop.domain.track import Track

NO_AUDIO_ID = AudioId("")
"""Stands where it is not known yet which recording an entry means."""

# Ids are drawn, not counted: two processes make playlists without asking each other. JSON and
# SQLite hold them exactly.
_ID_BITS = 52


class PlaylistKind(StrEnum):
    """What stands in the list of playlists."""

    PLAYLIST = "playlist"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """One place in a playlist.

    The recording is known by its identity, so that an entry survives a move, a rename and a
    re-tag of its file. The rest is text as it was when the entry was made: it is shown while the
    song is missing, and by it a song that was unknown is found when it comes.

    Attributes:
        id: Its own id.
        audio_id: The recording; ``NO_AUDIO_ID`` while it is unknown.
        path: Where the file was, or what a playlist file said about it.
        title: The title; may be empty.
        artist: The artists in one line; may be empty.
        album: The album's title; may be empty.
        duration_s: The length in seconds; 0 where it is unknown.
    """

    id: PlaylistEntryId
    audio_id: AudioId
    path: str
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_s: float = 0.0


PlaylistEntries = tuple[PlaylistEntry, ...]


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist, or a folder of them.

    Attributes:
        id: Its id.
        name: What the listener calls it.
        kind: What it is.
        parent_id: The folder that it stands in; ``None`` at the top.
        place: Its place among those beside it; equal ones stand in the order of their ids.
        entries: Its songs in their order; none in a folder.
    """

    id: PlaylistId
    name: str
    kind: PlaylistKind = PlaylistKind.PLAYLIST
    parent_id: PlaylistId | None = None
    place: int = 0
    entries: PlaylistEntries = field(default=(), repr=False)

    @property
    def is_folder(self) -> bool:
        """Whether it holds playlists, not songs."""
        return self.kind is PlaylistKind.FOLDER

    @property
    def duration_s(self) -> float:
        """How long its songs are together, as far as their lengths are known."""
        return sum(entry.duration_s for entry in self.entries)


Playlists = Mapping[PlaylistId, Playlist]
"""All playlists and folders, by id."""


def new_playlist_id() -> PlaylistId:
    """Return an id that no playlist has."""
    return PlaylistId(secrets.randbits(_ID_BITS))


def new_entry_id() -> PlaylistEntryId:
    """Return an id that no entry has."""
    return PlaylistEntryId(secrets.randbits(_ID_BITS))


def entry_of(track: Track) -> PlaylistEntry:
    """Return a new entry for a track."""
    tags = track.tags
    artist = ", ".join(tags.artists) or tags.album_artist
    return PlaylistEntry(
        new_entry_id(),
        track.audio_id,
        str(track.path),
        tags.title,
        artist,
        tags.album,
        tags.duration_s,
    )


def copies_of(entries: Iterable[PlaylistEntry]) -> PlaylistEntries:
    """Return the same songs as entries of another playlist, under ids of their own."""
    return tuple(replace(entry, id=new_entry_id()) for entry in entries)


def inserted(entries: PlaylistEntries, added: PlaylistEntries, row: int) -> PlaylistEntries:
    """Return the entries with others put before the one in this row; past the end: at the end."""
    row = min(max(row, 0), len(entries))
    return entries[:row] + added + entries[row:]


def without(entries: PlaylistEntries, ids: Collection[PlaylistEntryId]) -> PlaylistEntries:
    """Return the entries but for these."""
    return tuple(entry for entry in entries if entry.id not in ids)


def moved(entries: PlaylistEntries, ids: Collection[PlaylistEntryId], row: int) -> PlaylistEntries:
    """Return the entries with these put, in their order, before the one that is now in ``row``."""
    row = min(max(row, 0), len(entries))
    moving = tuple(entry for entry in entries if entry.id in ids)
    before = tuple(entry for entry in entries[:row] if entry.id not in ids)
    after = tuple(entry for entry in entries[row:] if entry.id not in ids)
    return before + moving + after


def children(playlists: Playlists, parent_id: PlaylistId | None) -> list[Playlist]:
    """Return what stands in a folder, or at the top for ``None``, in its order.

    What stands in a folder that there is not (another process deleted it) stands at the top.
    """
    found = [
        playlist
        for playlist in playlists.values()
        if _parent(playlists, playlist) == parent_id and playlist.id != parent_id
    ]
    return sorted(found, key=lambda playlist: (playlist.place, playlist.id))


def in_order(playlists: Playlists) -> list[Playlist]:
    """Return everything as it is listed: a folder, then what is in it."""
    found: list[Playlist] = []
    waiting = children(playlists, None)[::-1]
    while waiting:
        playlist = waiting.pop()
        found.append(playlist)
        if playlist.is_folder:
            waiting += children(playlists, playlist.id)[::-1]
    return found


def subtree(playlists: Playlists, playlist_id: PlaylistId) -> list[Playlist]:
    """Return a playlist, or a folder with everything in it at any depth."""
    found, waiting = [], [playlist_id]
    while waiting:
        playlist = playlists[waiting.pop()]
        found.append(playlist)
        waiting += [child.id for child in children(playlists, playlist.id)]
    return found


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name that nothing has yet: "Road", "Road 2", "Road 3"."""
    known = {name.casefold() for name in taken}
    if wanted.casefold() not in known:
        return wanted
    number = 2
    while f"{wanted} {number}".casefold() in known:
        number += 1
    return f"{wanted} {number}"


def by_name(playlists: Playlists, name: str) -> Sequence[Playlist]:
    """Return the playlists (no folders) of a name; by their exact case where one has it."""
    lists = [playlist for playlist in in_order(playlists) if not playlist.is_folder]
    exact = [playlist for playlist in lists if playlist.name == name]
    folded = [playlist for playlist in lists if playlist.name.casefold() == name.casefold()]
    return exact or folded


def _parent(playlists: Playlists, playlist: Playlist) -> PlaylistId | None:
    """Return the folder that a playlist is listed in.

    Two processes may each move one folder into the other: whoever stands in such a circle would
    never be listed, so the circle is cut at its smallest id.
    """
    parent_id = playlist.parent_id
    parent = None if parent_id is None else playlists.get(parent_id)
    if parent is None or not parent.is_folder:
        return None
    seen = {playlist.id}
    above: Playlist | None = parent
    while above is not None and above.id not in seen:
        seen.add(above.id)
        above = playlists.get(above.parent_id) if above.parent_id is not None else None
    in_circle = above is not None and above.id == playlist.id
    return None if in_circle and playlist.id == min(seen) else parent_id
