"""The Free Music Archive set as it is distributed (github.com/mdeff/fma).

``fma_metadata/tracks.csv`` has two header rows, ``genres.csv`` the hierarchy; the audio lies at
``fma_SUBSET/NNN/NNNNNN.mp3``.
"""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from trainer.data.clip import Clip, MusicSet
from trainer.data.tables import read_table
from trainer.errors import DataError

METADATA = "fma_metadata"
SUBSETS = {
    "small": ("small",),
    "medium": ("small", "medium"),
    "large": ("small", "medium", "large"),
}
COLUMNS = (
    ("set", "subset"),
    ("artist", "name"),
    ("album", "title"),
    ("track", "title"),
    ("track", "genre_top"),
    ("track", "genres"),
)
# From the project's wiki: no sound at all, or far less than thirty seconds of it.
BROKEN = frozenset({
    1486, 5574, 65753, 80391, 98558, 98559, 98560, 98565, 98566, 98567, 98568, 98569, 98571,
    99134, 105247, 108924, 108925, 126981, 127336, 133297, 143992,
})  # fmt: skip


def is_fma(folder: Path) -> bool:
    """Whether a folder holds the set's metadata."""
    return (folder / METADATA / "tracks.csv").is_file()


def read_fma(folder: Path, subset: str = "") -> MusicSet:
    """Reads a subset; the largest one whose audio folder is there if none is named.

    Raises:
        DataError: No audio folder, or a table that lacks a column.
    """
    subset = subset or _largest(folder)
    audio = folder / f"fma_{subset}"
    if subset not in SUBSETS or not audio.is_dir():
        raise DataError(f"{folder}: no audio of the subset {subset!r} (expected {audio.name})")
    table = _read_tracks(folder / METADATA / "tracks.csv")
    table = table[table[("set", "subset")].isin(SUBSETS[subset])]
    genres = read_table(folder / METADATA / "genres.csv", ("genre_id", "parent", "title"))
    parents = dict(zip(genres["genre_id"], genres["parent"], strict=True))
    names = dict(zip(genres["genre_id"], genres["title"], strict=True))
    clips, skipped = [], {}
    for row in table.itertuples(name=None):
        clip = _clip(audio, row, parents, names)
        if trouble := _trouble(clip):
            skipped[clip.key] = trouble
        else:
            clips.append(clip)
    origin = {"mdeff/fma": "the licence each artist chose (Creative Commons)"}
    return MusicSet(f"fma_{subset}", tuple(clips), skipped=skipped, origin=origin)


def _trouble(clip: Clip) -> str:
    if int(clip.key) in BROKEN:
        return "known to be broken"
    return "" if clip.path.is_file() else "named in tracks.csv, but not there"


def _largest(folder: Path) -> str:
    there = [name for name in SUBSETS if (folder / f"fma_{name}").is_dir()]
    return there[-1] if there else "small"


def _read_tracks(path: Path) -> pd.DataFrame:
    """Reads the columns of interest alone: the whole table is a quarter of a gigabyte."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        header = list(zip(next(rows, []), next(rows, []), strict=False))
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise DataError(f"{path}: lacks the column {'/'.join(missing[0])} in its two header rows")
    places = [header.index(column) for column in COLUMNS]
    order = sorted(range(len(COLUMNS)), key=lambda index: places[index])
    table = pd.read_csv(
        path, skiprows=3, header=None, usecols=[0, *places], dtype=str, keep_default_na=False
    )
    table = table.set_index(0)
    table.columns = pd.MultiIndex.from_tuples([COLUMNS[index] for index in order])
    return table[list(COLUMNS)]


def _clip(
    audio: Path, row: tuple[str, ...], parents: Mapping[str, str], names: Mapping[str, str]
) -> Clip:
    key, _, artist, album, title, genre, genres = row
    number = int(key)
    return Clip(
        key=str(number),
        # Six digits, in folders by the first three: 000/000002.mp3.
        path=audio / f"{number:06d}"[:3] / f"{number:06d}.mp3",
        artist=artist,
        album=album,
        title=title,
        genre=genre,
        lineage=lineage([str(each) for each in json.loads(genres or "[]")], parents, names),
    )


def lineage(
    genres: list[str], parents: Mapping[str, str], names: Mapping[str, str]
) -> frozenset[str]:
    """The names of these genres and of all their ancestors."""
    found: set[str] = set()
    for genre in genres:
        while genre in names and names[genre] not in found:
            found.add(names[genre])
            genre = parents.get(genre, "0")
    return frozenset(found)
