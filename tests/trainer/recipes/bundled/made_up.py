"""Labels without music."""

from collections.abc import Sequence
from pathlib import Path

from trainer.data.clip import Clip
from trainer.recipes.bundled.labels import Labels, make_labels

PATH = Path("nowhere.wav")


def clips_of(pairs: Sequence[tuple[str, str]]) -> list[Clip]:
    """A clip for each pair of artist and genre; its key is its row."""
    return [
        Clip(str(row), PATH, artist=artist, genre=genre)
        for row, (artist, genre) in enumerate(pairs)
    ]


def labels_of(
    pairs: Sequence[tuple[str, str]], emotions: dict[str, tuple[float, ...]] | None = None
) -> Labels:
    """Labels of such clips."""
    return make_labels(clips_of(pairs), emotions or {})
