"""Asks the library queries for a list of songs, on another thread, and again when it changes."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from mecomp_desktop.app import Application
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.search_text import hint
from mecomp_desktop.query.tree import Query
from mecomp_desktop.ui.bridge import Bridge

Ids = NDArray[np.int64]


class SongQuery(QObject):
    """The query of a list; at most one is under way, what is typed meanwhile comes after it.

    Signals:
        found: What was typed, and the ids of the songs, int64 [k].
        failed: One line that says what is wrong with it.
    """

    found = Signal(str, object)
    failed = Signal(str)

    def __init__(self, app: Application, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._catalog: Catalog | None = None
        self._typed = ""
        self._query: Query | None = None
        self._busy = self._stale = False
        bridge.on(app.history.changed, self._ask, self)
        bridge.on(app.ratings.changed, self._ask, self)

    def show_catalog(self, catalog: Catalog) -> None:
        """Ask another state of the library."""
        self._catalog = catalog
        self._ask()

    def ask(self, typed: str, query: Query | None) -> None:
        """Ask a query; ``None`` for none any more."""
        self._typed, self._query = typed, query
        self._ask()

    def _ask(self) -> None:
        catalog, query, typed = self._catalog, self._query, self._typed
        if catalog is None or query is None:
            return
        if self._busy:
            self._stale = True
            return
        self._busy = True

        def find() -> Ids:
            return catalog.ids[self._app.queries.rows(query, catalog)]

        self._bridge.run(find, partial(self._answer, typed), self, partial(self._fail, typed))

    def _answer(self, typed: str, ids: Ids) -> None:
        if self._query is not None and typed == self._typed:
            self.found.emit(typed, ids)
        self._next()

    def _fail(self, typed: str, error: Exception) -> None:
        if isinstance(error, QueryError):
            if typed == self._typed:
                self.failed.emit(hint(error, typed))
        else:
            self._bridge.show_error(error)
        self._next()

    def _next(self) -> None:
        self._busy = False
        if self._stale:
            self._stale = False
            self._ask()
