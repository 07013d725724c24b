import pytest

from mecomp_desktop.text import fold, sort_key


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
