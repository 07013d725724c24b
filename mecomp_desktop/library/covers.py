"""The cover of a track: in the file, or beside it."""

import base64
import binascii
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen
import mutagen.apev2
import mutagen.asf
import mutagen.flac
import mutagen.id3
import mutagen.mp4

from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.files import opened

_NAMES = ("cover", "folder", "front", "albumart", "album")
_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")
_FRONT = 3
_MAX_BYTES = 32 * 1024 * 1024
# Type and sizes that stand before the picture in a WM/Picture value, then two UTF-16 texts.
_ASF_PREFIX_BYTES = 5

Pictures = list[tuple[int, bytes]]


def find_cover(path: Path) -> bytes | None:
    """Return the picture that goes with a music file, as it is stored (JPEG, PNG …).

    A front cover inside the file comes first, then any picture inside it, then ``cover``,
    ``folder`` or ``front`` beside it. Blocks; meant for a worker thread. Never raises for a
    file that is missing or damaged: it has no cover then.
    """
    return _embedded(path) or _beside(path)


def _embedded(path: Path) -> bytes | None:
    # A damaged file makes mutagen raise nearly anything; a cover is not worth a message.
    with contextlib.suppress(UnreadableFile, Exception), opened(path) as file:
        parsed = mutagen.File(file)
        pictures = [] if parsed is None else _pictures(parsed)
        pictures = [(kind, data) for kind, data in pictures if 0 < len(data) <= _MAX_BYTES]
        fronts = [data for kind, data in pictures if kind == _FRONT]
        return next(iter(fronts), None) or next((data for _, data in pictures), None)
    return None


def _pictures(file: mutagen.FileType) -> Pictures:
    """Return the pictures in a file with the number of their kind, 3 for a front cover."""
    if isinstance(file, mutagen.flac.FLAC):
        return [(picture.type, picture.data) for picture in file.pictures]
    if not file.tags:
        return []
    for kind, pictures in _BY_TAGS:
        if isinstance(file.tags, kind):
            return pictures(file.tags)
    return _vorbis_pictures(file.tags)


def _ape_pictures(tags: Any) -> Pictures:  # noqa: ANN401 (mutagen has no types)
    return [
        (_FRONT if "front" in key.lower() else 0, bytes(value.value).partition(b"\0")[2])
        for key, value in tags.items()
        if key.lower().startswith("cover art")
    ]


def _vorbis_pictures(tags: Any) -> Pictures:  # noqa: ANN401 (mutagen has no types)
    pictures: Pictures = []
    # As any: mutagen's reader of pictures has no types.
    read: Any = mutagen.flac.Picture
    for text in tags.get("metadata_block_picture", ()):
        with contextlib.suppress(binascii.Error, mutagen.MutagenError):
            picture = read(base64.b64decode(text))
            pictures.append((picture.type, picture.data))
    for text in tags.get("coverart", ()):
        with contextlib.suppress(binascii.Error):
            pictures.append((_FRONT, base64.b64decode(text)))
    return pictures


def _asf_picture(value: bytes) -> tuple[int, bytes]:
    at = _ASF_PREFIX_BYTES
    for _text in ("MIME type", "description"):
        while value[at : at + 2] not in (b"\0\0", b""):
            at += 2
        at += 2
    return value[0], value[at:]


def _beside(path: Path) -> bytes | None:
    try:
        with os.scandir(path.parent) as entries:
            names = {entry.name.lower(): entry.path for entry in entries}
    except OSError:
        return None
    for name in (f"{stem}{suffix}" for stem in _NAMES for suffix in _SUFFIXES):
        if name in names:
            with contextlib.suppress(OSError):
                picture = Path(names[name])
                if 0 < picture.stat().st_size <= _MAX_BYTES:
                    return picture.read_bytes()
    return None


_BY_TAGS: tuple[tuple[type, Callable[[Any], Pictures]], ...] = (
    (
        mutagen.id3.ID3,
        lambda tags: [(frame.type, frame.data) for frame in tags.getall("APIC")],
    ),
    (mutagen.mp4.MP4Tags, lambda tags: [(_FRONT, bytes(one)) for one in tags.get("covr", ())]),
    (
        mutagen.asf.ASFTags,
        lambda tags: [_asf_picture(bytes(one.value)) for one in tags.get("WM/Picture", ())],
    ),
    (mutagen.apev2.APEv2, _ape_pictures),
)
