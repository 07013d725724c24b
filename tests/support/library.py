"""Rows for the tests of the store and of what stands on it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.library.catalog import Catalog

_SYLLABLES = ("an", "ba", "co", "du", "el", "fi", "go", "hu", "il", "ja", "ko", "lu", "né", "ur")


def facts(
    path: str, root_id: RootId, audio: str = "", tags: Tags | None = None, size_bytes: int = 1
) -> FileFacts:
    """What a scan would say of a file; the audio is another for every path."""
    return FileFacts(
        Path(path),
        root_id,
        FileStamp(size_bytes, 1),
        AudioId(audio or f"audio of {path}"),
        tags or Tags(Path(path).stem),
    )


def many_facts(count: int, root_id: RootId, seed: int = 0) -> list[FileFacts]:
    """A library as libraries are: ten songs an album, some names shared, some not ASCII."""
    rng = np.random.default_rng(seed)
    artists = [_name(rng, 2) for _ in range(max(count // 25, 1))]
    genres = [_name(rng, 1) for _ in range(40)]
    made = []
    for number in range(count):
        if number % 10 == 0:
            artist, album = artists[rng.integers(len(artists))], _name(rng, 2)
            year, genre = int(rng.integers(1960, 2025)), genres[rng.integers(len(genres))]
        title = _name(rng, int(rng.integers(1, 4))) + (f" {number}" if number % 7 == 0 else "")
        tags = Tags(
            title,
            (artist,),
            album,
            artist if number % 20 < 10 else "",
            track_number=number % 10 + 1,
            disc_number=1,
            year=year,
            genres=(genre,),
            duration_s=float(rng.uniform(60, 400)),
        )
        path = f"/music/{artist}/{album}/{number % 10 + 1:02} {title}.flac"
        made.append(facts(path, root_id, f"{number:032x}", tags))
    return made


def _name(rng: np.random.Generator, words: int) -> str:
    picked = rng.integers(len(_SYLLABLES), size=3 * words).tolist()
    lengths = rng.integers(1, 4, size=words).tolist()
    return " ".join(
        "".join(_SYLLABLES[syllable] for syllable in picked[3 * word : 3 * word + length]).title()
        for word, length in enumerate(lengths)
    )


def catalog_of(tags_by_path: Mapping[str, Tags]) -> Catalog:
    """A catalog of tracks with the ids 1, 2, … in this order, below ``/music``."""
    return Catalog(
        [
            Track(
                TrackId(number),
                AudioId(f"audio {number}"),
                Path("/music") / path,
                RootId(1),
                tags,
                available=True,
                added_at_s=float(number),
            )
            for number, (path, tags) in enumerate(tags_by_path.items(), start=1)
        ]
    )
