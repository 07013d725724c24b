import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from mecomp_desktop.errors import UserError
from mecomp_desktop.imports import players
from mecomp_desktop.imports.found import half_stars_of, path_of_url, time_of
from tests.imports.layouts import (
    ADDED_S,
    PLAYED_S,
    amarok,
    banshee,
    itunes,
    quod_libet,
    rhythmbox,
    strawberry,
)

SONGS = [Path("/music/a b.flac"), Path("/music/50% #1?.flac"), Path("/music/caf\udce9.flac")]
TEXT_SONGS = SONGS[:2]


@pytest.mark.parametrize(
    ("make", "source", "skips"),
    [
        (lambda folder: rhythmbox(folder, SONGS), "Rhythmbox", 0),
        (lambda folder: strawberry(folder / "s.db", SONGS), "Strawberry", 2),
        (lambda folder: strawberry(folder / "c.db", SONGS, clementine=True), "Clementine", 2),
        (lambda folder: banshee(folder / "b.db", SONGS), "Banshee", 2),
        (lambda folder: itunes(folder / "Library.xml", SONGS), "iTunes", 2),
        (lambda folder: amarok(folder / "collection.db", TEXT_SONGS), "Amarok", 0),
        (lambda folder: quod_libet(folder / "songs", SONGS), "Quod Libet", 2),
    ],
)
def test_every_player_says_the_same(
    tmp_path: Path, make: Callable[[Path], Path], source: str, skips: int
) -> None:
    found = players.read(make(tmp_path))
    assert found.source == source
    assert [song.path for song in found.songs] == SONGS[: len(found.songs)]
    assert len(found.songs) >= 2
    first, second = found.songs[:2]
    assert (first.title, first.artist, first.album) == ("Song 1", "Artist 1", "Album")
    assert (first.plays, first.skips, first.half_stars) == (7, skips, 8)
    assert first.last_played_at_s == PLAYED_S
    assert first.duration_s == 2.0
    assert (second.plays, second.last_played_at_s, second.half_stars) == (0, None, None)
    assert {song.added_at_s for song in found.songs} == {ADDED_S}
    if source not in ("Amarok", "Quod Libet"):
        [(name, songs)] = found.playlists
        assert name == "Mine"
        assert [song.path for song in songs] == SONGS[::-1]
        assert songs[-1] == first


@pytest.mark.parametrize(
    "content",
    [b"", b"nothing", b"SQLite format 3\0", b"SQLite format 3\0" + 4000 * b"x"],
)
def test_what_is_no_library_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(UserError, match="file"):
        players.read(file)
    with pytest.raises(UserError, match="there is no file"):
        players.read(tmp_path)


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: rhythmbox(folder, SONGS),
        lambda folder: itunes(folder / "Library.xml", SONGS),
        lambda folder: strawberry(folder / "s.db", SONGS),
        lambda folder: quod_libet(folder / "songs", SONGS),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_file_that_is_cut_off_is_told(
    tmp_path: Path, make: Callable[[Path], Path], share: float
) -> None:
    file = make(tmp_path)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(UserError, match=file.name):
        players.read(file)


class _Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch quodlibet-was-here",)


def test_a_pickle_that_would_run_something_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "songs"
    file.write_bytes(pickle.dumps([{"quodlibet": _Evil()}], protocol=2))
    with pytest.raises(UserError, match="nothing that a song is made of"):
        players.read(file)
    assert not (tmp_path / "quodlibet-was-here").exists()


def test_an_xml_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rhythmdb.xml"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        '<rhythmdb><entry type="song"><title>&b;</title></entry></rhythmdb>'
    )
    with pytest.raises(UserError, match=r"rhythmdb\.xml"):
        players.read(file)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///a%20b", "/a b"),
        ("file://localhost/a", "/a"),
        ("/a b%20", "/a b%20"),
        ("file:///a?b#c", "/a?b#c"),
        ("file:///caf%E9", "/caf\udce9"),
        ("http://example.org/a", None),
        ("", None),
    ],
)
def test_urls(url: str, path: str | None) -> None:
    assert path_of_url(url) == (None if path is None else Path(path))


def test_ratings_and_times() -> None:
    assert [half_stars_of(share) for share in (-1.0, 0, 0.01, 0.5, 0.84, 1, 2, None)] == [
        None,
        None,
        1,
        5,
        8,
        10,
        None,
        None,
    ]
    assert [time_of(at) for at in (-1, 0, 1.5e9, "x", 1e300)] == [None, None, 1.5e9, None, None]
