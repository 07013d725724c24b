from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.rating import NO_RATING, RatingTable, Subject, SubjectKind
from mecomp_desktop.domain.undo import UndoStack
from mecomp_desktop.paths import Paths
from mecomp_desktop.ratings.service import RatingsService, stars
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.ratings import RatingStore
from tests.support.players import wait_for

SONG = Subject(SubjectKind.SONG, "sha")
ARTIST = Subject(SubjectKind.ARTIST, "Björk")


@pytest.fixture
def ratings(database: Database) -> Iterator[RatingsService]:
    service = RatingsService(database)
    assert service.settle()
    yield service
    service.close()


def test_a_change_is_there_at_once_and_stored_soon(
    ratings: RatingsService, database: Database
) -> None:
    changes: list[int] = []
    ratings.changed.connect(lambda: changes.append(1))
    ratings.like([SONG])
    ratings.rate([SONG], 7)
    ratings.put_away([ARTIST])
    assert ratings.of(SONG).liked
    assert ratings.of(SONG).stars == 3.5
    assert ratings.of(ARTIST).never_again
    assert len(changes) == 3
    assert ratings.settle()
    assert dict(RatingStore(database).all().all()) == dict(ratings.table().all())


def test_what_changes_nothing_is_no_step(ratings: RatingsService) -> None:
    assert ratings.like([SONG], False) is None
    assert ratings.like([]) is None
    assert ratings.like([SONG]) is not None
    liked_at_s = ratings.of(SONG).liked_at_s
    assert ratings.like([SONG]) is None
    assert ratings.of(SONG).liked_at_s == liked_at_s


def test_it_comes_back_after_a_restart(ratings: RatingsService, database: Database) -> None:
    ratings.like([SONG, ARTIST])
    ratings.close()
    again = RatingsService(database)
    assert again.settle()
    assert again.table() == ratings.table()
    again.close()


def test_a_change_of_another_process_is_noticed(ratings: RatingsService, paths: Paths) -> None:
    changes: list[bool] = []
    ratings.changed.connect(lambda: changes.append(ratings.of(SONG).liked))
    elsewhere = Database(paths.database)
    second = RatingsService(elsewhere)
    second.like([SONG])
    second.close()
    wait_for(lambda: ratings.of(SONG).liked)
    wait_for(lambda: changes == [True])
    elsewhere.close()


def test_too_many_stars(ratings: RatingsService) -> None:
    with pytest.raises(ValueError, match="0 to 10 half stars"):
        ratings.rate([SONG], 11)


@pytest.mark.parametrize(
    ("half_stars", "words"),
    [(0, "0 stars"), (1, "½ star"), (2, "1 star"), (3, "1½ stars"), (10, "5 stars")],
)
def test_stars_in_words(half_stars: int, words: str) -> None:
    assert stars(half_stars) == words


def test_sentences(database: Database) -> None:
    undo = UndoStack()
    service = RatingsService(database, undo)
    service.put_away([ARTIST])
    assert undo.undo_sentence == "The artist “Björk” is never played again"
    service.rate([SONG, Subject(SubjectKind.SONG, "sha2")], 9)
    assert undo.undo_sentence == "2 songs are rated 4½ stars"
    service.close()


_SUBJECTS = st.lists(
    st.sampled_from(
        [
            *(Subject(SubjectKind.SONG, AudioId(name)) for name in "abc"),
            Subject(SubjectKind.ARTIST, "A"),
            Subject(SubjectKind.ALBUM, "A", "B"),
            Subject(SubjectKind.FOLDER, "/a"),
        ]
    ),
    max_size=4,
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("like"), _SUBJECTS, st.booleans()),
        st.tuples(st.just("put_away"), _SUBJECTS, st.booleans()),
        st.tuples(st.just("rate"), _SUBJECTS, st.none() | st.integers(0, 10)),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just([]), st.none()),
    ),
    max_size=15,
)


@given(steps=_STEPS)
@settings(max_examples=40, deadline=None)
def test_any_sequence_of_steps_undone_gives_the_first_state(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[Subject], object]]
) -> None:
    database = Database(tmp_path_factory.mktemp("undo") / "library")
    undo = UndoStack()
    service = RatingsService(database, undo)
    assert service.settle()
    states: list[RatingTable] = []
    for name, subjects, value in steps:
        states.append(service.table())
        if name in ("undo", "redo"):
            getattr(undo, name)()
        else:
            getattr(service, name)(subjects, value)
        assert all(rating != NO_RATING for _, rating in service.table().all())
    last = service.table()
    number = 0
    while undo.undo():
        number += 1
    assert service.table() == RatingTable()
    for _ in range(number):
        undo.redo()
    assert service.table() == last
    assert service.settle()
    assert RatingStore(database).all() == last
    service.close()
    database.close()
