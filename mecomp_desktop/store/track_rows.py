"""How a track becomes a row, and a row a track."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.changes import FileFacts
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.domain.track_table import TAG_FIELDS, TRACK_FIELDS

FACT_COLUMNS = ("audio_id", "root_id", "path", "size_bytes", "mtime_ns", *TAG_FIELDS)
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
        tags.title,
        _list_to_text(tags.artists),
        tags.album,
        tags.album_artist,
        tags.track_number,
        tags.disc_number,
        tags.year,
        _list_to_text(tags.genres),
        tags.title_sort,
        tags.artist_sort,
        tags.album_sort,
        tags.album_artist_sort,
        tags.duration_s,
    )


def read_tracks(rows: Iterable[tuple[Any, ...]]) -> list[Track]:
    """Return the tracks of rows made of `TRACK_COLUMNS`.

    Lists and folders repeat, so each is parsed once.
    """
    lists = Lists()
    folders = _Folders()
    return [
        Track(
            row[0],
            row[1],
            _path(row[2], folders),
            row[3],
            Tags(
                row[6],
                lists[row[7]],
                row[8],
                row[9],
                row[10],
                row[11],
                row[12],
                lists[row[13]],
                *row[14:],
            ),
            row[4] == 1,
            row[5],
        )
        for row in rows
    ]


def _list_to_text(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)


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
