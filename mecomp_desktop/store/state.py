"""What comes back after a restart, as JSON values by name."""

import json
import logging
from typing import Any

from mecomp_desktop.store.database import Database

_log = logging.getLogger(__name__)


class State:
    """Key-value table: queue, position, volume and other JSON values by name.

    Where the library is read-only nothing is kept, without an error: the listener was told so
    when it was opened, and the player saves every few seconds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> Any:  # noqa: ANN401 (whatever JSON can hold; the caller checks it)
        """Return the value of this name, or ``None`` where there is none that can be read."""
        row = (
            self._database.read()
            .execute("SELECT value FROM state WHERE name = ?", (name,))
            .fetchone()
        )
        if row is None:
            return None
        try:
            return json.loads(row["value"])
        except ValueError:
            _log.warning("the saved %r is not JSON; it is ignored", name)
            return None

    def set(self, name: str, value: object) -> None:
        """Keep a value under this name.

        Raises:
            TypeError: JSON cannot hold the value.
        """
        text = json.dumps(value)
        if self._database.read_only:
            return
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, text)
            )

    def remove(self, name: str) -> None:
        """Forget the value of this name."""
        if self._database.read_only:
            return
        with self._database.write() as connection:
            connection.execute("DELETE FROM state WHERE name = ?", (name,))
