from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.cue_parts import CutSong, cut, is_about
from mecomp_desktop.library.cue_sheet import CueError, CueSheet, parse_cue

_WHOLE = Tags(title="Disc", artists=("Somebody",), album="Disc", year=1999, duration_s=600.0)
_HEAD = 'PERFORMER "The Band"\nTITLE "The Album"\nREM DATE 2001\nREM GENRE Jazz\n'


def _sheet(*starts: str, file: str = "disc.wav", head: str = _HEAD) -> CueSheet:
    tracks = "".join(
        f'TRACK {number:02} AUDIO\nTITLE "Song {number}"\nINDEX 01 {start}\n'
        for number, start in enumerate(starts, start=1)
    )
    return parse_cue(f'{head}FILE "{file}" WAVE\n{tracks}')


def _cut(sheet: CueSheet, whole: Tags = _WHOLE) -> list[CutSong]:
    return cut(sheet, "disc.wav", whole)


def test_parts_follow_each_other_to_the_end_of_the_file() -> None:
    songs = _cut(_sheet("00:00:00", "03:20:37", "07:00:00"))
    assert [song.part for song in songs] == [
        Part(0.0, 200 + 37 / 75),
        Part(200 + 37 / 75, 420.0),
        Part(420.0, None),
    ]
    assert [song.tags.duration_s for song in songs] == pytest.approx(
        [200 + 37 / 75, 220 - 37 / 75, 180.0]
    )


def test_the_sheet_tells_what_each_song_is_and_the_file_the_rest() -> None:
    sheet = _sheet("00:00:00", "03:00:00")
    sheet.tracks[1].fields["artist"] = ["A Guest"]
    del sheet.tracks[1].fields["title"]
    source = {"title": ["Disc"], "genre": ["Rock"], "compilation": ["1"], "tracknumber": ["1"]}
    first, second = (song.tags for song in cut(sheet, "disc.wav", _WHOLE, [source]))
    assert (first.title, first.track_number, first.artists) == ("Song 1", 1, ("The Band",))
    assert (first.album, first.album_artist, first.year) == ("The Album", "The Band", 2001)
    assert first.genres == ("Jazz",)
    assert first.compilation
    assert (second.title, second.artists) == ("Track 2", ("A Guest",))


def test_where_the_sheet_is_silent_the_file_is_asked() -> None:
    sheet = _sheet("00:00:00", "03:00:00", head="")
    source = {"artist": ["From the file"], "album": ["Its album"], "date": ["1970"]}
    tags = cut(sheet, "disc.wav", _WHOLE, [source])[0].tags
    assert (tags.artists, tags.album, tags.year) == (("From the file",), "Its album", 1970)
    tags = _cut(sheet)[0].tags
    assert (tags.artists, tags.album, tags.year) == (("Somebody",), "Disc", 1999)


def test_the_signature_of_the_ripper_is_no_comment() -> None:
    sheet = _sheet("00:00:00", "03:00:00", head='REM COMMENT "ExactAudioCopy v1.3"\n')
    assert len(_cut(sheet)) == 2
    assert "ExactAudioCopy" not in str(_cut(sheet)[0].tags)


def test_a_file_with_one_song_is_not_cut() -> None:
    assert _cut(_sheet("00:00:00")) == []
    a_file_each = parse_cue(
        "FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"
        "FILE b.wav WAVE\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n"
    )
    assert cut(a_file_each, "b.wav", _WHOLE) == []


def test_of_a_sheet_for_several_files_each_takes_its_own() -> None:
    sheet = parse_cue(
        "FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 02:00:00\n"
        "FILE b.wav WAVE\nTRACK 03 AUDIO\nINDEX 01 00:00:00\nTRACK 04 AUDIO\nINDEX 01 01:00:00\n"
    )
    parts = [(song.part, song.tags.track_number) for song in cut(sheet, "b.wav", _WHOLE)]
    assert parts == [(Part(0.0, 60.0), 3), (Part(60.0, None), 4)]


def test_data_at_the_end_is_no_song_and_ends_the_one_before() -> None:
    sheet = _sheet("00:00:00", "03:00:00", "05:00:00")
    sheet.tracks[2].is_audio = False
    assert [song.part for song in _cut(sheet)] == [Part(0.0, 180.0), Part(180.0, 300.0)]


