"""Finds the songs of a query: in the store by SQL, or in a catalog."""

import numpy as np

from mecomp_desktop.arrays import Rows
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.query.columns import SongColumns
from mecomp_desktop.query.conditions import Context, Every, condition_of
from mecomp_desktop.query.predicate import matching, ordered
from mecomp_desktop.query.sql import condition_sql, order_sql
from mecomp_desktop.query.tree import Query
from mecomp_desktop.store.song_search import SongSearch


def find_by_sql(query: Query, songs: SongSearch, context: Context) -> list[TrackId]:
    """Return the songs that a query finds in the store, in its order. Blocks.

    Raises:
        QueryError: A song that the query names is not there.
    """
    condition = Every(()) if query.term is None else condition_of(query.term, context)
    text, values = condition_sql(condition)
    return songs.ids(text, values, order_sql(query.sorts), query.limit)


def find_in_catalog(query: Query, songs: SongColumns, context: Context) -> Rows:
    """Return the rows that a query finds in a catalog, in its order, int64 [k].

    Raises:
        QueryError: A song that the query names is not there.
    """
    condition = Every(()) if query.term is None else condition_of(query.term, context)
    rows = np.flatnonzero(matching(condition, songs))
    if query.sorts or query.limit is not None:
        rows = ordered(rows, query.sorts, songs)
    return rows[: query.limit]
