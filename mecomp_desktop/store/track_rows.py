"""How a track becomes a row, and a row a track."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.changes import FileFacts
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.domain.track_table import TAG_FIELDS, TRACK_FIELDS
from mecomp_desktop.store.tag_columns import TAG_COLUMNS

FACT_COLUMNS = (
    *("audio_id", "root_id", "path", "size_bytes", "mtime_ns", "ctime_ns"),
    *("tags_version", "identity_version", "sheets", "start_s", "end_s"),
    *TAG_FIELDS,
)
"""The columns that come from the file, in the order of `fact_values`."""

TRACK_COLUMNS = (*TRACK_FIELDS, *TAG_FIELDS)
"""The columns of a track, in the order in which `read_tracks` expects them."""


def fact_values(facts: FileFacts) -> tuple[object, ...]:
    """Return the values of `FACT_COLUMNS`."""
    tags = facts.tags
    return (
        facts.audio_id,
        facts.root_id,
        os.fsencode(facts.path),
        facts.stamp.size_bytes,
        facts.stamp.mtime_ns,
        facts.stamp.ctime_ns,
        facts.versions.tags,
        facts.versions.identity,
        facts.sheets,
        facts.part.start_s if facts.part is not None else None,
        facts.part.end_s if facts.part is not None else None,
        *(column.to_sql(getattr(tags, name)) for name, column in TAG_COLUMNS.items()),
    )


def read_tracks(rows: Iterable[tuple[Any, ...]]) -> list[Track]:
    """Return the tracks of rows made of `TRACK_COLUMNS`.

    Lists and folders repeat, so each is parsed once.
    """
    lists = Lists()
    folders = _Folders()
    read: dict[str, Callable[[Any], Any]] = {"list": lists.__getitem__, "flag": bool}
    # Most values are in SQLite what they are in Python; only the others are looked at.
    converted = [
        (place, read[column.name])
        for place, column in enumerate(TAG_COLUMNS.values())
        if column.name in read
    ]
    tracks = []
    for track_id, audio_id, path, root_id, available, added_at_s, start_s, end_s, *tags in rows:
        for place, convert in converted:
            tags[place] = convert(tags[place])
        where = _path(path, folders)
        is_there = available == 1
        tracks.append(
            Track(
                *(track_id, audio_id, where, root_id, Tags(*tags), is_there, added_at_s),
                start_s,
                end_s,
            )
        )
    return tracks


def _path(known_as: bytes, folders: "_Folders") -> Path:
    folder, _, name = os.fsdecode(known_as).rpartition("/")
    return folders[folder] / name


class _Folders(dict[str, Path]):
    """The path of each folder seen so far; joining a name to it is quicker than parsing all."""

    def __missing__(self, text: str) -> Path:
        value = self[text] = Path(text or "/")
        return value


class Lists(dict[str, tuple[str, ...]]):
    """The parsed form of each list seen so far."""

    def __missing__(self, text: str) -> tuple[str, ...]:
        value = self[text] = tuple(json.loads(text))
        return value
