import os
import struct
from pathlib import Path

import av
import mutagen
import mutagen.flac
import mutagen.id3
import mutagen.mp4
import numpy as np
import pytest

from mecomp_desktop.audio.decode import probe
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.library.identity import audio_id
from mecomp_desktop.library.tags import read_tags
from tests.support.audio_files import FORMATS, make_audio, make_bad_files
from tests.support.permissions import ordinary_permissions

_TAGS = {
    "title": "Tïtle",
    "artist": ["First", "Second"],
    "album": "Álbum",
    "albumartist": "Both",
    "tracknumber": "3/12",
    "discnumber": "1/2",
    "date": "1999-05-31",
    "genre": ["Rock", "Jazz"],
    "titlesort": "ts",
    "artistsort": "as",
    "albumsort": "als",
    "albumartistsort": "aas",
    "compilation": "1",
    "composer": "Cömposer",
    "comment": "Not so loud",
}
_CALLED = {"vorbis": "ogg", "webm": "webm"}


@pytest.mark.parametrize("kind", sorted(set(FORMATS) - {"webm"}))
def test_every_tag_in_every_format(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"x{FORMATS[kind].suffix}"
    tags = read_tags(make_audio(path, kind=kind, tags=_TAGS))
    assert tags == Tags(
        "Tïtle",
        ("First", "Second"),
        "Álbum",
        "Both",
        3,
        1,
        1999,
        ("Rock", "Jazz"),
        "ts",
        "as",
        "als",
        "aas",
        tags.duration_s,
        compilation=True,
        composer="Cömposer",
        comment="Not so loud",
        format=_CALLED.get(kind, kind),
        bit_rate_kbps=tags.bit_rate_kbps,
    )
    assert tags.duration_s == pytest.approx(2.0, abs=0.06)


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_without_tags_the_name_and_the_length_remain(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"02 My Song{FORMATS[kind].suffix}"
    tags = read_tags(make_audio(path, kind=kind))
    assert tags == Tags(
        "My Song",
        track_number=2,
        duration_s=tags.duration_s,
        format=_CALLED.get(kind, kind),
        bit_rate_kbps=tags.bit_rate_kbps,
    )
    assert tags.duration_s == pytest.approx(2.0, abs=0.06)


def test_comments_of_itunes_are_no_comments(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.mp3", tags={"title": "T"})
    id3 = mutagen.id3.ID3(path)
    id3.add(mutagen.id3.COMM(encoding=3, lang="eng", desc="iTunNORM", text=" 00000A2B"))
    id3.save()
    assert read_tags(path).comment == ""
    id3.add(mutagen.id3.COMM(encoding=3, lang="eng", desc="", text="Live in Bremen"))
    id3.save()
    assert read_tags(path).comment == "Live in Bremen"


def _webm(path: Path, tags: dict[str, str]) -> Path:
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        stream = container.add_stream("libopus", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 48_000), np.float32), "fltp", "stereo")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_webm_tags(tmp_path: Path) -> None:
    written = {"title": "T", "artist": "A", "album": "B", "date": "2001"}
    tags = read_tags(_webm(tmp_path / "x.webm", written))
    assert (tags.title, tags.artists, tags.album, tags.year) == ("T", ("A",), "B", 2001)


def test_webm_tags_that_are_not_utf8(tmp_path: Path) -> None:
    path = _webm(tmp_path / "x.webm", {"title": "Cafe", "artist": "A"})
    data = path.read_bytes()
    assert data.count(b"Cafe") == 1
    path.write_bytes(data.replace(b"Cafe", b"Caf\xe9"))
    tags = read_tags(path)
    assert (tags.title, tags.artists) == ("Caf\ufffd", ("A",))
    assert audio_id(path)
    assert probe(path).duration_s == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("version", [3, 4])
def test_both_id3_versions(tmp_path: Path, version: int) -> None:
    path = make_audio(tmp_path / "x.mp3", tags=_TAGS)
    id3 = mutagen.id3.ID3(path)
    if version == 3:
        id3.update_to_v23()
    id3.save(path, v2_version=version, v23_sep=";")
    assert mutagen.id3.ID3(path, translate=False).version[1] == version
    tags = read_tags(path)
    assert (tags.title, tags.artists, tags.year) == ("Tïtle", ("First", "Second"), 1999)
    assert tags.genres == ("Rock", "Jazz")


def test_a_numbered_id3_genre_gets_its_name(tmp_path: Path) -> None:
    assert read_tags(make_audio(tmp_path / "x.mp3", tags={"genre": "(17)"})).genres == ("Rock",)


def test_an_artist_list_wins_over_one_line(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.flac", tags={"artist": "A feat. B", "artists": ["A", "B"]})
    assert read_tags(path).artists == ("A", "B")
    path = make_audio(tmp_path / "x.mp3", tags={"artist": "A feat. B"})
    id3 = mutagen.id3.ID3(path)
    id3.add(mutagen.id3.TXXX(encoding=3, desc="ARTISTS", text=["A", "B"]))
    id3.save()
    assert read_tags(path).artists == ("A", "B")
    path = make_audio(tmp_path / "x.m4a", kind="aac", tags={"artist": "A feat. B"})
    mp4 = mutagen.mp4.MP4(path)
    mp4["----:com.apple.iTunes:ARTISTS"] = [b"A", b"B"]
    mp4.save()
    assert read_tags(path).artists == ("A", "B")


@pytest.mark.parametrize(
    ("artist", "artists"),
    [
        ("A; B", ("A", "B")),
        ("AC/DC", ("AC/DC",)),
        ("A & B", ("A & B",)),
        ([" A ", "A", ""], ("A",)),
        (["ave;new", "Sakura; Miyu"], ("ave;new", "Sakura; Miyu")),
        (["A\0B", "C;D"], ("A", "B", "C;D")),
    ],
)
def test_several_artists(tmp_path: Path, artist: str | list[str], artists: tuple[str]) -> None:
    assert read_tags(make_audio(tmp_path / "x.flac", tags={"artist": artist})).artists == artists


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("1999", 1999),
        ("1999-05", 1999),
        ("19990531", 1999),
        ("31.05.1999", 1999),
        ("May 31, 1999", 1999),
        ("1999-05-31T12:00:00Z", 1999),
        ("0000", None),
        ("0000-00-00", None),
        ("unknown", None),
        ("123456789", None),
    ],
)
def test_the_year_of_a_date(tmp_path: Path, date: str, year: int | None) -> None:
    assert read_tags(make_audio(tmp_path / "x.flac", tags={"date": date})).year == year


