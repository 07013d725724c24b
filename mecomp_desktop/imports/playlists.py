"""Playlists of other players, as playlists of ours."""

from collections.abc import Sequence

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.playlist import (
    NO_AUDIO_ID,
    Playlist,
    PlaylistEntry,
    Playlists,
    by_name,
    children,
    free_name,
    new_entry_id,
    new_playlist_id,
)
from mecomp_desktop.imports.found import FoundSong

Members = Sequence[tuple[FoundSong, AudioId | None]]
"""The songs of a playlist, and which recordings of ours they are."""


def with_playlists(playlists: Playlists, imported: Sequence[tuple[str, Members]]) -> Playlists:
    """Return all playlists together with those of another player.

    Songs that the library does not have stay as entries, and are found when they come. A
    playlist that is here already, song for song, does not come a second time.

    Args:
        playlists: What there is.
        imported: Names, and what is in them.
    """
    found = dict(playlists)
    for name, members in imported:
        entries = tuple(_entry(song, audio_id) for song, audio_id in members)
        if not entries or any(_songs(known) == _named(entries) for known in by_name(found, name)):
            continue
        beside = children(found, None)
        made = Playlist(
            new_playlist_id(),
            free_name(name, (playlist.name for playlist in beside)),
            place=max((playlist.place for playlist in beside), default=-1) + 1,
            entries=entries,
        )
        found[made.id] = made
    return found


def _entry(song: FoundSong, audio_id: AudioId | None) -> PlaylistEntry:
    return PlaylistEntry(
        new_entry_id(),
        audio_id or NO_AUDIO_ID,
        str(song.path or ""),
        song.title,
        song.artist,
        song.album,
        song.duration_s,
    )


def _songs(playlist: Playlist) -> list[str]:
    return _named(playlist.entries)


def _named(entries: Sequence[PlaylistEntry]) -> list[str]:
    # By path: which recording it is may have become known since.
    return [entry.path or entry.title for entry in entries]