@pytest.mark.parametrize(
    ("starts", "why"),
    [
        (("00:00:00", "05:00:00", "04:00:00"), "track 3 begins before"),
        (("00:00:00", "05:00:00", "05:00:00"), "track 3 begins before"),
        (("00:00:00", "11:40:00"), "track 2 begins at 11:40, and the music ends at 10:00"),
        (("00:00:00", "10:00:00"), "the music ends at 10:00"),
        (("00:00:00", "500000:00:00"), "the music ends at 10:00"),
    ],
)
def test_times_that_do_not_fit_refuse_the_sheet(starts: tuple[str, ...], why: str) -> None:
    with pytest.raises(CueError, match=why):
        _cut(_sheet(*starts))


def test_a_song_without_a_beginning_refuses_the_sheet() -> None:
    sheet = _sheet("00:00:00", "01:00:00")
    sheet.tracks[1].start_s = None
    with pytest.raises(CueError, match="track 2 has no beginning"):
        _cut(sheet)


def test_of_a_file_of_unknown_length_the_last_song_has_none() -> None:
    songs = _cut(_sheet("00:00:00", "03:00:00"), Tags(title="?", duration_s=0.0))
    assert [song.tags.duration_s for song in songs] == [180.0, 0.0]


@pytest.mark.parametrize(
    ("named", "sheet_name", "audio", "siblings", "is_meant"),
    [
        ("disc.wav", "x.cue", "disc.wav", (), True),
        ("Disc.WAV", "x.cue", "disc.wav", (), True),
        ("disc.wav", "x.cue", "disc.flac", (), True),
        # The file that is named is there: this one is another.
        ("disc.wav", "x.cue", "disc.flac", ("disc.wav",), False),
        ("CDImage.wav", "The Album.cue", "The Album.flac", (), True),
        ("CDImage.wav", "The Album.flac.cue", "The Album.flac", (), True),
        ("CDImage.wav", "The Album.cue", "Another.flac", (), False),
        ("CDImage.wav", "", "anything.flac", (), True),
        ("e\u0301te\u0301.wav", "x.cue", "\u00e9t\u00e9.flac", (), True),
        ("disc.part1.wav", "x.cue", "disc.part2.flac", (), False),
    ],
)
def test_which_file_a_sheet_is_about(
    named: str, sheet_name: str, audio: str, siblings: tuple[str, ...], is_meant: bool
) -> None:
    sheet = _sheet("00:00:00", "01:00:00", file=named)
    assert bool(is_about(sheet, sheet_name, audio, (audio, *siblings).__contains__)) is is_meant


def test_a_sheet_that_names_no_file_is_about_its_namesake() -> None:
    sheet = parse_cue("TRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 01:00:00\n")
    assert is_about(sheet, "disc.cue", "disc.flac", ["disc.flac"].__contains__) == "disc.flac"
    assert len(cut(sheet, "disc.flac", _WHOLE)) == 2
    assert not is_about(sheet, "disc.cue", "other.flac", ["other.flac"].__contains__)


def test_files_named_as_discs_are_the_discs_of_an_album() -> None:
    sheet = _sheet("00:00:00", "01:00:00", file="CD2.wav")
    assert [song.tags.disc_number for song in cut(sheet, "CD2.wav", _WHOLE)] == [2, 2]
    sheet.fields["discnumber"] = ["3/4"]
    assert [song.tags.disc_number for song in cut(sheet, "CD2.wav", _WHOLE)] == [3, 3]


_FRAMES = st.integers(0, 75 * 700)


@given(st.lists(_FRAMES, min_size=2, max_size=12), st.floats(0, 900))
def test_whatever_the_times_the_parts_lie_one_after_the_other(
    frames: list[int], duration_s: float
) -> None:
    starts = [f"{at // 4500:02}:{at // 75 % 60:02}:{at % 75:02}" for at in frames]
    try:
        songs = _cut(_sheet(*starts), Tags(title="?", duration_s=duration_s))
    except CueError:
        assert sorted({*frames}) != frames or duration_s <= max(frames) / 75 + 1
        return
    assert len(songs) == len(frames)
    for song, following in pairwise(songs):
        assert song.part.start_s < following.part.start_s
        assert song.part.end_s == following.part.start_s
        assert song.tags.duration_s > 0
    assert songs[-1].part.end_s is None
