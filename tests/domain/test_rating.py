from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.rating import (
    NO_RATING,
    Rating,
    RatingTable,
    Subject,
    SubjectKind,
    group_subjects,
)
from mecomp_desktop.domain.track import Tags, Track

NEVER = Rating(never_at_s=1.0)
TRACK = Track(
    TrackId(1),
    AudioId("sha"),
    Path("/music/rock/a/1.flac"),
    RootId(1),
    Tags("Song", artists=("Björk", "Arca"), album="Vulnicura", album_artist="Björk"),
    True,
    0.0,
)


@pytest.mark.parametrize(
    ("subject", "never"),
    [
        (Subject.song(TRACK), True),
        (Subject(SubjectKind.SONG, "other"), False),
        (Subject(SubjectKind.ARTIST, "BJORK"), True),
        (Subject(SubjectKind.ARTIST, "Arca feat. Björk"), True),
        (Subject(SubjectKind.ARTIST, "Bjork & Arca"), False),
        (Subject.album(TRACK), True),
        (Subject(SubjectKind.ALBUM, "vulnicura", "bjork"), True),
        (Subject(SubjectKind.ALBUM, "Vulnicura", "Somebody else"), False),
        (Subject.folder(Path("/music/rock")), True),
        (Subject.folder(Path("/music/rock/a")), True),
        (Subject.folder(Path("/music/roc")), False),
        (Subject.folder(Path("/music/Rock")), False),
    ],
)
def test_what_puts_a_track_away(subject: Subject, never: bool) -> None:
    table = RatingTable().with_changes({subject: NEVER})
    assert table.has_never_again
    assert table.is_never_again(TRACK) == never


def test_a_like_puts_nothing_away() -> None:
    table = RatingTable().with_changes({Subject.song(TRACK): Rating(liked_at_s=1.0)})
    assert not table.has_never_again
    assert not table.is_never_again(TRACK)


def test_one_name_in_two_spellings_is_one_subject() -> None:
    table = RatingTable().with_changes({Subject(SubjectKind.ARTIST, "Björk"): NEVER})
    again = Subject(SubjectKind.ARTIST, "björk")
    assert table.of(again) == NEVER
    assert table.known(again).name == "Björk"
    assert list(table.with_changes({table.known(again): NO_RATING}).all()) == []


def test_a_table_stays_as_it_is() -> None:
    empty = RatingTable()
    full = empty.with_changes({Subject.song(TRACK): NEVER})
    assert list(empty.all()) == []
    assert list(full.all()) == [(Subject.song(TRACK), NEVER)]


def test_groups_of_a_track() -> None:
    assert group_subjects(TRACK) == [
        Subject(SubjectKind.ARTIST, "Björk"),
        Subject(SubjectKind.ARTIST, "Arca"),
        Subject(SubjectKind.ALBUM, "Vulnicura", "Björk"),
    ]
