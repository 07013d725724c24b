from pathlib import Path

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.playlist import Playlists, in_order
from mecomp_desktop.imports.found import FoundSong
from mecomp_desktop.imports.playlists import Members, with_playlists

ONE: Members = [(FoundSong(Path("/1.flac"), "One"), AudioId("a1"))]
TWO: Members = [(FoundSong(Path("/2.flac"), "Two"), None), *ONE]


def names(playlists: Playlists) -> list[str]:
    return [playlist.name for playlist in in_order(playlists)]


def test_they_come_once_in_their_order() -> None:
    first = with_playlists({}, [("B", ONE), ("A", TWO), ("Empty", [])])
    assert names(first) == ["B", "A"]
    assert with_playlists(first, [("A", TWO), ("B", ONE)]) == first


def test_another_playlist_of_the_same_name_gets_a_name_of_its_own() -> None:
    first = with_playlists({}, [("Mine", ONE)])
    assert names(with_playlists(first, [("Mine", TWO)])) == ["Mine", "Mine 2"]
