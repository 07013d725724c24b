import json
import random
from typing import Any

import pytest

from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import PlayQueue, Repeat


def ids(*numbers: int) -> list[TrackId]:
    return [TrackId(number) for number in numbers]


def tracks(queue: PlayQueue) -> list[int]:
    return [entry.track_id for entry in queue.entries]


def current(queue: PlayQueue) -> int | None:
    return queue.current.track_id if queue.current else None


def entry_of(queue: PlayQueue, track: int) -> EntryId:
    return next(entry.id for entry in queue.entries if entry.track_id == track)


@pytest.fixture
def queue() -> PlayQueue:
    made = PlayQueue(random.Random(1))
    made.replace(ids(1, 2, 3, 4, 5), 1)
    return made


def test_empty_queue_goes_nowhere() -> None:
    queue = PlayQueue()
    assert queue.current is None
    assert queue.next() is None
    assert queue.previous() is None
    assert queue.peek_next() is None
    queue.rewind()
    assert queue.current is None


def test_next_begins_a_queue_that_has_not_begun() -> None:
    queue = PlayQueue()
    queue.append(ids(7, 8))
    assert queue.current is None
    assert queue.peek_next() == queue.entries[0]
    assert queue.next() == queue.entries[0]


def test_next_stops_at_the_end(queue: PlayQueue) -> None:
    queue.jump(entry_of(queue, 5))
    assert queue.peek_next() is None
    assert queue.next() is None
    assert current(queue) == 5


def test_previous_stops_at_the_beginning(queue: PlayQueue) -> None:
    assert queue.previous() is not None
    assert queue.previous() is None
    assert current(queue) == 1


def test_repeat_all_goes_round_both_ways(queue: PlayQueue) -> None:
    queue.repeat = Repeat.ALL
    queue.jump(entry_of(queue, 5))
    assert queue.peek_next() == queue.entries[0]
    queue.next()
    assert current(queue) == 1
    queue.previous()
    assert current(queue) == 5


def test_repeat_one_follows_itself_but_next_goes_on(queue: PlayQueue) -> None:
    queue.repeat = Repeat.ONE
    assert queue.peek_next() == queue.current
    queue.next()
    assert current(queue) == 3


def test_repeat_all_of_one_song_repeats_it() -> None:
    queue = PlayQueue()
    queue.replace(ids(9))
    queue.repeat = Repeat.ALL
    assert queue.peek_next() == queue.current


@pytest.mark.parametrize("repeat", list(Repeat))
def test_following_names_each_entry_once(queue: PlayQueue, repeat: Repeat) -> None:
    queue.repeat = repeat
    following = [entry.track_id for entry in queue.following()]
    assert len(following) == len(set(following))
    expected = {Repeat.OFF: [3, 4, 5], Repeat.ONE: [2, 3, 4, 5], Repeat.ALL: [3, 4, 5, 1, 2]}
    assert following == expected[repeat]


def test_insert_next_follows_the_current(queue: PlayQueue) -> None:
    queue.insert_next(ids(8, 9))
    assert tracks(queue) == [1, 2, 8, 9, 3, 4, 5]
    assert current(queue) == 2


@pytest.mark.parametrize(
    ("moved", "to_row", "expected"),
    [
        ([4], 0, [4, 1, 2, 3, 5]),
        ([1], 5, [2, 3, 4, 5, 1]),
        ([1, 3], 4, [2, 4, 1, 3, 5]),
        ([2], 99, [1, 3, 4, 5, 2]),
        ([2], 1, [1, 2, 3, 4, 5]),
    ],
)
def test_move_keeps_what_plays(
    queue: PlayQueue, moved: list[int], to_row: int, expected: list[int]
) -> None:
    queue.move([entry_of(queue, track) for track in moved], to_row)
    assert tracks(queue) == expected
    assert current(queue) == 2


def test_a_move_that_changes_nothing_is_no_step(queue: PlayQueue) -> None:
    before = queue.order
    queue.move([entry_of(queue, 2)], 1)
    assert queue.order is before


def test_remove_current_leads_to_the_next_that_stays(queue: PlayQueue) -> None:
    queue.remove([entry_of(queue, 1), entry_of(queue, 2), entry_of(queue, 3)])
    assert tracks(queue) == [4, 5]
    assert current(queue) == 4


def test_remove_the_last_while_it_plays_leaves_none(queue: PlayQueue) -> None:
    queue.jump(entry_of(queue, 5))
    queue.remove([entry_of(queue, 5)])
    assert queue.current is None


def test_remove_and_clear_unknown_are_no_steps(queue: PlayQueue) -> None:
    before = queue.order
    queue.remove([EntryId(999)])
    assert queue.order is before
    empty = PlayQueue()
    empty.clear()
    assert empty.order == PlayQueue().order


def test_every_edit_can_be_put_back(queue: PlayQueue) -> None:
    first = queue.order
    for edit in (
        lambda: queue.append(ids(6)),
        lambda: queue.insert_next(ids(7)),
        lambda: queue.move([entry_of(queue, 5)], 0),
        lambda: queue.remove([entry_of(queue, 4)]),
        lambda: queue.replace(ids(20, 21)),
        queue.keep_current,
        queue.clear,
    ):
        edit()
        after = queue.order
        assert after.playing != first.playing
        queue.put_back(first)
        assert queue.order == first
        assert current(queue) == 2
        queue.put_back(after)
        assert queue.entries == after.playing
        queue.put_back(first)


def test_putting_back_keeps_what_plays_now(queue: PlayQueue) -> None:
    before = queue.order
    queue.append(ids(6))
    queue.jump(entry_of(queue, 4))
    queue.put_back(before)
    assert tracks(queue) == [1, 2, 3, 4, 5]
    assert current(queue) == 4


