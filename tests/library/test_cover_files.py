from pathlib import Path

import pytest

from mecomp_desktop.library.covers import find_cover
from mecomp_desktop.library.thumbnails import thumbnail
from tests.support.pictures import make_avif, make_jpeg, make_png

_GOOD, _OTHER = make_jpeg(50), make_png(200)


def shown(picture: bytes) -> bytes | None:
    """What is made of a picture that is found."""
    return thumbnail(picture, 1_000)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("song", "picture"),
    [
        ("Album/a.flac", "Album/cover.jpg"),
        ("Album/a.flac", "Album/Folder.JPG"),
        ("Album/a.flac", "Album/AlbumArt_{0815}_Large.jpg"),
        ("Album/a.flac", "Album/Artwork/front.jpg"),
        ("Album/a.flac", "Album/Scans/Front Cover.jpg"),
        ("Album/a.flac", "Album/whatever.jpg"),
        ("Album/a.flac", "Album/a.jpg"),
        ("Some Album/a.flac", "Some Album/Some Album.jpg"),
        ("Album/CD1/a.flac", "Album/cover.jpg"),
        ("Album/Disc 2/a.flac", "Album/Artwork/front.jpg"),
        ("Album/CD 2 - Live/a.flac", "Album/album.jpg"),
    ],
)
def test_where_a_cover_lies(tmp_path: Path, song: str, picture: str) -> None:
    _put(tmp_path / song, b"no music")
    _put(tmp_path / picture, _GOOD)
    assert find_cover(tmp_path / song) == shown(_GOOD)


@pytest.mark.parametrize("picture", ["cover.jpg", "Album/back.jpg", "Other/front.jpg"])
def test_where_no_cover_lies(tmp_path: Path, picture: str) -> None:
    _put(tmp_path / "Album" / "a.flac", b"no music")
    _put(tmp_path / picture, _GOOD)
    assert find_cover(tmp_path / "Album" / "a.flac") is None


def test_the_name_of_the_album(tmp_path: Path) -> None:
    song = tmp_path / "2003 - flac" / "a.flac"
    _put(song, b"no music")
    _put(song.parent / "Ágætis byrjun.jpg", _GOOD)
    _put(song.parent / "photo.png", _OTHER)
    assert find_cover(song) is None
    assert find_cover(song, "Agaetis Byrjun") == shown(_GOOD)


def test_the_better_name_comes_first(tmp_path: Path) -> None:
    song = tmp_path / "a.flac"
    _put(tmp_path / "AlbumArtSmall.jpg", _OTHER)
    assert find_cover(song) == shown(_OTHER)
    _put(tmp_path / "AlbumArt_Large.jpg", _GOOD)
    assert find_cover(song) == shown(_GOOD)
    _put(tmp_path / "front.png", _OTHER)
    assert find_cover(song) == shown(_OTHER)
    _put(tmp_path / "cover.jpg", _GOOD)
    assert find_cover(song) == shown(_GOOD)


def test_a_broken_picture_gives_way_to_the_next(tmp_path: Path) -> None:
    _put(tmp_path / "cover.jpg", b"garbage")
    _put(tmp_path / "folder.jpg", _GOOD)
    assert find_cover(tmp_path / "a.flac") == shown(_GOOD)


def test_half_a_picture_is_better_than_none(tmp_path: Path) -> None:
    half = _GOOD[:-40]
    _put(tmp_path / "cover.jpg", half)
    assert find_cover(tmp_path / "a.flac") == shown(half)
    _put(tmp_path / "folder.png", _OTHER)
    assert find_cover(tmp_path / "a.flac") == shown(_OTHER)


def test_avif_is_shown_as_png(tmp_path: Path) -> None:
    _put(tmp_path / "cover.avif", make_avif())
    found = find_cover(tmp_path / "a.flac")
    assert found is not None
    assert found.startswith(b"\x89PNG")


def test_folders_named_like_pictures_are_none(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").mkdir()
    assert find_cover(tmp_path / "a.flac") is None
