from mecomp_desktop.domain.ids import AudioId
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
