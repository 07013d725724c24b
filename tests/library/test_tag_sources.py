import struct
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.id3
import pytest

from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.library.identity import audio_id
from mecomp_desktop.library.tags import read_tags
from tests.support.audio_files import make_audio

_LONG = "A title that is longer than thirty characters"


def _bare_mp3(path: Path) -> bytes:
    make_audio(path, 1.0)
    mutagen.id3.delete(path)
    return path.read_bytes()


def _ape(path: Path, **tags: str | list[str]) -> None:
    ape = mutagen.apev2.APEv2()
    for name, value in tags.items():
        ape[name] = value
    ape.save(path)


def _id3v1(title: str, artist: str, encoding: str = "latin-1") -> bytes:
    texts = [text.encode(encoding)[:30].ljust(30, b"\0") for text in (title, artist, "")]
    return b"TAG" + b"".join(texts) + b"1990" + bytes(30) + b"\x11"


def _id3(footer: bool = False, **texts: str) -> bytes:
    frames = b""
    for name, text in texts.items():
        content = b"\x03" + text.encode()
        frames += name.encode() + struct.pack(">I", len(content)) + b"\0\0" + content
    size = struct.pack(">I", len(frames))
    assert len(frames) < 128
    head = b"\x04\0" + (b"\x10" if footer else b"\0") + size
    return b"ID3" + head + frames + (b"3DI" + head if footer else b"")


