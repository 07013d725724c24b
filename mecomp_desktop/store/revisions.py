"""How often each kind of thing was changed, by this process or another."""

import sqlite3

from mecomp_desktop.store.database import Database


def count_change(connection: sqlite3.Connection, name: str) -> None:
    """Count a change, within the transaction that makes it.

    Args:
        connection: The one that writes.
        name: What was changed: "ratings", "history".
    """
    connection.execute(
        "INSERT INTO revisions (name, number) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET number = number + 1",
        (name,),
    )


class RevisionWatch:
    """Tells whether something was changed since the last look. For one thread.

    The first question is SQLite's own counter of other connections' commits, which costs
    nothing: a library that is being analysed commits many times a second.

    Args:
        database: The library database.
        name: What is watched, see `count_change`.
    """

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._data_version = -1
        self._number = -1

    def has_changed(self) -> bool:
        """Return whether it was changed; true at the first look."""
        read = self._database.read()
        (data_version,) = read.execute("PRAGMA data_version").fetchone()
        if data_version == self._data_version:
            return False
        self._data_version = data_version
        row = read.execute("SELECT number FROM revisions WHERE name = ?", (self._name,)).fetchone()
        number = row["number"] if row is not None else 0
        changed, self._number = number != self._number, number
        return changed

    def forget(self) -> None:
        """Let the next look find a change."""
        self._data_version = self._number = -1
