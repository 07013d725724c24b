import pytest

from mecomp_desktop.domain.album import VARIOUS_ARTISTS, Album
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.catalog import Catalog
from tests.support.library import catalog_of


def _albums(**tags: Tags) -> tuple[Album, ...]:
    return catalog_of(
        {path.replace("__", "/"): song_tags for path, song_tags in tags.items()}
    ).albums()


def test_tracks_of_an_album_stand_by_disc_and_number() -> None:
    (album,) = _albums(
        a=Tags("D", ("X",), "Al", track_number=1, disc_number=2, duration_s=4),
        b=Tags("C", ("X",), "Al", track_number=10, disc_number=1, duration_s=3),
        c=Tags("B", ("X",), "Al", track_number=2, disc_number=1, duration_s=2, year=1999),
    )
    assert (album.title, album.artist, album.year) == ("Al", "X", 1999)
    assert album.track_ids == (3, 2, 1)
    assert album.duration_s == 9


def test_the_album_artist_holds_an_album_together() -> None:
    (album,) = _albums(
        one__a=Tags("A", ("X",), "Al", "Both"), two__b=Tags("B", ("Y",), "al", "both")
    )
    assert album.artist == "Both"
    assert len(album.track_ids) == 2


def test_a_compilation_without_album_artist_is_held_by_its_folder() -> None:
    albums = _albums(
        one__a=Tags("A", ("X",), "Hits"),
        one__b=Tags("B", ("Y",), "Hits"),
        two__c=Tags("C", ("Z",), "Hits"),
    )
    assert [(album.artist, len(album.track_ids)) for album in albums] == [
        (VARIOUS_ARTISTS, 2),
        ("Z", 1),
    ]


def test_the_folders_of_discs_are_one_album() -> None:
    catalog = catalog_of(
        {
            "Hits/CD1/a": Tags("A", ("X",), "Hits"),
            "Hits/CD 2/b": Tags("B", ("Y",), "Hits"),
            "Hits/disc_3/c": Tags("C", ("Y",), "Hits"),
        }
    )
    assert [len(album.track_ids) for album in catalog.albums()] == [3]


def test_one_artist_in_two_folders_is_one_album() -> None:
    assert len(_albums(one__a=Tags("A", ("X",), "Al"), two__b=Tags("B", ("x",), "Al"))) == 1


def test_equal_titles_by_two_artists_are_two_albums() -> None:
    albums = _albums(a=Tags("A", ("X",), "Best", "X"), b=Tags("B", ("Y",), "Best", "Y"))
    assert [album.artist for album in albums] == ["X", "Y"]
    assert len({album.key for album in albums}) == 2


def test_no_album_tag_no_album() -> None:
    assert _albums(a=Tags("A", ("X",))) == ()


def test_albums_stand_by_artist_year_and_title() -> None:
    albums = _albums(
        a=Tags("t", ("B",), "Old", "B", year=1970),
        b=Tags("t", ("B",), "Older", "B", year=1960),
        c=Tags("t", ("The A",), "Z", "The A", year=2000),
    )
    assert [album.title for album in albums] == ["Z", "Older", "Old"]


def test_keys_stay_when_the_library_grows() -> None:
    before = _albums(a=Tags("A", ("X",), "Al"))
    after = _albums(a=Tags("A", ("X",), "Al"), b=Tags("B", ("Y",), "Aaa"))
    assert before[0].key in {album.key for album in after}


def test_a_song_by_two_is_found_under_both() -> None:
    catalog = catalog_of(
        {"a": Tags("A", ("Björk", "Y"), "Al", "Both"), "b": Tags("B", ("BJÖRK",), "Al", "Both")}
    )
    artists = {artist.name: artist for artist in catalog.artists()}
    assert {name: len(artist.track_ids) for name, artist in artists.items()} == {
        "Björk": 2,
        "Both": 2,
        "Y": 1,
    }
    assert artists["Both"].album_keys == (catalog.albums()[0].key,)


def test_the_commonest_spelling_names_the_artist() -> None:
    catalog = catalog_of(
        {
            "a": Tags("A", ("ABBA",)),
            "b": Tags("B", ("Abba",)),
            "c": Tags("C", ("Abba",)),
        }
    )
    assert [artist.name for artist in catalog.artists()] == ["Abba"]


def test_nothing_makes_nothing() -> None:
    assert Catalog().albums() == ()
    assert Catalog().artists() == ()


def _of(*tags: Tags, folder: str = "Al") -> list[tuple[str, int]]:
    catalog = catalog_of({f"{folder}/{row:02}": song_tags for row, song_tags in enumerate(tags)})
    return [(album.artist, len(album.track_ids)) for album in catalog.albums()]


def test_half_of_the_files_without_album_artist_make_one_album() -> None:
    named = [Tags("t", ("X",), "Al", "X", track_number=number) for number in range(1, 6)]
    unnamed = [Tags("t", ("X",), "Al", track_number=number) for number in range(6, 11)]
    assert _of(*named, *unnamed) == [("X", 10)]
    guests = [Tags("t", ("Y",), "Al", track_number=11), Tags("t", ("X feat. Z",), "Al")]
    assert _of(*named, *unnamed, *guests) == [("X", 12)]