def test_a_cleared_queue_comes_back_though_shuffle_was_switched_on(queue: PlayQueue) -> None:
    before = queue.order
    queue.clear()
    queue.set_shuffle(True)
    queue.put_back(before)
    assert queue.shuffle
    assert sorted(tracks(queue)) == [1, 2, 3, 4, 5]
    assert current(queue) == 2
    queue.set_shuffle(False)
    assert tracks(queue) == [1, 2, 3, 4, 5]
    assert current(queue) == 2


def test_a_cleared_queue_comes_back_though_shuffle_was_switched_off(queue: PlayQueue) -> None:
    queue.set_shuffle(True)
    queue.next()
    plays, before = current(queue), queue.order
    queue.keep_current()
    queue.set_shuffle(False)
    queue.put_back(before)
    assert not queue.shuffle
    assert tracks(queue) == [1, 2, 3, 4, 5]
    assert current(queue) == plays


def test_keep_current_leaves_what_plays(queue: PlayQueue) -> None:
    queue.keep_current()
    assert tracks(queue) == [2]
    assert current(queue) == 2
    nothing = PlayQueue()
    nothing.append(ids(1))
    nothing.keep_current()
    assert tracks(nothing) == []


def test_shuffle_keeps_the_current_first_and_returns_to_order(queue: PlayQueue) -> None:
    queue.replace(ids(*range(30)), 10)
    queue.set_shuffle(True)
    assert current(queue) == 10
    assert queue.position == 0
    assert sorted(tracks(queue)) == list(range(30))
    assert tracks(queue)[1:] != [track for track in range(30) if track != 10]
    queue.set_shuffle(False)
    assert tracks(queue) == list(range(30))
    assert current(queue) == 10


def test_shuffled_order_is_stable_and_previous_goes_back_in_it(queue: PlayQueue) -> None:
    queue.set_shuffle(True)
    forth = [current(queue)] + [current(queue) for _ in range(4) if queue.next()]
    back = [current(queue)] + [current(queue) for _ in range(4) if queue.previous()]
    assert sorted(forth, key=str) == [1, 2, 3, 4, 5]
    assert back == forth[::-1]


def test_edits_while_shuffled_reach_both_orders(queue: PlayQueue) -> None:
    queue.set_shuffle(True)
    queue.append(ids(6))
    queue.insert_next(ids(7))
    queue.remove([entry_of(queue, 3)])
    assert tracks(queue)[1] == 7
    assert tracks(queue)[-1] == 6
    queue.set_shuffle(False)
    assert tracks(queue) == [1, 2, 7, 4, 5, 6]


def test_replace_while_shuffled_starts_where_asked(queue: PlayQueue) -> None:
    queue.set_shuffle(True)
    queue.replace(ids(11, 12, 13), 2)
    assert current(queue) == 13
    assert sorted(tracks(queue)) == [11, 12, 13]


@pytest.mark.parametrize("shuffle", [False, True])
def test_state_survives_json(queue: PlayQueue, shuffle: bool) -> None:
    queue.append(ids(6), source="radio", closeness=[0.5])
    queue.repeat = Repeat.ALL
    queue.set_shuffle(shuffle)
    queue.next()
    restored = PlayQueue()
    restored.from_state(json.loads(json.dumps(queue.to_state())), set(ids(*range(10))))
    assert tracks(restored) == tracks(queue)
    assert current(restored) == current(queue)
    assert restored.repeat is Repeat.ALL
    assert restored.shuffle is shuffle
    radio = restored.entry(entry_of(restored, 6))
    assert radio is not None
    assert (radio.source, radio.closeness) == ("radio", 0.5)
    restored.set_shuffle(False)
    assert tracks(restored) == [1, 2, 3, 4, 5, 6]


def test_state_drops_tracks_that_are_gone(queue: PlayQueue) -> None:
    restored = PlayQueue()
    restored.from_state(queue.to_state(), set(ids(1, 4, 5)))
    assert tracks(restored) == [1, 4, 5]
    assert current(restored) == 4


@pytest.mark.parametrize(
    "damage",
    [
        {"entries": [[1]]},
        {"entries": None},
        {"position": 99},
        {"repeat": "sometimes"},
        {"shuffle": True, "playing": [0, 0]},
    ],
)
def test_damaged_state_changes_nothing(queue: PlayQueue, damage: dict[str, Any]) -> None:
    before = queue.entries
    with pytest.raises(ValueError, match=r".+"):
        queue.from_state(PlayQueue().to_state() | damage, set())
    assert queue.entries == before


def test_radio_seeds_go_with_the_edits(queue: PlayQueue) -> None:
    queue.replace(ids(8), radio_seeds=ids(8))
    queue.append(ids(9), source="radio", closeness=[0.9])
    queue.set_shuffle(True)
    assert queue.radio_seeds == (8,)
    before = queue.order
    queue.clear()
    assert queue.radio_seeds == ()
    queue.put_back(before)
    assert queue.radio_seeds == (8,)
    restored = PlayQueue()
    restored.from_state(queue.to_state(), set(ids(8, 9)))
    assert restored.radio_seeds == (8,)
    queue.stop_radio()
    assert queue.radio_seeds == ()
    assert sorted(tracks(queue)) == [8, 9]


@pytest.mark.parametrize(("row", "playing"), [(0, 2), (1, 2), (2, 2), (99, 2), (-5, 2)])
def test_insert_keeps_what_plays(queue: PlayQueue, row: int, playing: int) -> None:
    queue.insert(ids(8, 9), row)
    at = min(max(row, 0), 5)
    assert tracks(queue)[at : at + 2] == [8, 9]
    assert current(queue) == playing
