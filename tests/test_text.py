import pytest

from mecomp_desktop.text import (
    artist_key,
    artist_keys,
    clean,
    fold,
    isolated,
    plain,
    sort_key,
    without_guests,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Björk", "bjork"),
        ("MOTÖRHEAD", "motorhead"),
        ("Røyksopp", "royksopp"),
        ("Straße", "strasse"),
        ("Don\u2019t", "don't"),
        ("Sigur Rós – Ágætis", "sigur ros - agaetis"),
        ("Ёлка", "елка"),
        ("東京", "東京"),
        ("e\u0301", "e"),
        ("می\u200cخواهم", "میخواهم"),
        ("Do\xadnau", "donau"),
        ("a\u202eb\u202c", "ab"),
        ("ışık", "isik"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_names_sort_as_a_shelf_does() -> None:
    names = ["Track 10", "The Beatles", "Öl", "track 2", "Abba", "…And Justice", "Zebra", "Oma"]
    assert sorted(names, key=sort_key) == [
        "Abba",
        "…And Justice",
        "The Beatles",
        "Öl",
        "Oma",
        "track 2",
        "Track 10",
        "Zebra",
    ]


@pytest.mark.parametrize("name", ["The", "The The", "...", "'", ""])
def test_a_name_of_nothing_else_still_has_a_key(name: str) -> None:
    assert (sort_key(name) == "") == (name == "")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\0c\td\x07", "a b c d"),
        ("  a\u2028b\xa0c  ", "a b c"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("Do\xadnau", "Donau"),
        ("\ufeffAlbum", "Album"),
        ("evil\u202e3pm.\u202c", "evil\u202e3pm.\u202c"),
        ("Bjo\u0308rk", "Björk"),
        ("caf\udce9", "caf\ufffd"),
        ("\ud83c\udfb5", "🎵"),
        ("\0\n", ""),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
    assert clean(cleaned) == cleaned
    clean(text).encode()


@pytest.mark.parametrize("text", ["plain", "Björk – Jóga", "東京", "", "🎵"])
def test_texts_that_turn_nothing_are_not_isolated(text: str) -> None:
    assert isolated(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("שלום", "\u2068שלום\u2069"),
        ("evil\u202e3pm", "\u2068evil\u202e3pm\u2069"),
        ("A\u2066B\u2069", "\u2068A\u2066B\u2069\u2069"),
        ("open \u2067", "\u2068open \u2067\u2069\u2069"),
        ("escape\u2069\u202e", "\u2068escape\u202e\u2069"),
    ],
)
def test_isolated_texts_end_what_they_begin(text: str, shown: str) -> None:
    assert isolated(text) == shown
    begun = sum(shown.count(mark) for mark in "\u2066\u2067\u2068")
    assert begun == shown.count("\u2069")


@pytest.mark.parametrize(
    ("artist", "alone"),
    [
        ("A feat. B", "A"),
        ("A ft B & C", "A"),
        ("A (featuring B)", "A"),
        ("A [feat. B]", "A"),
        ("A Featuring B", "A"),
        ("Little Feat", "Little Feat"),
        ("Defeater", "Defeater"),
        ("Simon & Garfunkel", "Simon & Garfunkel"),
        ("feat. B", "feat. B"),
    ],
)
def test_without_guests(artist: str, alone: str) -> None:
    assert without_guests(artist) == alone


def test_who_counts_as_one_artist() -> None:
    assert artist_key("Røyksopp feat. Robyn") == artist_key("ROYKSOPP") == "royksopp"
    assert artist_key("!!!") != artist_key("???")
    assert plain("AC/DC") == plain("AC-DC")
    assert artist_keys(["A feat. B", "a", "Various Artists", ""]) == {"a"}
