"""A miniature music set with its spectra, and a recipe small enough for tests."""

from pathlib import Path

import pytest

from tests.trainer.music import make_manifest_set
from trainer.data.cache import AudioCache
from trainer.recipes.bundled.music import Music, open_music
from trainer.recipes.bundled.recipe import Recipe, changed

SMALL = {
    "training": {
        "steps": 60,
        "network": {
            "spectral": {"channels": [8, 8, 8, 8], "statistics_width": 16, "mixed": 16},
        },
        "batch": {"clips": 16, "without_genre": 4, "frames": 40},
        "standard_batches": 2,
    },
    "folds": {"count": 2, "divisions": [0]},
    "baseline": {
        "folds": 1,
        "epochs": 1,
        "triplets": 20,
        "batch_triplets": 10,
        "clip_s": 1.0,
        "validation_share": 0.3,
    },
}


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    return changed(Recipe(), SMALL)


@pytest.fixture(scope="session")
def small_music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four genres, each by six artists with two clips; a fifth of the clips lose their genre."""
    folder = make_manifest_set(tmp_path_factory.mktemp("set"), artists=6, each=2, seconds=3.0)
    manifest = folder / "manifest.csv"
    lines = [
        line.replace(",Hiss,", ",,") if "Hiss artist 5" in line else line
        for line in manifest.read_text("utf-8").splitlines()
    ]
    manifest.write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="session")
def bundle_music(
    small_music: Path, cache: AudioCache, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> Music:
    library = tmp_path_factory.mktemp("bundle") / "mels"
    return open_music(small_music, recipe, cache, library, lambda done, total: None)
