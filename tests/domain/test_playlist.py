from mecomp_desktop.domain.ids import PlaylistId
from mecomp_desktop.domain.playlist import (
    PlaylistEntries,
    by_name,
    children,
    copies_of,
    free_name,
    in_order,
    inserted,
    moved,
    subtree,
    without,
)
from tests.support.playlists import entry, folder, playlist

_FOUR = tuple(map(entry, (1, 2, 3, 4)))


def _numbers(entries: PlaylistEntries) -> list[int]:
    return [int(kept.id) for kept in entries]


def test_entries_go_where_they_are_put() -> None:
    assert _numbers(inserted(_FOUR, (entry(9),), 1)) == [1, 9, 2, 3, 4]
    assert _numbers(inserted(_FOUR, (entry(9),), 99)) == [1, 2, 3, 4, 9]
    assert _numbers(without(_FOUR, {_FOUR[0].id, _FOUR[3].id})) == [2, 3]


def test_moved_entries_keep_their_order_and_go_before_the_row() -> None:
    first_and_third = {_FOUR[0].id, _FOUR[2].id}
    assert _numbers(moved(_FOUR, first_and_third, 4)) == [2, 4, 1, 3]
    assert _numbers(moved(_FOUR, first_and_third, 0)) == [1, 3, 2, 4]
    assert _numbers(moved(_FOUR, first_and_third, 2)) == [2, 1, 3, 4]


def test_copies_are_other_entries_of_the_same_songs() -> None:
    copies = copies_of(_FOUR)
    assert [kept.audio_id for kept in copies] == [kept.audio_id for kept in _FOUR]
    assert not {kept.id for kept in copies} & {kept.id for kept in _FOUR}


def test_the_list_is_a_tree_in_the_order_of_places() -> None:
    playlists = {
        known.id: known
        for known in (
            playlist(1, place=1),
            folder(2, place=0),
            playlist(3, place=1, parent=2),
            playlist(4, place=0, parent=2),
            folder(5, place=2, parent=2),
            playlist(6, parent=5),
        )
    }
    assert [known.id for known in in_order(playlists)] == [2, 4, 3, 5, 6, 1]
    assert {known.id for known in subtree(playlists, PlaylistId(2))} == {2, 3, 4, 5, 6}


def test_what_stands_in_no_folder_stands_at_the_top() -> None:
    lost = playlist(1, parent=77)
    held_by_no_folder = playlist(3, parent=2)
    playlists = {known.id: known for known in (lost, playlist(2), held_by_no_folder)}
    assert [known.id for known in children(playlists, None)] == [1, 2, 3]


def test_folders_that_hold_each_other_are_still_listed() -> None:
    playlists = {known.id: known for known in (folder(1, parent=2), folder(2, parent=1))}
    assert [known.id for known in in_order(playlists)] == [1, 2]


def test_names_that_are_taken_get_a_number() -> None:
    assert free_name("Road", []) == "Road"
    assert free_name("Road", ["road", "Road 2"]) == "Road 3"


def test_a_name_finds_its_exact_case_first() -> None:
    playlists = {known.id: known for known in (playlist(1, name="ROAD"), playlist(2, name="Road"))}
    assert [known.id for known in by_name(playlists, "Road")] == [2]
    assert [known.id for known in by_name(playlists, "road")] == [1, 2]
    assert not by_name(playlists, "Rail")
