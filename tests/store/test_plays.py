from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import NEVER_PLAYED, PlayCounts
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays


def _played(database: Database, *names: str) -> Plays:
    plays = Plays(database)
    for second, name in enumerate(names):
        plays.record(AudioId(name), float(second), 30.0)
    return plays


def test_recent_is_newest_first_and_each_once(database: Database) -> None:
    assert _played(database, "a", "b", "a", "c").recent() == ["c", "a", "b"]


def test_recent_is_limited_by_number_and_time(database: Database) -> None:
    plays = _played(database, "a", "b", "c")
    assert plays.recent(limit=2) == ["c", "b"]
    assert plays.recent(since_s=1.0) == ["c", "b"]


def test_counts(database: Database) -> None:
    assert _played(database, "a", "b", "a").counts() == {"a": 2, "b": 1}


def test_history_counts_plays_and_skips_and_tells_the_first_and_the_last(
    database: Database,
) -> None:
    plays = _played(database, "a", "b", "a")
    plays.record_skip(AudioId("a"), 9.0, 5.0)
    plays.record_skip(AudioId("c"), 10.0, 5.0)
    assert plays.history() == {
        "a": PlayCounts(2, 1, 0.0, 2.0),
        "b": PlayCounts(1, 0, 1.0, 1.0),
        "c": PlayCounts(0, 1, None, None),
    }
    assert plays.history_of(AudioId("a")) == PlayCounts(2, 1, 0.0, 2.0)
    assert plays.history_of(AudioId("z")) == NEVER_PLAYED
    assert plays.counts() == {"a": 2, "b": 1}


def test_imported_counts_add_to_our_own_once_a_source(database: Database) -> None:
    plays = _played(database, "a")
    for times in (5, 7):  # the second import knows more and replaces the first
        plays.put_imported("Rhythmbox", {AudioId("a"): PlayCounts(times, 1, None, 50.0)})
    plays.put_imported("iTunes", {AudioId("b"): PlayCounts(3, 0, -5.0, 2.0)})
    assert plays.history() == {
        "a": PlayCounts(8, 1, 0.0, 50.0),
        "b": PlayCounts(3, 0, -5.0, 2.0),
    }


def test_log_is_each_play_oldest_first(database: Database) -> None:
    plays = _played(database, "a", "b", "a")
    assert plays.log(since_s=1.0) == [("b", 1.0, 30.0), ("a", 2.0, 30.0)]
