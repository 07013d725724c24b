"""The listener's answers in the quiz."""

import sqlite3
from collections.abc import Iterable

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.store.database import Database

_COLUMNS = "first, second, third, closest, held_back, origin, asked_by, took_s, judged_at_s"


class Judgments:
    """The answers, oldest first.

    Args:
        database: The library database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, judgment: Judgment) -> JudgmentId:
        """Store one answer and return its number; the one it carries is not looked at."""
        with self._database.write() as connection:
            cursor = connection.execute(_INSERT, _values(judgment))
        number = cursor.lastrowid
        assert number is not None
        return JudgmentId(number)

    def add_many(self, judgments: Iterable[Judgment]) -> None:
        """Store several answers, all or none."""
        with self._database.write() as connection:
            connection.executemany(_INSERT, [_values(judgment) for judgment in judgments])

    def all(self) -> list[Judgment]:
        """Return every answer, in the order in which they came."""
        rows = self._database.read().execute(f"SELECT id, {_COLUMNS} FROM judgments ORDER BY id")
        return [_judgment(row) for row in rows]

    def with_ids(self, judgment_ids: Iterable[JudgmentId]) -> list[Judgment]:
        """Return those of these answers that there are."""
        read = self._database.read()
        select = f"SELECT id, {_COLUMNS} FROM judgments WHERE id = ?"
        found = (read.execute(select, (number,)).fetchone() for number in judgment_ids)
        return [_judgment(row) for row in found if row is not None]

    def put_back(self, judgments: Iterable[Judgment]) -> None:
        """Store answers that were removed, under the numbers that they had; all or none."""
        with self._database.write() as connection:
            connection.executemany(
                f"INSERT OR IGNORE INTO judgments (id, {_COLUMNS})"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(judgment.id, *_values(judgment)) for judgment in judgments],
            )

    def change(self, judgment_id: JudgmentId, closest: Pair | None) -> bool:
        """Replace what was answered; return whether there was such an answer."""
        with self._database.write() as connection:
            cursor = connection.execute(
                "UPDATE judgments SET closest = ? WHERE id = ?", (closest, judgment_id)
            )
        return cursor.rowcount > 0

    def remove(self, judgment_ids: Iterable[JudgmentId]) -> int:
        """Delete answers and return how many there were."""
        with self._database.write() as connection:
            return sum(
                connection.execute("DELETE FROM judgments WHERE id = ?", (number,)).rowcount
                for number in judgment_ids
            )


_INSERT = f"INSERT INTO judgments ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _values(judgment: Judgment) -> tuple[object, ...]:
    return (
        *judgment.trio,
        None if judgment.closest is None else int(judgment.closest),
        judgment.held_back,
        judgment.origin,
        judgment.asked_by,
        judgment.took_s,
        judgment.judged_at_s,
    )


def _judgment(row: sqlite3.Row) -> Judgment:
    closest = row["closest"]
    return Judgment(
        id=JudgmentId(row["id"]),
        trio=(AudioId(row["first"]), AudioId(row["second"]), AudioId(row["third"])),
        closest=None if closest is None else Pair(closest),
        held_back=bool(row["held_back"]),
        origin=row["origin"],
        asked_by=row["asked_by"],
        took_s=row["took_s"],
        judged_at_s=row["judged_at_s"],
    )
