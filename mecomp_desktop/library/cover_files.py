"""Pictures beside a music file that may be its cover, the likeliest first."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from mecomp_desktop.library.disc_folders import disc_number
from mecomp_desktop.library.pictures import MAX_PICTURE_BYTES
from mecomp_desktop.text import plain

_NAMES = ("cover", "folder", "front", "albumart", "album")
_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".avif")
_ART_FOLDERS = frozenset(
    {"art", "artwork", "artworks", "cover", "covers", "images", "scan", "scans"}
)
# What a single picture in a folder shows when it is not the front.
_NOT_FRONT = frozenset(
    {"back", "rear", "inlay", "inside", "booklet", "tray", "cd", "disc", "disk", "media", "matrix"}
    | {"label", "spine", "obi", "artist", "band", "logo", "spectrum", "spectrogram"}
)


def pictures_beside(path: Path, album: str = "") -> Iterator[bytes]:
    """Give the pictures that may be the cover, the likeliest first.

    They lie in the file's folder, in a folder of artwork within it ("Artwork", "Scans"), or, for
    a disc's folder ("CD1"), in the folder of the album. They are called cover, folder or front,
    like the album, or like the song; a single picture is taken whatever its name is.
    """
    for folder in _folders(path.parent):
        entries = _entries(folder)
        names = (plain(album), plain(path.parent.name), plain(folder.name), plain(path.stem))
        yield from _read(_likeliest(entries, names))
        for name, entry in sorted(entries.items()):
            if name in _ART_FOLDERS:
                yield from _read(_likeliest(_entries(entry), names))


def _folders(folder: Path) -> tuple[Path, ...]:
    return (folder, folder.parent) if disc_number(folder.name) is not None else (folder,)


def _entries(folder: Path) -> dict[str, Path]:
    """Return what lies in a folder by its name in lower case; nothing where it cannot be read."""
    with contextlib.suppress(OSError), os.scandir(folder) as listing:
        return {entry.name.lower(): Path(entry.path) for entry in listing}
    return {}


def _likeliest(entries: dict[str, Path], names: tuple[str, ...]) -> list[Path]:
    pictures = {
        path: plain(name.rpartition(".")[0])
        for name, path in sorted(entries.items(), key=_by_suffix)
        if name.endswith(_SUFFIXES)
    }
    wanted = [*_NAMES, *filter(None, names)]
    likely = [path for name in wanted for path, stem in pictures.items() if stem == name]
    # "cover large", "front (1)", and what Windows Media Player makes: "AlbumArt_{…}_Large".
    for name in _NAMES[:-1]:
        begun = [path for path, stem in pictures.items() if stem.startswith(name)]
        likely += sorted(begun, key=lambda path: "small" in path.name.lower())
    if len(pictures) == 1:
        likely += [path for path, stem in pictures.items() if not _NOT_FRONT & set(stem.split())]
    return list(dict.fromkeys(likely))


def _by_suffix(entry: tuple[str, Path]) -> tuple[int, str]:
    name = entry[0]
    return next((rank for rank, end in enumerate(_SUFFIXES) if name.endswith(end)), 0), name


def _read(pictures: list[Path]) -> Iterator[bytes]:
    for picture in pictures:
        with contextlib.suppress(OSError):
            if 0 < picture.stat().st_size <= MAX_PICTURE_BYTES and picture.is_file():
                yield picture.read_bytes()
