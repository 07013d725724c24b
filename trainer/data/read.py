"""One way into every kind of data folder."""

from pathlib import Path

from trainer.data.clip import MusicSet
from trainer.data.manifest import MANIFEST, read_manifest
from trainer.data.tagged import read_tagged
from trainer.errors import DataError


def read_music(folder: Path) -> MusicSet:
    """Reads a folder with a manifest, or of tagged music.

    Raises:
        DataError: There is no such folder, or no music in it.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder")
    music = read_manifest(folder) if (folder / MANIFEST).is_file() else read_tagged(folder)
    if not music.clips:
        raise DataError(f"{folder}: no music found")
    return music
