"""Many tracks, kept by column: a large library is read and sorted without an object a song."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, overload

from mecomp_desktop.domain.track import Tags, Track

TAG_FIELDS = tuple(field.name for field in dataclasses.fields(Tags))
"""The fields of `Tags`, in their order."""

TRACK_FIELDS = (
    *("id", "audio_id", "path", "root_id", "available", "added_at_s"),
    *("start_s", "end_s"),
)
"""The fields of `Track` but for the tags."""

_FIELDS = (*TRACK_FIELDS, *TAG_FIELDS)


class TrackTable(Sequence[Track]):
    """Tracks as columns; a `Track` is made when it is asked for.

    Args:
        columns: By the name of the field of `Track` or `Tags`, a value a track; ``path`` as text
            with surrogate escapes. A mapping that makes its columns at first need is welcome.
        length: How many tracks there are.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], length: int) -> None:
        self._columns = columns
        self._length = length

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> "TrackTable":
        """Return a table of these tracks."""
        columns: dict[str, Sequence[Any]] = {
            name: [getattr(track, name) for track in tracks] for name in TRACK_FIELDS
        }
        columns["path"] = [str(track.path) for track in tracks]
        for name in TAG_FIELDS:
            columns[name] = [*map(attrgetter(f"tags.{name}"), tracks)]
        return cls(columns, len(tracks))

    def column(self, name: str) -> Sequence[Any]:
        """Return one value a track, by the name of a field of `Track` or `Tags`.

        Raises:
            KeyError: There is no such field.
        """
        return self._columns[name]

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> Track: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Track, ...]: ...

    def __getitem__(self, place: int | slice) -> Track | tuple[Track, ...]:
        if isinstance(place, slice):
            return tuple(map(self.__getitem__, range(*place.indices(self._length))))
        return _track(tuple(self._columns[name][place] for name in _FIELDS))

    def __iter__(self) -> Iterator[Track]:
        return map(_track, zip(*(self._columns[name] for name in _FIELDS), strict=True))

    def __contains__(self, track: object) -> bool:
        return isinstance(track, Track) and any(
            self[row] == track
            for row, track_id in enumerate(self.column("id"))
            if track_id == track.id
        )


def _track(values: tuple[Any, ...]) -> Track:
    track_id, audio_id, path, root_id, available, added_at_s, start_s, end_s, *tags = values
    where = Path(path)
    return Track(
        track_id, audio_id, where, root_id, Tags(*tags), available, added_at_s, start_s, end_s
    )