@pytest.mark.parametrize(
    ("number", "track", "side"),
    [
        ("03", 3, ""),
        ("3/0", 3, ""),
        ("A4", 4, "A"),
        ("b2/B5", 2, "B"),
        ("B", None, "B"),
        ("AA1", 1, "AA"),
        ("0", None, ""),
        ("", None, ""),
        ("x", None, ""),
    ],
)
def test_track_numbers_and_sides(tmp_path: Path, number: str, track: int | None, side: str) -> None:
    path = make_audio(tmp_path / "x.flac", tags={"title": "T", "tracknumber": number})
    tags = read_tags(path)
    assert (tags.track_number, tags.side) == (track, side)


def test_text_comes_in_one_clean_line(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.flac", tags={"title": " a\r\nb\x07\tc ", "album": "x" * 5000})
    tags = read_tags(path)
    assert tags.title == "a b c"
    assert len(tags.album) == 1000


def test_wav_info_list(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.wav")
    texts = b""
    for key, value in ((b"INAM", b"Odd"), (b"IART", b"Caf\xe9"), (b"ICRD", b"2001-02-03")):
        texts += (
            key + struct.pack("<I", len(value) + 1) + value + b"\0" * (1 + (len(value) + 1) % 2)
        )
    block = b"LIST" + struct.pack("<I", 4 + len(texts)) + b"INFO" + texts
    whole = path.read_bytes() + block
    path.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    tags = read_tags(path)
    assert (tags.title, tags.artists, tags.year) == ("Odd", ("Café",), 2001)


def test_id3_wins_over_the_info_list(tmp_path: Path) -> None:
    test_wav_info_list(tmp_path)
    wave = mutagen.File(tmp_path / "x.wav")
    assert wave is not None
    wave.add_tags()
    wave.tags.add(mutagen.id3.TIT2(encoding=3, text="New"))
    wave.save()
    tags = read_tags(tmp_path / "x.wav")
    assert (tags.title, tags.artists) == ("New", ("Café",))


def test_folders_name_what_tags_do_not(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "Abba" / "1976 - Arrival" / "04 Song.flac")
    tags = read_tags(path, tmp_path)
    assert (tags.title, tags.artists, tags.album) == ("Song", ("Abba",), "Arrival")
    assert (tags.track_number, tags.year) == (4, 1976)
    make_audio(path, tags={"artist": "Other"})
    tags = read_tags(path, tmp_path)
    assert (tags.title, tags.artists, tags.album) == ("Song", ("Other",), "")


def test_a_wrong_name_for_a_good_file(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.flac", tags={"title": "T"}).rename(tmp_path / "x.mp3")
    assert read_tags(path).title == "T"


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff caf\xe9.flac")
    make_audio(tmp_path / "x.flac").rename(path)
    assert read_tags(path).title == "\ufffd caf\ufffd"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("empty", Reason.EMPTY),
        ("wrong extension", Reason.NOT_AUDIO),
        ("random bytes", Reason.NOT_AUDIO),
        ("zero length", Reason.NO_AUDIO),
        ("no permission", Reason.NO_PERMISSION),
    ],
)
def test_bad_files_say_why(tmp_path: Path, kind: str, reason: Reason) -> None:
    path = make_bad_files(tmp_path)[kind]
    with ordinary_permissions(), pytest.raises(UnreadableFile) as raised:
        read_tags(path)
    assert raised.value.reason is reason


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_tags(tmp_path / "x.mp3")
    assert raised.value.reason is Reason.MISSING
