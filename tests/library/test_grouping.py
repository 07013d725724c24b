from mecomp_desktop.domain.album import VARIOUS_ARTISTS, Album
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.catalog import Catalog
from tests.support.library import catalog_of


def _albums(**tags: Tags) -> tuple[Album, ...]:
    return catalog_of({path.replace("__", "/"): one for path, one in tags.items()}).albums()


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
