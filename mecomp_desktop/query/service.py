"""Answers queries with the songs of the library."""

import threading
import time
from collections.abc import Callable

from mecomp_desktop.arrays import Rows
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.query.columns import Facts, SongColumns, TagColumns
from mecomp_desktop.query.conditions import Context
from mecomp_desktop.query.fields import SEARCHED
from mecomp_desktop.query.likeness import Likeness
from mecomp_desktop.query.search import find_by_sql, find_in_catalog
from mecomp_desktop.query.tree import Query
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.song_search import SongSearch


class QueryService:
    """Finds songs. Every method may be called from any thread, and blocks.

    Args:
        database: The library database.
        library: Where the songs are.
        similarity: What sounds alike.
        facts: Returns what is known of recordings; read from the store by default.
    """

    def __init__(
        self,
        database: Database,
        library: LibraryService,
        similarity: SimilarityService,
        facts: Callable[[], Facts] | None = None,
    ) -> None:
        self._search = SongSearch(database)
        self._library = library
        self._likeness = Likeness(library, similarity)
        self._facts = facts or self._search.facts
        self._lock = threading.Lock()
        self._columns: tuple[Catalog, TagColumns] | None = None
        self._songs: tuple[Catalog, Facts, SongColumns] | None = None

    def prepare(self, catalog: Catalog) -> None:
        """Make what the first query would otherwise wait for: the texts that words are found in."""
        columns = self._songs_of(catalog).tags
        for field in SEARCHED:
            columns.texts(field)

    def rows(self, query: Query, catalog: Catalog) -> Rows:
        """Return the rows of a catalog that a query finds, in its order, int64 [k].

        Raises:
            QueryError: A song that it names is not there.
        """
        return find_in_catalog(query, self._songs_of(catalog), self._context())

    def find(self, query: Query) -> list[TrackId]:
        """Return the songs that a query finds in the library of now, in its order.

        Raises:
            QueryError: A song that it names is not there.
        """
        catalog = self._library.catalog()
        ids = catalog.tracks.column("id")
        return [ids[row] for row in self.rows(query, catalog).tolist()]

    def find_stored(self, query: Query) -> list[TrackId]:
        """Return the songs that a query finds in the store, in its order.

        The library need not have been read, unless the query asks what sounds alike.

        Raises:
            QueryError: A song that it names is not there.
        """
        return find_by_sql(query, self._search, self._context())

    def _context(self) -> Context:
        return Context(time.time(), self._likeness.closeness)

    def _songs_of(self, catalog: Catalog) -> SongColumns:
        """Return the columns of a catalog, the same while neither it nor the facts change."""
        facts = self._facts()
        with self._lock:
            kept = self._songs
            if kept is not None and kept[0] is catalog and kept[1] is facts:
                return kept[2]
            if self._columns is None or self._columns[0] is not catalog:
                self._columns = (catalog, TagColumns(catalog.tracks))
            songs = SongColumns(self._columns[1], facts)
            self._songs = (catalog, facts, songs)
            return songs
