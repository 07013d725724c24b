from collections.abc import Iterator

import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import NEVER_PLAYED, PlayCounts
from mecomp_desktop.history.service import HistoryService
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from tests.support.players import wait_for

A = AudioId("a")


@pytest.fixture
def history(database: Database) -> Iterator[HistoryService]:
    Plays(database).record(A, 5.0, 60.0)
    service = HistoryService(database)
    assert service.settle()
    yield service
    service.close()


def test_counts_grow_with_each_play_and_skip(history: HistoryService) -> None:
    changes: list[int] = []
    history.changed.connect(lambda: changes.append(1))
    assert history.of(A) == PlayCounts(1, 0, 5.0, 5.0)
    history.record(A, 9.0, 60.0)
    history.record_skip(A, 10.0, 2.0)
    assert history.of(A) == PlayCounts(2, 1, 5.0, 9.0)
    assert history.of(AudioId("b")) == NEVER_PLAYED
    assert len(changes) == 2


def test_an_import_of_another_process_is_noticed(history: HistoryService, paths: Paths) -> None:
    elsewhere = Database(paths.database)
    Plays(elsewhere).put_imported("Rhythmbox", {A: PlayCounts(7, 2, None, 99.0)})
    elsewhere.close()
    wait_for(lambda: history.of(A) == PlayCounts(8, 2, 5.0, 99.0))


def test_memory_and_store_agree_while_both_change(
    history: HistoryService, paths: Paths, database: Database
) -> None:
    elsewhere = Database(paths.database)
    for number in range(30):
        history.record(AudioId(f"own {number}"), float(number), 60.0)
        Plays(elsewhere).record(AudioId(f"other {number}"), float(number), 60.0)
    elsewhere.close()
    wait_for(lambda: dict(history.counts()) == Plays(database).history())
