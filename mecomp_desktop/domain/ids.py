"""Ids as types, so that a track's number is never taken for a root's."""

from typing import NewType

TrackId = NewType("TrackId", int)
"""A row of the library: one file the listener has (or had)."""

AudioId = NewType("AudioId", str)
"""What a track *is*: a hash of its audio that ignores tags, name and place."""

RootId = NewType("RootId", int)
"""A folder of music the listener has chosen."""

EntryId = NewType("EntryId", int)
"""One place in the play queue; the same track may be queued twice."""

DynamicPlaylistId = NewType("DynamicPlaylistId", int)
"""One dynamic playlist."""

PlaylistId = NewType("PlaylistId", int)
"""A playlist, or a folder of playlists."""

PlaylistEntryId = NewType("PlaylistEntryId", int)
"""One place in a playlist; the same song may be in it twice."""
