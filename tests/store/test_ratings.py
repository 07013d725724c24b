import sqlite3
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.rating import NO_RATING, Rating, Subject, SubjectKind
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.ratings import RatingStore
from mecomp_desktop.store.recordings import Recordings

SONG = Subject(SubjectKind.SONG, "sha")
ALBUM = Subject(SubjectKind.ALBUM, "Homogenic", "Björk")
FOLDER = Subject.folder(Path("/music/caf\udce9"))  # a name that is no UTF-8


def test_what_is_put_is_there_again(database: Database) -> None:
    store = RatingStore(database)
    ratings = {
        SONG: Rating(liked_at_s=1.5, half_stars=9),
        ALBUM: Rating(half_stars=0),
        Subject(SubjectKind.ARTIST, "Björk"): Rating(liked_at_s=2.0),
        FOLDER: Rating(never_at_s=3.0),
    }
    store.put(ratings)
    assert dict(store.all().all()) == ratings
    assert store.all().of_song(AudioId("sha")).stars == 4.5


def test_no_rating_leaves_no_row(database: Database) -> None:
    store = RatingStore(database)
    store.put({SONG: Rating(liked_at_s=1.0), ALBUM: Rating(never_at_s=1.0)})
    store.put({SONG: NO_RATING, ALBUM: NO_RATING})
    for table in ("song_ratings", "group_ratings"):
        assert database.read().execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_all_or_none(database: Database) -> None:
    store = RatingStore(database)
    with pytest.raises(sqlite3.IntegrityError):
        store.put({ALBUM: Rating(liked_at_s=1.0), SONG: Rating(half_stars=11)})
    assert list(store.all().all()) == []


def test_a_rating_follows_an_identity_that_is_told_differently(database: Database) -> None:
    store = RatingStore(database)
    store.put({SONG: Rating(liked_at_s=1.0)})
    Recordings(database).rename_many([(AudioId("sha"), AudioId("new"))])
    assert store.all().songs == {"new": Rating(liked_at_s=1.0)}
