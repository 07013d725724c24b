"""One way into every kind of data folder."""

from pathlib import Path

from trainer.data.clip import MusicSet
from trainer.data.fma import is_fma, read_fma
from trainer.data.manifest import MANIFEST, read_manifest
from trainer.data.tagged import read_tagged
from trainer.errors import DataError


def read_music(folder: Path, subset: str = "") -> MusicSet:
    """Reads the FMA set, a folder with a manifest, or one of tagged music.

    Args:
        folder: Where it is.
        subset: Of the FMA set; the largest one that is there if none is named.

    Raises:
        DataError: There is no such folder or subset, or no music in it.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder")
    if is_fma(folder):
        music = read_fma(folder, subset)
    elif subset:
        raise DataError(f"{folder}: has no subset {subset!r}, since it is not the FMA set")
    elif (folder / MANIFEST).is_file():
        music = read_manifest(folder)
    else:
        music = read_tagged(folder)
    if not music.clips:
        raise DataError(f"{folder}: no music found")
    return music
