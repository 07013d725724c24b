"""The nouns of a data set: a clip with its labels, and a set of clips."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording and what is known about it.

    Attributes:
        key: Its name in triplet files: an FMA track id, a rating id, or the path below the folder.
        path: The audio file.
        artist: ``""`` when unknown.
        album: ``""`` when unknown.
        genre: The top-level genre; ``""`` when unknown.
        lineage: Every genre it belongs to, ancestors included; empty without a hierarchy.
    """

    key: str
    path: Path
    artist: str = ""
    album: str = ""
    title: str = ""
    genre: str = ""
    lineage: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MusicSet:
    """Clips from one place, and what was left out of it and why.

    Attributes:
        emotions: By clip key, the share of listeners who felt each emotion; empty without ratings.
        skipped: By file or key, why it is not among the clips.
        origin: By source, the licence it states; for the model card.
    """

    name: str
    clips: tuple[Clip, ...]
    emotions: dict[str, tuple[float, ...]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)
