"""The cover of a track: in the file, or beside it."""

import base64
import contextlib
from collections.abc import Callable, Iterator
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
from mecomp_desktop.library.cover_files import pictures_beside
from mecomp_desktop.library.pictures import MAX_COVER_PX, Condition, condition
from mecomp_desktop.library.tag_sources import parse, tag_objects
from mecomp_desktop.library.thumbnails import thumbnail

_FRONT = 3
# Type and sizes that stand before the picture in a WM/Picture value, then two UTF-16 texts.
_ASF_PREFIX_BYTES = 5

Pictures = list[tuple[int, bytes]]


def find_cover(path: Path, album: str = "", size_px: int = MAX_COVER_PX) -> bytes | None:
    """Return the picture that goes with a music file, as a PNG.

    A front cover inside the file comes first, then any picture inside it, then a picture beside
    it: see `cover_files`. One that is broken, or only a link, is passed over; one that is cut off
    is taken where no whole one is found. Blocks; meant for a worker thread. Never raises for a
    file that is missing or damaged: it has no cover then.

    Args:
        path: The music file.
        album: The title of its album, by which a picture beside it may be named.
        size_px: The picture's shorter side is no longer than this.
    """
    cut_off = None
    for data in _candidates(path, album):
        state = condition(data)
        if state is Condition.BROKEN:
            continue
        picture = thumbnail(data, size_px)
        if picture is not None and state is Condition.WHOLE:
            return picture
        cut_off = cut_off or picture
    return cut_off


def _candidates(path: Path, album: str) -> Iterator[bytes]:
    embedded = _embedded(path)
    yield from (data for kind, data in embedded if kind == _FRONT)
    yield from (data for kind, data in embedded if kind != _FRONT)
    yield from pictures_beside(path, album)


def _embedded(path: Path) -> Pictures:
    """Return the pictures inside a file with the number of their kind, 3 for a front cover."""
    pictures: Pictures = []
    # A damaged file makes mutagen raise nearly anything; a cover is not worth a message.
    with contextlib.suppress(UnreadableFile, Exception), opened(path) as file:
        parsed = parse(file, path.suffix.lower())
        if isinstance(parsed, mutagen.flac.FLAC):
            pictures += [(picture.type, picture.data) for picture in parsed.pictures]
        for tags in tag_objects(file, parsed):
            with contextlib.suppress(Exception):
                pictures += _pictures(tags)
    return pictures


def _pictures(tags: Any) -> Pictures:  # noqa: ANN401 (mutagen has no types)
    for kind, pictures in _BY_TAGS:
        if isinstance(tags, kind):
            return pictures(tags)
    return _vorbis_pictures(tags)


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
        with contextlib.suppress(ValueError, mutagen.MutagenError):
            picture = read(base64.b64decode(text))
            pictures.append((picture.type, picture.data))
    for text in tags.get("coverart", ()):
        with contextlib.suppress(ValueError):
            pictures.append((_FRONT, base64.b64decode(text)))
    return pictures


def _asf_picture(value: bytes) -> tuple[int, bytes]:
    at = _ASF_PREFIX_BYTES
    for _text in ("MIME type", "description"):
        while value[at : at + 2] not in (b"\0\0", b""):
            at += 2
        at += 2
    return value[0], value[at:]


_BY_TAGS: tuple[tuple[type, Callable[[Any], Pictures]], ...] = (
    (
        mutagen.id3.ID3,
        lambda tags: [(frame.type, frame.data) for frame in tags.getall("APIC")],
    ),
    (
        mutagen.mp4.MP4Tags,
        lambda tags: [(_FRONT, bytes(picture)) for picture in tags.get("covr", ())],
    ),
    (
        mutagen.asf.ASFTags,
        lambda tags: [_asf_picture(bytes(picture.value)) for picture in tags.get("WM/Picture", ())],
    ),
    (mutagen.apev2.APEv2, _ape_pictures),
)
