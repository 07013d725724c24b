"""A folder with a ``manifest.csv``: one row a track, and perhaps ratings by listeners."""

from pathlib import Path

import pandas as pd

from trainer.data.clip import Clip, MusicSet
from trainer.data.tables import read_table

MANIFEST = "manifest.csv"
RATINGS = "mood_ratings.csv"
EMOTIONS = (
    "amazement",
    "solemnity",
    "tenderness",
    "nostalgia",
    "calmness",
    "power",
    "joyful_activation",
    "tension",
    "sadness",
)


def read_manifest(folder: Path) -> MusicSet:
    """Reads ``manifest.csv`` (file, artist, album, title, genre) and ``mood_ratings.csv``.

    Raises:
        DataError: A table lacks a column.
    """
    table = read_table(folder / MANIFEST, ("file", "artist", "album", "title", "genre"))
    clips, skipped = [], {}
    for row in table.to_dict("records"):
        clip = _clip(folder, {str(name): str(value) for name, value in row.items()})
        if clip.path.is_file():
            clips.append(clip)
        else:
            skipped[str(row["file"])] = "named in the manifest, but not there"
    return MusicSet(folder.name, tuple(clips), _emotions(folder), skipped, _origin(table))


def _clip(folder: Path, row: dict[str, str]) -> Clip:
    return Clip(
        # Ratings name clips by this id; clips without ratings have none.
        key=row.get("rating_id") or row["file"],
        path=folder / row["file"],
        artist=row["artist"],
        album=row["album"],
        title=row["title"],
        genre=row["genre"],
    )


def _emotions(folder: Path) -> dict[str, tuple[float, ...]]:
    path = folder / RATINGS
    if not path.is_file():
        return {}
    table = read_table(path, ("rating_id", *EMOTIONS))
    felt = table[list(EMOTIONS)].astype(float).groupby(table["rating_id"]).mean()
    rows = felt.itertuples(name=None)
    return {str(key): tuple(float(share) for share in shares) for key, *shares in rows}


def _origin(table: pd.DataFrame) -> dict[str, str]:
    if not {"source", "licence"} <= set(table.columns):
        return {}
    licences = table.groupby("source")["licence"].unique()
    return {str(source): "; ".join(sorted(set(stated))) for source, stated in licences.items()}