def test_ape_tags_of_an_mp3(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    _bare_mp3(path)
    _ape(path, Title="T", Artist=["A", "B"], Album="Al", Track="4/9", Year="2003")
    tags = read_tags(path)
    assert (tags.title, tags.artists, tags.album) == ("T", ("A", "B"), "Al")
    assert (tags.track_number, tags.year) == (4, 2003)


def test_the_better_source_wins_field_by_field(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    _bare_mp3(path)
    _ape(path, Title=_LONG, Album=" ")
    path.write_bytes(path.read_bytes() + _id3v1(_LONG, "Old artist"))
    tags = read_tags(path)
    assert (tags.title, tags.artists, tags.year) == (_LONG, ("Old artist",), 1990)
    assert tags.album == ""
    path.write_bytes(_id3(TALB="From ID3") + path.read_bytes())
    tags = read_tags(path)
    assert (tags.title, tags.artists, tags.album) == (_LONG, ("Old artist",), "From ID3")


def test_id3_behind_everything(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    audio = _bare_mp3(path)
    path.write_bytes(audio + _id3(footer=True, TIT2="Appended", TPE1="A"))
    assert read_tags(path).title == "Appended"
    path.write_bytes(audio + _id3(footer=True, TIT2="Appended", TPE1="A") + _id3v1("v1", "v1"))
    tags = read_tags(path)
    assert (tags.title, tags.artists, tags.genres) == ("Appended", ("A",), ("Rock",))


def test_id3_behind_junk(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    audio = _bare_mp3(path)
    path.write_bytes(b"\x55" * 700 + _id3(TIT2="After junk") + audio)
    assert read_tags(path).title == "After junk"


def test_id3_around_other_containers(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.flac", tags={"title": "Own"})
    path.write_bytes(_id3(TIT2="Other", TALB="Only here") + path.read_bytes())
    tags = read_tags(path)
    assert (tags.title, tags.album) == ("Own", "Only here")


def test_letters_that_can_be_read_win_over_those_that_cannot(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    _bare_mp3(path)
    id3 = mutagen.id3.ID3()
    id3.add(mutagen.id3.TIT2(encoding=3, text="Caf\ufffd"))
    id3.add(mutagen.id3.TALB(encoding=3, text="B\ufffd"))
    id3.save(path)
    _ape(path, Title="Café")
    tags = read_tags(path)
    assert (tags.title, tags.album) == ("Café", "B\ufffd")


@pytest.mark.parametrize(
    ("artist", "title", "encoding"),
    [
        ("Кино", "Группа крови", "cp1251"),
        ("Björk", "Jóga", "utf-8"),
        ("Die Ärzte", "Süßes Öl", "latin-1"),
        ("Sigur Rós", "Ágætis byrjun", "latin-1"),
    ],
)
def test_bytes_in_latin_1_frames(tmp_path: Path, artist: str, title: str, encoding: str) -> None:
    path = tmp_path / "x.mp3"
    audio = _bare_mp3(path)
    id3 = mutagen.id3.ID3()
    for frame, text in ((mutagen.id3.TPE1, artist), (mutagen.id3.TIT2, title)):
        id3.add(frame(encoding=0, text=text.encode(encoding).decode("latin-1")))
    id3.save(path)
    tags = read_tags(path)
    assert (tags.artists, tags.title) == ((artist,), title)
    path.write_bytes(audio + _id3v1(title, artist, encoding))
    tags = read_tags(path)
    assert (tags.artists, tags.title) == ((artist,), title)


def _wav_with(path: Path, chunk: bytes) -> Path:
    make_audio(path, 1.0)
    whole = path.read_bytes()
    whole = whole[:12] + chunk + whole[12:]
    path.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    return path


def test_a_list_too_short_for_its_kind(tmp_path: Path) -> None:
    chunk = b"LIST" + struct.pack("<I", 2) + b"IN" + b"FO  " + struct.pack("<I", 0)
    tags = read_tags(_wav_with(tmp_path / "Song.wav", chunk))
    assert tags.title == "Song"
    assert tags.duration_s == pytest.approx(1.0, abs=0.1)


def test_an_entry_that_claims_more_than_its_list(tmp_path: Path) -> None:
    entry = b"INAM" + struct.pack("<I", 5000) + b"abcd"
    chunk = b"LIST" + struct.pack("<I", 4 + len(entry)) + b"INFO" + entry
    assert read_tags(_wav_with(tmp_path / "Song.wav", chunk)).title == "abcd"


@pytest.mark.parametrize("head", [b"ID3", b"ID3\4", b"ID3\4\0\0\x7f\x7f\x7f\x7f"])
def test_a_file_that_is_hardly_a_tag_is_unreadable(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "x.mp3").write_bytes(head)
    with pytest.raises(UnreadableFile):
        read_tags(tmp_path / "x.mp3")


def test_blocks_that_claim_too_much_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "Song.mp3"
    audio = _bare_mp3(path)
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, 0x7FFF_FFFF, 9, 0x8000_0000) + bytes(8)
    path.write_bytes(audio + footer)
    assert read_tags(path).title == "Song"
    path.write_bytes(audio + b"3DI\4\0\x10\x7f\x7f\x7f\x7f")
    assert read_tags(path).title == "Song"


@pytest.mark.parametrize("behind", [b"", _id3v1("Short", "Cut")])
def test_an_appended_tag_without_a_footer_is_read_and_is_no_sound(
    tmp_path: Path, behind: bytes
) -> None:
    path = tmp_path / "x.mp3"
    bare = _bare_mp3(path)
    audio = audio_id(path)
    path.write_bytes(bare + _id3(TIT2="Appended", TPE1="Band") + behind)
    tags = read_tags(path)
    assert (tags.title, tags.artists) == ("Appended", ("Band",))
    assert audio_id(path) == audio
    path.write_bytes(bare + _id3(TIT2="Another", TPE1="Band") + behind)
    assert audio_id(path) == audio


def test_a_tag_in_the_middle_of_the_sound_is_no_tag(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.mp3", 8.0)
    mutagen.id3.delete(path)
    bare = path.read_bytes()
    assert len(bare) > 80_000  # a tag behind less is taken for one behind junk
    path.write_bytes(bare + _id3(TIT2="Not at the end") + bare[-2_000:])
    assert read_tags(path).title == "x"