def test_half_of_a_compilation_without_album_artist() -> None:
    named = [
        Tags("t", (f"A{row}",), "Al", "Various Artists", track_number=row) for row in range(1, 5)
    ]
    unnamed = [Tags("t", (f"A{row}",), "Al", track_number=row) for row in range(5, 9)]
    assert _of(*named, *unnamed) == [("Various Artists", 8)]


@pytest.mark.parametrize("guest", [("Y",), ("Y", "X"), ("X", "Y"), ("X feat. Y",), ("Y feat. X",)])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_guest_on_one_song(guest: tuple[str, ...], numbered: bool) -> None:
    artists = [("X",)] * 9 + [guest]
    tags = [
        Tags("t", names, "Al", track_number=row if numbered else None)
        for row, names in enumerate(artists, 1)
    ]
    assert _of(*tags) == [("X", 10)]


@pytest.mark.parametrize("numbered", [True, False])
def test_two_collections_of_one_name_in_one_folder(numbered: bool) -> None:
    tags = [
        Tags(f"{name} {row}", (name,), "Greatest Hits", track_number=row if numbered else None)
        for name, count in (("X", 8), ("Y", 5))
        for row in range(1, count + 1)
    ]
    assert _of(*tags) == [("X", 8), ("Y", 5)]


def test_a_split_album_of_two_artists_is_one() -> None:
    tags = [Tags("t", ("X" if row < 5 else "Y",), "Al", track_number=row) for row in range(1, 9)]
    assert _of(*tags) == [(VARIOUS_ARTISTS, 8)]


def test_a_compilation_with_the_same_number_everywhere() -> None:
    tags = [Tags("t", (f"A{row}",), "Al", track_number=1) for row in range(12)]
    assert _of(*tags) == [(VARIOUS_ARTISTS, 12)]


def test_two_albums_of_which_one_names_its_artist() -> None:
    named = [Tags("t", ("X",), "Hits", "X", track_number=row) for row in range(1, 6)]
    unnamed = [Tags("t", ("Y",), "Hits", track_number=row) for row in range(1, 6)]
    assert _of(*named, *unnamed) == [("X", 5), ("Y", 5)]


@pytest.mark.parametrize("numbers", [(1, 2, 3), (None, None, None)])
def test_a_compilation_in_its_artists_folders(numbers: tuple[int | None, ...]) -> None:
    catalog = catalog_of(
        {
            f"Artist{row}/Hits/{row}": Tags(
                "t", (f"A{row}",), "Hits 88", track_number=number, compilation=True
            )
            for row, number in enumerate(numbers)
        }
    )
    (album,) = catalog.albums()
    assert (album.artist, len(album.track_ids)) == (VARIOUS_ARTISTS, 3)


def test_flagged_collections_of_single_artists_stay_apart() -> None:
    catalog = catalog_of(
        {
            f"{name}/Hits/{row}": Tags("t", (name,), "Hits", track_number=row, compilation=True)
            for name in "XY"
            for row in range(1, 9)
        }
    )
    assert [album.artist for album in catalog.albums()] == ["X", "Y"]


def test_without_the_flag_folders_stay_apart() -> None:
    catalog = catalog_of({f"{name}/Hits/1": Tags("t", (name,), "Hits") for name in "XY"})
    assert len(catalog.albums()) == 2


def test_songs_of_two_folders_stand_in_the_order_of_the_album() -> None:
    catalog = catalog_of(
        {
            "a/1": Tags("t", ("X",), "Al", "X", track_number=1),
            "b/2": Tags("t", ("X",), "Al", track_number=2),
            "a/3": Tags("t", ("X",), "Al", "X", track_number=3),
        }
    )
    assert [album.track_ids for album in catalog.albums()] == [(1, 2, 3)]


def test_sides_stand_one_after_the_other() -> None:
    (album,) = _albums(
        a=Tags("t", ("X",), "Al", track_number=1, side="B"),
        b=Tags("t", ("X",), "Al", track_number=2, side="A"),
        c=Tags("t", ("X",), "Al", track_number=2, side="B"),
        d=Tags("t", ("X",), "Al", track_number=1, side="A"),
        e=Tags("t", ("X",), "Al", track_number=1, side="A", disc_number=2),
    )
    assert album.track_ids == (4, 2, 1, 3, 5)


def test_a_song_with_a_guest_is_among_the_artists_own() -> None:
    catalog = catalog_of(
        {
            "a": Tags("A", ("Röyksopp",), "Al"),
            "b": Tags("B", ("Röyksopp feat. Robyn",), "Al"),
            "c": Tags("C", ("Röyksopp ft. Robyn",)),
        }
    )
    assert [(artist.name, len(artist.track_ids)) for artist in catalog.artists()] == [
        ("Röyksopp", 3)
    ]
    assert [album.artist for album in catalog.albums()] == ["Röyksopp"]


def test_nobodys_songs_are_not_those_of_various_artists() -> None:
    catalog = catalog_of(
        {
            "a": Tags("A", ("Unknown Artist",), "Al"),
            "b": Tags("B", ("X",), "Other", "Various Artists"),
            "c": Tags("C", (), "Third"),
        }
    )
    assert {artist.name for artist in catalog.artists()} == {
        "Unknown Artist",
        "Various Artists",
        "X",
    }
    assert len(catalog.albums()) == 3
