"""Every format: what odd programs write, and what this one writes and reads back."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mecomp_desktop.errors import UserError
from mecomp_desktop.playlists.files.content import FileEntry
from mecomp_desktop.playlists.files.location import paths_of
from mecomp_desktop.playlists.files.playlist_file import (
    MAX_BYTES,
    SUFFIXES,
    is_playlist,
    read_playlist,
    write_playlist,
)

ENTRIES = (
    FileEntry("/music/Björk/Homogenic/01 Hunter.flac", "Hunter", "Björk", "Homogenic", 255.0),
    FileEntry("/music/lists/below.mp3", "A - B", "", "", 3.0),
    FileEntry("/music/lists/#1 hit.mp3", "C", "A - B", "D", 3.0),
    FileEntry("/music/lists/with\nbreak.mp3", "Break", "X"),
    FileEntry("/music/lists/caf\udce9.mp3", "Old name", "X"),
    FileEntry("/music/lists/100%25.mp3", "Percent", "X"),
    FileEntry("/music/lists/ends with space ", "Space", "X"),
    FileEntry("/music/lists/a:b.mp3", "Colon", "X"),
    FileEntry("D:\\Music\\gone.mp3", "Gone", "Y", "", 10.0),
    FileEntry("http://radio.example/stream", "Radio"),
)


def _read(folder: Path, name: str, content: str | bytes) -> tuple[FileEntry, ...]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_playlist(path).entries


def _locations(entries: Sequence[FileEntry], folder: Path) -> list[str]:
    return [paths_of(entry.location, folder)[0] for entry in entries]


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("relative", [True, False])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str, relative: bool) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    moved = [
        FileEntry(
            entry.location.replace("/music/lists", str(folder)),
            entry.title,
            entry.artist,
            entry.album,
            entry.duration_s,
        )
        for entry in ENTRIES
    ]
    path = folder / f"list{suffix}"
    write_playlist(path, "Evening – 1", moved, relative=relative)
    content = read_playlist(path)
    assert content.name == ("" if suffix == ".pls" else "Evening – 1")
    for written, read in zip(moved, content.entries, strict=True):
        # One of the likeliest: "100%25" may have been meant as a URI by another program.
        likeliest = [path.replace("\\", "/") for path in paths_of(read.location, folder)[:2]]
        assert written.location.replace("\\", "/") in likeliest, read
        assert read.duration_s == pytest.approx(written.duration_s, abs=0.5)
        assert written.title in f"{read.artist} - {read.title}"
        if suffix != ".pls":
            assert (read.title, read.artist) == (written.title, written.artist)
            assert read.album == written.album


def test_paths_below_the_folder_are_relative_when_asked(tmp_path: Path) -> None:
    below = FileEntry(str(tmp_path / "a" / "b.mp3"), "B")
    for name in ("x.m3u8", "x.xspf", "x.pls"):
        write_playlist(tmp_path / name, "", [below])
        assert str(tmp_path) not in (tmp_path / name).read_text(encoding="utf-8")
        write_playlist(tmp_path / name, "", [below], relative=False)
        assert str(tmp_path) in (tmp_path / name).read_text(encoding="utf-8")


_NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12
).filter(lambda name: name not in (".", ".."))


@settings(deadline=None, max_examples=300)
@given(_NAMES, st.sampled_from(sorted(SUFFIXES)), st.booleans())
def test_any_name_of_a_file_comes_back(name: str, suffix: str, relative: bool) -> None:
    with TemporaryDirectory() as made:
        folder = Path(made)
        song = f"{folder}/{name}"
        write_playlist(folder / f"x{suffix}", "x", [FileEntry(song)], relative=relative)
        content = read_playlist(folder / f"x{suffix}")
        (entry,) = content.entries
        assert song in paths_of(entry.location, folder, content.encoding)


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("#EXTM3U\r\n#EXTINF:12,Björk - Jóga\r\njoga.mp3\r\n".encode(), "Jóga"),
        ("\ufeff#EXTM3U\n#EXTINF:12,Björk - Jóga\njoga.mp3".encode(), "Jóga"),
        ("\ufeff#EXTM3U\n#EXTINF:12,Björk - Jóga\njoga.mp3".encode("utf-16-le"), "Jóga"),
        ("\ufeff#EXTM3U\n#EXTINF:12,Björk - Jóga\njoga.mp3".encode("utf-16-be"), "Jóga"),
        ("#EXTM3U\n#EXTINF:12,Bjork - Joga\njoga.mp3".encode("utf-16-le"), "Joga"),
        ("#EXTM3U\n#EXTINF:12,Bjork - Joga\njoga.mp3".encode("utf-16-be"), "Joga"),
        ("#EXTM3U\n#EXTINF:12,Björk - Jóga\njoga.mp3".encode("cp1252"), "Jóga"),
        (
            "#EXTM3U\n#EXTINF:12,Аквариум - Полковнику никто\njoga.mp3".encode("cp1251"),
            "Полковнику никто",
        ),
        ("#EXTM3U\n#EXTENC:cp437\n#EXTINF:12,Björk - Jóga\njoga.mp3".encode("cp437"), "Jóga"),
        ("#EXTM3U\n#EXTENC:nonsense\n#EXTINF:12,A - Jóga\njoga.mp3".encode(), "Jóga"),
        (b"#EXTM3U\r#EXTINF:12,Bjork - Joga\rjoga.mp3\r", "Joga"),
    ],
)
def test_encodings_and_line_ends(tmp_path: Path, raw: bytes, title: str) -> None:
    (entry,) = _read(tmp_path, "x.m3u", raw)
    assert (entry.location, entry.title, entry.duration_s) == ("joga.mp3", title, 12.0)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("#EXTINF:-1,Only a title", ("", "Only a title", 0.0)),
        ("#EXTINF:61.5,A - B - C", ("A", "B - C", 61.5)),
        ('#EXTINF:-1 tvg-id="x, y" group=z,A - B', ("A", "B", 0.0)),
        ("#EXTINF:no length", ("", "no length", 0.0)),
        ("#extinf:7,a - b", ("a", "b", 7.0)),
        ("#EXTINF:", ("", "", 0.0)),
        ("#EXTINF:nan,x", ("", "nan,x", 0.0)),
        ("# a comment", ("", "", 0.0)),
    ],
)
def test_extinf_in_its_many_forms(
    tmp_path: Path, line: str, wanted: tuple[str, str, float]
) -> None:
    (entry,) = _read(tmp_path, "x.m3u", f"{line}\nsong.mp3\n")
    assert (entry.artist, entry.title, entry.duration_s) == wanted


def test_pls_in_any_order_with_gaps(tmp_path: Path) -> None:
    entries = _read(
        tmp_path,
        "x.pls",
        "[Playlist]\nfile10=ten.mp3\nFile2=two.mp3\nTitle2=A - Two\nLength2=-1\n"
        "Title7=nothing\nnumberofentries=99\nfile99999999999=odd.mp3\n",
    )
    assert [entry.location for entry in entries] == ["two.mp3", "ten.mp3"]
    assert (entries[0].artist, entries[0].title) == ("A", "Two")


def test_xspf_of_other_programs(tmp_path: Path) -> None:
    entries = _read(
        tmp_path,
        "x.xspf",
        '<?xml version="1.0"?><playlist version="1"><trackList>'
        "<track><location>file:///music/caf%C3%A9%20%26.mp3</location><duration>4000</duration>"
        "</track><track><location>../a b.mp3</location><creator>X</creator></track>"
        "<track><location>file:///C:/Music/x.mp3</location></track>"
        "<track><title>No place</title></track></trackList></playlist>",
    )
    assert _locations(entries[:3], Path("/lists")) == [
        "/music/café &.mp3",
        "/a b.mp3",
        "C:/Music/x.mp3",
    ]
    assert (entries[0].duration_s, entries[1].artist, entries[3].title) == (4.0, "X", "No place")


_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    "<playlist><title>&b;</title></playlist>"
)
_FILE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<playlist><title>&a;</title></playlist>"
)


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("x.xspf", _BOMB.encode(), "XML entities"),
        ("x.xspf", _FILE.encode(), "XML entities"),
        ("x.xspf", b"<playlist", "no valid XML"),
        ("x.xspf", b'<?xml version="1.0" encoding="nonsense"?><playlist/>', "no valid XML"),
        ("x.xspf", b"<html/>", "no XSPF playlist"),
        ("x.pls", b"File1=x.mp3", "[playlist]"),
        ("x.m3u", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no playlist"),
        ("x.m3u8", b"", "the file is empty"),
        ("x.txt", b"song.mp3", "no playlist file"),
        ("x.m3u", b"a\n" * 100_001, "more than 100,000 songs"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_the_name(
    tmp_path: Path, name: str, raw: bytes, words: str
) -> None:
    with pytest.raises(UserError) as caught:
        _read(tmp_path, name, raw)
    sentence = str(caught.value)
    assert str(tmp_path / name) in sentence
    assert words in sentence
    assert "\n" not in sentence


def test_missing_large_and_odd_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no longer there"):
        read_playlist(tmp_path / "none.m3u")
    (tmp_path / "folder.m3u").mkdir()
    with pytest.raises(UserError, match="is no file"):
        read_playlist(tmp_path / "folder.m3u")
    large = tmp_path / "large.m3u"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UserError, match="larger than"):
        read_playlist(large)


def test_what_cannot_be_written_is_told_and_leaves_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"end its name with \.m3u, \.m3u8, \.pls or \.xspf"):
        write_playlist(tmp_path / "x.doc", "x", [])
    (tmp_path / "x.m3u8").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        write_playlist(tmp_path / "x.m3u8", "x", [FileEntry("/a.mp3")])
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("location", "wanted"),
    [
        ("a.mp3", "/lists/a.mp3"),
        ("../x/a.mp3", "/x/a.mp3"),
        ("/abs/a.mp3", "/abs/a.mp3"),
        ("..\\x\\a.mp3", "/x/a.mp3"),
        ("a%20b.mp3", "/lists/a b.mp3"),
        ("C:\\x\\a.mp3", "C:\\x\\a.mp3"),
        ("\\\\nas\\music\\a.mp3", "\\\\nas\\music\\a.mp3"),
        ("file:///x/a%20b.mp3", "/x/a b.mp3"),
        ("file://localhost/x/a.mp3", "/x/a.mp3"),
        ("file:///C:/x/a.mp3", "C:/x/a.mp3"),
        ("file://nas/music/a.mp3", "//nas/music/a.mp3"),
        ("https://x.example/a.mp3", "https://x.example/a.mp3"),
        ("x%00y.mp3", "/lists/x%00y.mp3"),
    ],
)
def test_locations_of_all_systems(location: str, wanted: str) -> None:
    assert wanted in paths_of(location, Path("/lists"))


def test_a_name_in_the_bytes_of_an_old_system_is_tried_as_well() -> None:
    assert "/lists/caf\udce9.mp3" in paths_of("café.mp3", Path("/lists"), "cp1252")


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("a.m3u", True),
        ("A.M3U8", True),
        ("x.xspf", True),
        ("x.pls", True),
        ("a.mp3", False),
        ("._a.m3u", False),
        ("m3u", False),
    ],
)
def test_playlists_are_told_by_their_names(name: str, is_one: bool) -> None:
    assert is_playlist(name) is is_one
