"""Before and after: the listener's favourites, then any songs; each list closest first."""

from collections.abc import Iterator

import numpy as np
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.library.waveforms import Waveforms
from mecomp_desktop.paths import Paths
from mecomp_desktop.quiz.model_comparison import ModelComparison, Vectors, nearest
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.state import State
from tests.support.libraries import directions, fill

SONGS = 9


@pytest.fixture
def library(database: Database, paths: Paths) -> Iterator[LibraryService]:
    """Songs that lie in a folder that is not looked into."""
    fill(paths, [Tags(f"Song {number}", ("Somebody",)) for number in range(SONGS)], paths.data)
    made = LibraryService(database, Waveforms(paths.cache / "waveforms"))
    made.load()
    assert made.settle(60)
    yield made
    made.close()


@pytest.fixture
def plays(database: Database) -> Plays:
    return Plays(database)


@pytest.fixture
def comparison(library: LibraryService, database: Database, plays: Plays) -> ModelComparison:
    return ModelComparison(library, plays, State(database))


def places(seed: int) -> Vectors:
    return [audio(number) for number in range(SONGS)], directions(SONGS, seed)


def audio(number: int) -> AudioId:
    return AudioId(f"audio {number}")


def play(plays: Plays, number: int, times: int) -> None:
    for start in range(times):
        plays.record(audio(number), float(start), 60.0)


def test_the_nearest_are_those_of_a_plain_loop() -> None:
    ids, matrix = places(0)
    for row, song in enumerate(ids):
        far = [float(np.linalg.norm(matrix[row] - matrix[candidate])) for candidate in range(SONGS)]
        nearest_first = sorted(
            (candidate for candidate in range(SONGS) if candidate != row), key=far.__getitem__
        )
        assert nearest((ids, matrix), song, 4) == [
            ids[candidate] for candidate in nearest_first[:4]
        ]


def test_the_most_played_songs_come_first(comparison: ModelComparison, plays: Plays) -> None:
    for number, times in ((3, 1), (8, 5), (6, 2), (1, 4), (5, 3), (0, 1)):
        play(plays, number, times)
    comparison.compare(places(0), places(1))
    shown = comparison.last()
    assert [comparison_row.song.title for comparison_row in shown] == [
        "Song 8",
        "Song 1",
        "Song 5",
        "Song 6",
        "Song 0",
    ]
    assert all(comparison_row.is_favourite for comparison_row in shown)
    assert [neighbour.audio_id for neighbour in shown[0].before] == nearest(places(0), audio(8))
    assert [neighbour.audio_id for neighbour in shown[0].after] == nearest(places(1), audio(8))


def test_other_songs_stand_in_and_are_no_favourites(
    comparison: ModelComparison, plays: Plays
) -> None:
    play(plays, 7, 1)
    comparison.compare(places(0), places(1))
    shown = comparison.last()
    assert len(shown) == 5
    assert [
        comparison_row.song.title for comparison_row in shown if comparison_row.is_favourite
    ] == ["Song 7"]


def test_only_songs_that_both_models_know_are_compared(comparison: ModelComparison) -> None:
    ids, matrix = places(0)
    comparison.compare((ids[:2], matrix[:2]), places(1))
    assert {comparison_row.song.title for comparison_row in comparison.last()} == {
        "Song 0",
        "Song 1",
    }


def test_nothing_is_shown_before_the_first_change(comparison: ModelComparison) -> None:
    assert comparison.last() == []
