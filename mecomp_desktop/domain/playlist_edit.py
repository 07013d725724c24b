"""What an edit of playlists changes, and how it is applied to what others have changed since.

An edit is two states of those playlists that it touches. To do it is to go from the first to the
second, to undo it is to go back. In between another process (the command line) may have changed
the same playlist. What the edit did not touch stays as the other left it: a name, a place, and
each single entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mecomp_desktop.domain.ids import PlaylistId
from mecomp_desktop.domain.playlist import Playlist, PlaylistEntries, Playlists

States = Mapping[PlaylistId, Playlist | None]
"""Some playlists as they are at one time; ``None`` for what there is not."""


@dataclass(frozen=True, slots=True)
class PlaylistEdit:
    """One edit.

    Attributes:
        before: The playlists that it touches, as they were.
        after: The same, as they are then.
    """

    before: States
    after: States

    @property
    def reverse(self) -> "PlaylistEdit":
        """The edit that takes this one back."""
        return PlaylistEdit(self.after, self.before)

    def apply(self, playlists: Playlists) -> Playlists:
        """Return all playlists after the edit."""
        changed = dict(playlists)
        for playlist_id, target in self.after.items():
            merged = _merged(playlists.get(playlist_id), self.before[playlist_id], target)
            if merged is None:
                changed.pop(playlist_id, None)
            else:
                changed[playlist_id] = merged
        return changed


def edit_between(before: Playlists, after: Playlists) -> PlaylistEdit:
    """Return the edit that leads from one state of all playlists to another."""
    touched = [
        playlist_id
        for playlist_id in {**before, **after}
        if before.get(playlist_id) != after.get(playlist_id)
    ]
    return PlaylistEdit(
        {playlist_id: before.get(playlist_id) for playlist_id in touched},
        {playlist_id: after.get(playlist_id) for playlist_id in touched},
    )


def _merged(
    current: Playlist | None, source: Playlist | None, target: Playlist | None
) -> Playlist | None:
    if target is None or source is None:
        return target
    if current is None:  # another process deleted it: there is nothing to change
        return None
    return replace(
        current,
        name=current.name if target.name == source.name else target.name,
        parent_id=current.parent_id if target.parent_id == source.parent_id else target.parent_id,
        place=current.place if target.place == source.place else target.place,
        entries=_merged_entries(current.entries, source.entries, target.entries),
    )


def _merged_entries(
    current: PlaylistEntries, source: PlaylistEntries, target: PlaylistEntries
) -> PlaylistEntries:
    if target is source:
        return current
    if current is source:
        return target
    known = {entry.id: entry for entry in current}
    expected = {entry.id for entry in source}
    # What was taken out elsewhere stays out; what the edit itself brings is in neither.
    kept = [
        known.get(entry.id, entry)
        for entry in target
        if entry.id in known or entry.id not in expected
    ]
    wanted = {entry.id for entry in target}
    added_elsewhere = [
        entry for entry in current if entry.id not in expected and entry.id not in wanted
    ]
    return (*kept, *added_elsewhere)
