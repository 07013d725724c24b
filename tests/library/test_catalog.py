import threading

import numpy as np
import pytest

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.catalog import Catalog, SortColumn
from tests.support.library import catalog_of


def _titled(*titles: str) -> Catalog:
    return catalog_of({f"{row}": Tags(title) for row, title in enumerate(titles)})


def _titles(catalog: Catalog, rows: np.ndarray) -> list[str]:
    return [catalog.tracks[row].title for row in rows]


def test_a_track_is_found_by_its_id() -> None:
    catalog = _titled("a", "b")
    assert len(catalog) == 2
    assert catalog.track(TrackId(2)).title == "b"
    assert catalog.row(TrackId(2)) == 1
    assert TrackId(2) in catalog
    assert TrackId(3) not in catalog
    with pytest.raises(KeyError):
        catalog.track(TrackId(3))


def test_titles_in_order() -> None:
    catalog = _titled("The Zoo", "äb", "Song 10", "song 9", "Ac")
    up = catalog.order(SortColumn.TITLE)
    assert _titles(catalog, up) == ["äb", "Ac", "song 9", "Song 10", "The Zoo"]
    down = catalog.order(SortColumn.TITLE, descending=True)
    assert _titles(catalog, down) == _titles(catalog, up)[::-1]


def test_sort_tags_win() -> None:
    catalog = catalog_of(
        {
            "1": Tags("1", ("Zoe Adams",), artist_sort="Adams, Zoe"),
            "2": Tags("2", ("Bob",)),
            "3": Tags("3", ("Aaron Zed",), artist_sort="Zed, Aaron"),
        }
    )
    assert _titles(catalog, catalog.order(SortColumn.ARTIST)) == ["1", "2", "3"]


@pytest.mark.parametrize("column", list(SortColumn))
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_has_every_row_once(column: SortColumn, descending: bool) -> None:
    catalog = catalog_of(
        {
            "a": Tags("A"),
            "b": Tags("B", ("X",), "Al", "Y", 1, 1, 1999, ("Rock",), duration_s=3.0),
            "c": Tags("C", ("W",), "Bl", "W", 2, 1, 1998, ("Jazz",), duration_s=2.0),
        }
    )
    order = catalog.order(column, descending)
    assert order.dtype == np.int32
    assert sorted(order) == [0, 1, 2]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "column",
    [column for column in SortColumn if column not in (SortColumn.TITLE, SortColumn.ADDED)],
)
def test_what_a_file_lacks_comes_last(column: SortColumn, descending: bool) -> None:
    full = Tags("B", ("X",), "Al", "Y", 1, 1, 1999, ("Rock",), duration_s=3.0)
    catalog = catalog_of({"a": Tags("A"), "b": full})
    assert list(catalog.order(column, descending)) == [1, 0]


def test_equal_rows_follow_album_and_number() -> None:
    catalog = catalog_of(
        {
            "1": Tags("1", ("X",), "B", track_number=1, year=2000),
            "2": Tags("2", ("X",), "A", track_number=10, year=2000),
            "3": Tags("3", ("X",), "A", track_number=9, year=2000),
            "4": Tags("4", ("X",), "A", track_number=1, disc_number=2, year=1990),
        }
    )
    assert _titles(catalog, catalog.order(SortColumn.ARTIST)) == ["3", "2", "4", "1"]
    assert _titles(catalog, catalog.order(SortColumn.YEAR)) == ["4", "3", "2", "1"]
    assert _titles(catalog, catalog.order(SortColumn.YEAR, descending=True))[-1] == "4"
    assert _titles(catalog, catalog.order(SortColumn.YEAR, descending=True))[:3] == ["3", "2", "1"]


def test_an_order_is_made_once_and_cannot_be_changed() -> None:
    catalog = _titled("b", "a")
    order = catalog.order(SortColumn.TITLE)
    assert catalog.order(SortColumn.TITLE) is order
    with pytest.raises(ValueError, match="read-only"):
        order[0] = 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [0, 1, 2]),
        ("   ", [0, 1, 2]),
        ("bjork", [0]),
        ("BJÖRK", [0]),
        ("hunter", [0, 2]),
        ("hunter homogenic", [0]),
        ("electro", [0]),
        ("some", [1]),
        ("don't", [2]),
        ("hunterbj", []),
        ("nowhere", []),
        ("\n", [0, 1, 2]),
    ],
)
def test_search(text: str, found: list[int]) -> None:
    catalog = catalog_of(
        {
            "a": Tags("Hunter", ("Björk",), "Homogenic", genres=("Electronic",)),
            "b": Tags("Other", album_artist="Someone"),
            "c": Tags("Don\u2019t hunt a Hunter"),
        }
    )
    rows = catalog.search(text)
    assert rows.dtype == np.int32
    assert rows.tolist() == found


def test_the_album_of_a_track() -> None:
    catalog = catalog_of({"a": Tags("A", ("X",), "Al"), "b": Tags("B")})
    album = catalog.album_of(TrackId(1))
    assert album is not None
    assert album.title == "Al"
    assert catalog.album_of(TrackId(2)) is None


def test_an_empty_catalog() -> None:
    catalog = Catalog()
    catalog.prepare()
    assert len(catalog) == 0
    assert catalog.search("x").tolist() == []
    assert [catalog.order(column).tolist() for column in SortColumn] == [[]] * len(SortColumn)


def test_threads_may_share_it() -> None:
    catalog = _titled(*(f"song {number}" for number in range(500)))
    seen: list[tuple[int, int]] = []

    def use() -> None:
        catalog.prepare()
        seen.append((len(catalog.search("song")), int(catalog.order(SortColumn.TITLE)[10])))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(500, 10)] * 8


def test_every_order_is_prepared_before_it_is_asked_for() -> None:
    catalog = catalog_of({f"{row}.flac": Tags(title=f"Song {row}", year=row) for row in range(9)})
    catalog.prepare_orders(lambda: False)
    made = {column: catalog.order(column) for column in SortColumn}
    catalog.prepare_orders(lambda: False)
    assert all(catalog.order(column) is made[column] for column in SortColumn)


def test_the_orders_of_an_outdated_catalog_are_left_out() -> None:
    catalog = catalog_of({"a.flac": Tags(title="a")})
    asked: list[int] = []

    def is_outdated() -> bool:
        asked.append(1)
        return len(asked) > 2

    catalog.prepare_orders(is_outdated)
    assert len(asked) == 3
    assert set(catalog._orders._orders) == {(column, False) for column in list(SortColumn)[:2]}


def test_total_length_tells_what_is_missing() -> None:
    tags = {f"{number}.flac": Tags(str(number), duration_s=10.0 * number) for number in (1, 2, 3)}
    catalog = catalog_of(tags)
    assert catalog.total_s([TrackId(3), TrackId(1), TrackId(9), TrackId(1)]) == (50.0, [9])
    assert Catalog().total_s([TrackId(1)]) == (0.0, [1])
