"""Rows for the tests of the store and of what stands on it."""

from pathlib import Path

import numpy as np

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId, RootId
from mecomp_desktop.domain.track import Tags

_SYLLABLES = [
    "an",
    "ba",
    "co",
    "du",
    "el",
    "fi",
    "go",
    "hu",
    "il",
    "ja",
    "ko",
    "lu",
    "ma",
    "né",
    "ur",
]


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
    return " ".join(
        "".join(rng.choice(_SYLLABLES, int(rng.integers(1, 4)))).title() for _ in range(words)
    )
