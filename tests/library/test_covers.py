import base64
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.flac
import mutagen.id3
import pytest

from mecomp_desktop.library.covers import find_cover
from mecomp_desktop.library.thumbnails import thumbnail
from tests.support.audio_files import FORMATS, make_audio, make_bad_files
from tests.support.pictures import make_jpeg, make_png

_JPEG = make_jpeg()
_OTHER = make_png()


def shown(picture: bytes) -> bytes | None:
    """What is made of a picture that is found."""
    return thumbnail(picture, 1_000)


@pytest.mark.parametrize("kind", ["flac", "mp3", "wav", "aiff", "aac", "alac"])
def test_embedded(tmp_path: Path, kind: str) -> None:
    path = make_audio(tmp_path / f"x{FORMATS[kind].suffix}", kind=kind, cover=_JPEG)
    assert find_cover(path) == shown(_JPEG)


@pytest.mark.parametrize("kind", ["vorbis", "opus"])
def test_embedded_in_ogg(tmp_path: Path, kind: str) -> None:
    picture = mutagen.flac.Picture()
    picture.type, picture.mime, picture.data = 3, "image/jpeg", _JPEG
    text = base64.b64encode(picture.write()).decode()
    path = make_audio(
        tmp_path / f"x{FORMATS[kind].suffix}", kind=kind, tags={"metadata_block_picture": text}
    )
    assert find_cover(path) == shown(_JPEG)


def test_embedded_in_wma(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.wma")
    value = b"\x03" + len(_JPEG).to_bytes(4, "little")
    value += "image/jpeg".encode("utf-16-le") + b"\0\0" + "art".encode("utf-16-le") + b"\0\0"
    file = mutagen.File(path)
    assert file is not None
    file["WM/Picture"] = value + _JPEG
    file.save()
    assert find_cover(path) == shown(_JPEG)


def test_embedded_in_wavpack(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.wv", tags={"title": "x"})
    file = mutagen.File(path)
    assert file is not None
    file["Cover Art (Front)"] = mutagen.apev2.APEValue(b"cover.jpg\0" + _JPEG, mutagen.apev2.BINARY)
    file.save()
    assert find_cover(path) == shown(_JPEG)


def test_the_front_comes_before_other_pictures(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.mp3", tags={"title": "x"})
    id3 = mutagen.id3.ID3(path)
    for kind, data in ((4, _OTHER), (3, _JPEG)):
        id3.add(mutagen.id3.APIC(3, "image/png", kind, f"{kind}", data))
    id3.save()
    assert find_cover(path) == shown(_JPEG)
    id3.delall("APIC")
    id3.add(mutagen.id3.APIC(3, "image/png", 4, "", _OTHER))
    id3.save()
    assert find_cover(path) == shown(_OTHER)


def test_beside_the_file(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.flac")
    assert find_cover(path) is None
    (tmp_path / "Front.PNG").write_bytes(_OTHER)
    assert find_cover(path) == shown(_OTHER)
    (tmp_path / "COVER.jpg").write_bytes(_JPEG)
    assert find_cover(path) == shown(_JPEG)


def test_embedded_comes_before_beside(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.flac", cover=_JPEG)
    (tmp_path / "cover.png").write_bytes(_OTHER)
    assert find_cover(path) == shown(_JPEG)


@pytest.mark.parametrize(
    ("mime", "data"),
    [("image/jpeg", b"\xff\xd8\xff\xe0" + bytes(200)), ("-->", b"http://example.org/x.jpg")],
)
def test_a_broken_or_linked_picture_does_not_hide_the_next(
    tmp_path: Path, mime: str, data: bytes
) -> None:
    path = make_audio(tmp_path / "x.mp3", tags={"title": "x"})
    id3 = mutagen.id3.ID3(path)
    id3.add(mutagen.id3.APIC(3, mime, 3, "", data))
    id3.save()
    assert find_cover(path) is None
    (tmp_path / "cover.png").write_bytes(_OTHER)
    assert find_cover(path) == shown(_OTHER)
    id3.add(mutagen.id3.APIC(3, "image/jpeg", 4, "back", _JPEG))
    id3.save()
    assert find_cover(path) == shown(_JPEG)


def test_embedded_in_the_ape_tags_of_an_mp3(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.mp3", tags={"title": "x"})
    ape = mutagen.apev2.APEv2()
    ape["Cover Art (Front)"] = mutagen.apev2.APEValue(b"cover.jpg\0" + _JPEG, mutagen.apev2.BINARY)
    ape.save(path)
    assert find_cover(path) == shown(_JPEG)


def test_an_empty_picture_is_none(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.flac")
    (tmp_path / "cover.jpg").touch()
    assert find_cover(path) is None


def test_bad_files_have_no_cover(tmp_path: Path) -> None:
    assert [find_cover(path) for path in make_bad_files(tmp_path).values()] == [None] * 8
    assert find_cover(tmp_path / "nowhere" / "x.mp3") is None
