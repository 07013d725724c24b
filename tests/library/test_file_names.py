import os
from pathlib import Path

import pytest

from mecomp_desktop.library.file_names import NamedBy, from_path

_ROOT = Path("/music")


@pytest.mark.parametrize(
    ("name", "title", "track", "disc"),
    [
        ("Yesterday", "Yesterday", None, None),
        ("01 Yesterday", "Yesterday", 1, None),
        ("01-Yesterday", "Yesterday", 1, None),
        ("1. Yesterday", "Yesterday", 1, None),
        ("12 - Yesterday", "Yesterday", 12, None),
        ("(04) Yesterday", "Yesterday", 4, None),
        ("2-07 Yesterday", "Yesterday", 7, 2),
        ("03_let_it_be", "let it be", 3, None),
        ("let_it_be", "let it be", None, None),
        ("99 Luftballons", "99 Luftballons", None, None),
        ("7 Seconds", "7 Seconds", None, None),
        ("19-2000", "19-2000", None, None),
        ("1979", "1979", None, None),
        ("01", "01", None, None),
        ("2000 Light Years", "2000 Light Years", None, None),
        ("20-20 Vision", "20-20 Vision", None, None),
        ("07 7 Rings", "7 Rings", 7, None),
    ],
)
def test_number_and_title(name: str, title: str, track: int | None, disc: int | None) -> None:
    assert from_path(_ROOT / f"{name}.mp3") == NamedBy(title, track, disc)


@pytest.mark.parametrize(
    ("folders", "artist", "album", "year"),
    [
        ("Abba/Arrival", "Abba", "Arrival", None),
        ("Abba/1976 - Arrival", "Abba", "Arrival", 1976),
        ("Abba/(1976) Arrival", "Abba", "Arrival", 1976),
        ("Taylor Swift/1989", "Taylor Swift", "1989", None),
        ("Abba - Arrival", "Abba", "Arrival", None),
        ("Abba/Arrival/CD 2", "Abba", "Arrival", None),
        ("Abba", "", "", None),
        ("Music/Downloads", "", "", None),
        ("a/b/c", "", "", None),
        ("", "", "", None),
    ],
)
def test_folders(folders: str, artist: str, album: str, year: int | None) -> None:
    named = from_path(_ROOT / folders / "03 Song.mp3", _ROOT)
    assert (named.artist, named.album, named.year) == (artist, album, year)


def test_folders_are_not_believed_for_files_without_a_number() -> None:
    assert from_path(_ROOT / "Abba/Arrival/Song.mp3", _ROOT).artist == ""


def test_the_disc_folder_gives_the_disc() -> None:
    assert from_path(_ROOT / "Abba/Arrival/CD 2/03 Song.mp3", _ROOT).disc_number == 2


def test_a_name_that_is_not_utf8_can_be_shown_and_stored() -> None:
    title = from_path(Path(os.fsdecode(b"/music/caf\xe9.mp3"))).title
    assert title == "caf\ufffd"
    title.encode()
