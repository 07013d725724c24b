import pytest
from hypothesis import given
from hypothesis import strategies as st

from mecomp_desktop.library.cue_sheet import (
    MAX_SHEET_BYTES,
    CueError,
    CueSheet,
    parse_cue,
    sheet_text,
)

_USUAL = """\
REM GENRE "Trip Hop"
REM DATE 1998
REM DISCID 9B0B1D0C
REM COMMENT "ExactAudioCopy v0.99pb5"
CATALOG 0724384559922
PERFORMER "Massive Attack"
TITLE "Mezzanine"
FILE "D:\\Rips\\Massive Attack - Mezzanine.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Angel"
    PERFORMER "Massive Attack feat. Horace Andy"
    SONGWRITER "Del Naja"
    ISRC GBAAA9800322
    FLAGS DCP
    PREGAP 00:02:00
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Risingson"
    REM REPLAYGAIN_TRACK_GAIN -7.51 dB
    INDEX 00 06:19:30
    INDEX 01 06:20:15
    INDEX 02 07:00:00
"""


def _starts(sheet: CueSheet) -> list[float | None]:
    return [track.start_s for track in sheet.tracks]


def test_album_and_songs_are_read() -> None:
    sheet = parse_cue(_USUAL)
    assert sheet.fields["title"] == ["Mezzanine"]
    assert sheet.fields["artist"] == ["Massive Attack"]
    assert sheet.fields["genre"] == ["Trip Hop"]
    assert sheet.fields["date"] == ["1998"]
    angel, risingson = sheet.tracks
    assert (angel.number, angel.file) == (1, "Massive Attack - Mezzanine.wav")
    assert angel.fields["title"] == ["Angel"]
    assert angel.fields["artist"] == ["Massive Attack feat. Horace Andy"]
    assert angel.fields["composer"] == ["Del Naja"]
    assert risingson.fields["replaygain_track_gain"] == ["-7.51 dB"]


def test_a_second_has_75_frames_and_a_song_begins_at_index_01() -> None:
    assert _starts(parse_cue(_USUAL)) == [0.0, 380 + 15 / 75]


def test_a_song_with_only_its_pause_begins_there() -> None:
    sheet = parse_cue("FILE a WAVE\nTRACK 1 AUDIO\nINDEX 00 00:10:00")
    assert _starts(sheet) == [10.0]


def test_a_song_without_an_index_has_no_beginning() -> None:
    assert _starts(parse_cue("FILE a WAVE\nTRACK 01 AUDIO\nTITLE x")) == [None]


def test_a_long_file_counts_minutes_past_99() -> None:
    assert _starts(parse_cue("TRACK 01 AUDIO\nINDEX 01 612:00:00")) == [612 * 60.0]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('FILE "a.wav" WAVE', "a.wav"),
        ("FILE a.wav WAVE", "a.wav"),
        ("FILE with spaces in it.ape WAVE", "with spaces in it.ape"),
        (r'FILE "C:\Music\sub\a.wav" WAVE', "a.wav"),
        ('FILE "../other/a.mp3" MP3', "a.mp3"),
        ('FILE "7" single" mix.wav" WAVE', '7" single" mix.wav'),
        ('FILE "no end.wav', "no end.wav"),
        ('file "a.bin" binary', "a.bin"),
        ("FILE a.wav", "a.wav"),
        ("FILE no kind.wav", "no kind.wav"),
    ],
)
def test_names_of_files(line: str, name: str) -> None:
    (track,) = parse_cue(f"{line}\nTRACK 01 AUDIO\nINDEX 01 00:00:00").tracks
    assert track.file == name


def test_a_song_lies_in_the_file_where_its_index_01_is() -> None:
    # As Exact Audio Copy writes it where pauses are kept at the end of the song before.
    sheet = parse_cue(
        'FILE "01.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n'
        'TRACK 02 AUDIO\nINDEX 00 03:00:00\nFILE "02.wav" WAVE\nINDEX 01 00:00:00\n'
    )
    assert [(track.file, track.start_s) for track in sheet.tracks] == [
        ("01.wav", 0.0),
        ("02.wav", 0.0),
    ]


def test_data_is_no_music() -> None:
    sheet = parse_cue("FILE a BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO")
    assert [track.is_audio for track in sheet.tracks] == [False, True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no tracks"),
        ("PERFORMER x\nFILE y WAVE", "no tracks"),
        ("TRACK xx AUDIO", "number"),
        ("TRACK ² AUDIO", "number"),
        ("TRACK 01 AUDIO\nINDEX 01 00:00", "track 1 begins"),
        ("TRACK 01 AUDIO\nINDEX 01 -1:00:00", "track 1 begins"),
        ("TRACK 01 AUDIO\nINDEX 01 99999999999999999999:00:00", "track 1 begins"),
        ("TRACK 01 AUDIO\nINDEX 01 999999999:00:00", "track 1 begins"),
        ("TRACK 01 AUDIO\nINDEX", "track 1 begins"),
        ("TRACK 01 AUDIO\n" * 1000, "999"),
    ],
)
def test_what_makes_no_sense_is_told(text: str, why: str) -> None:
    with pytest.raises(CueError, match=why):
        parse_cue(text)


_BJORK = 'TITLE "Björk – Jóga"\nTRACK 01 AUDIO\n'
_KINO = 'PERFORMER "Кино"\nTITLE "Группа крови"\nFILE "Группа крови.wav" WAVE\nTRACK 01 AUDIO\n'


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (_BJORK, "utf-8"),
        (_BJORK, "utf-8-sig"),
        (_BJORK, "utf-16"),
        (_BJORK, "utf-16-le"),
        (_BJORK, "utf-16-be"),
        (_BJORK, "cp1252"),
        (_KINO, "cp1251"),
        (_KINO, "utf-8"),
        (_KINO, "utf-16-le"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings(text: str, encoding: str, line_end: str) -> None:
    assert sheet_text(text.replace("\n", line_end).encode(encoding)).splitlines() == [
        *text.splitlines()
    ]


def test_a_film_is_no_sheet() -> None:
    with pytest.raises(CueError, match="more than"):
        sheet_text(b"x" * (MAX_SHEET_BYTES + 1))


_PIECES = st.one_of(
    st.sampled_from(
        ["FILE", "TRACK", "INDEX", "TITLE", "REM", "AUDIO", "WAVE", "01", "00:00:00", '"', " "]
    ),
    st.text(max_size=12),
    st.integers().map(str),
)
_LINES = st.lists(_PIECES, max_size=6).map(" ".join)


@given(st.one_of(st.binary(max_size=400), st.lists(_LINES, max_size=30).map("\n".join)))
def test_nothing_else_is_raised_whatever_the_bytes_are(sheet: bytes | str) -> None:
    try:
        text = sheet if isinstance(sheet, str) else sheet_text(sheet)
        read = parse_cue(text)
    except CueError:
        return
    assert 0 < len(read.tracks) <= 999
    for track in read.tracks:
        assert "\\" not in track.file
        assert "/" not in track.file
        assert track.start_s is None or 0 <= track.start_s < 1e9
