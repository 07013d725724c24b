"""Edits: undone they give the first state, whatever they were, and keep what others did."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mecomp_desktop.domain import playlist as values
from mecomp_desktop.domain.ids import PlaylistId
from mecomp_desktop.domain.playlist import Playlists
from mecomp_desktop.domain.playlist_edit import PlaylistEdit, edit_between
from mecomp_desktop.domain.undo import UndoStack
from mecomp_desktop.playlists import arrangement
from mecomp_desktop.playlists.playlist_change import PlaylistChange
from tests.support.playlists import entry, folder, playlist

_START: Playlists = {
    known.id: known
    for known in (playlist(1, 1, 2, 3, place=0), folder(2, place=1), playlist(3, 4, parent=2))
}
Change = Callable[[Playlists], Playlists]


@dataclass
class World:
    """All playlists, and what was done to them."""

    playlists: Playlists
    stack: UndoStack

    def run(self, change: Change, scope: str = "playlists") -> None:
        edit = edit_between(self.playlists, change(self.playlists))
        self.stack.run(PlaylistChange("an edit", scope, edit, self.apply))

    def apply(self, edit: PlaylistEdit) -> None:
        self.playlists = edit.apply(self.playlists)


def _pick(draw: st.DrawFn, playlists: Playlists) -> PlaylistId | None:
    # In the order in which they came: the ids are drawn at random.
    return draw(st.sampled_from(list(playlists))) if playlists else None


def _entries_changed(draw: st.DrawFn, playlists: Playlists) -> Playlists:
    chosen = _pick(draw, playlists)
    if chosen is None or playlists[chosen].is_folder:
        return playlists
    entries = playlists[chosen].entries
    row = draw(st.integers(0, len(entries) + 1))
    some_ids = draw(st.sets(st.sampled_from([kept.id for kept in entries]))) if entries else set()
    kind = draw(st.sampled_from(["add", "remove", "move"]))
    if kind == "add":
        added = tuple(replace(entry(n), id=values.new_entry_id()) for n in range(draw(_SMALL)))
        entries = values.inserted(entries, added, row)
    elif kind == "remove":
        entries = values.without(entries, some_ids)
    else:
        entries = values.moved(entries, some_ids, row)
    return {**playlists, chosen: replace(playlists[chosen], entries=entries)}


def _list_changed(draw: st.DrawFn, playlists: Playlists) -> Playlists:
    chosen = _pick(draw, playlists)
    kind = draw(st.sampled_from(["create", "folder", "rename", "delete", "copy", "move"]))
    if kind in ("create", "folder") or chosen is None:
        made = arrangement.new_playlist(
            playlists,
            "New",
            (entry(7),) if kind == "create" else (),
            chosen,
            values.PlaylistKind.PLAYLIST if kind == "create" else values.PlaylistKind.FOLDER,
        )
        return {**playlists, made.id: made}
    if kind == "rename":
        return {
            **playlists,
            chosen: replace(playlists[chosen], name=draw(st.sampled_from(["", "Road", "café"]))),
        }
    if kind == "delete":
        return arrangement.without(playlists, [chosen])
    if kind == "copy":
        copied = arrangement.copy_of(playlists, playlists[chosen])
        return arrangement.placed_after(playlists, copied, chosen)
    parent = draw(st.sampled_from([None, *playlists]))
    if parent is not None and not playlists[parent].is_folder:
        parent = None
    return arrangement.arranged(playlists, [chosen], parent, draw(_SMALL))


_SMALL = st.integers(0, 3)


# No deadline and no check of speed: the machine may be busy with other tests.
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_sequence_of_edits_undone_gives_the_first_state(data: st.DataObject) -> None:
    world = World(_START, UndoStack())
    states = [world.playlists]
    for _ in range(data.draw(st.integers(1, 12))):
        changed = data.draw(st.sampled_from([_entries_changed, _list_changed]))

        @st.composite
        def after(draw: st.DrawFn, change: Callable[..., Playlists] = changed) -> Playlists:
            return change(draw, world.playlists)

        target = data.draw(after())
        world.run(lambda _now, target=target: target)
        assert world.playlists == target
        states.append(world.playlists)
    last = world.playlists
    for before in reversed(states[:-1]):
        world.stack.undo()
        assert world.playlists == before
    assert world.playlists == _START
    while world.stack.can_redo:
        world.stack.redo()
    assert world.playlists == last


def _edit(change: Change) -> PlaylistEdit:
    return edit_between(_START, change(_START))


def _with(playlist_id: int, **changes: object) -> Change:
    chosen = PlaylistId(playlist_id)
    return lambda now: {**now, chosen: replace(now[chosen], **changes)}


def _ids(playlists: Playlists, playlist_id: int) -> list[int]:
    return [int(kept.id) for kept in playlists[PlaylistId(playlist_id)].entries]


def test_an_edit_keeps_what_another_process_did_to_the_same_songs() -> None:
    moved = _edit(_with(1, entries=(entry(3), entry(1), entry(2))))
    # Another process has taken 1 out and put 8 in since.
    elsewhere = _with(1, entries=(entry(2), entry(3), entry(8)))(_START)
    assert _ids(moved.apply(elsewhere), 1) == [3, 2, 8]
    both = moved.apply(elsewhere)
    assert _ids(moved.reverse.apply(both), 1) == [2, 3, 8]


def test_an_edit_of_the_name_keeps_songs_added_elsewhere_and_the_other_way_round() -> None:
    renamed = _edit(_with(1, name="Road"))
    elsewhere = _with(1, entries=(entry(1), entry(9)))(_START)
    assert renamed.apply(elsewhere)[PlaylistId(1)].name == "Road"
    assert _ids(renamed.apply(elsewhere), 1) == [1, 9]
    added = _edit(_with(1, entries=(*_START[PlaylistId(1)].entries, entry(9))))
    assert added.apply(_with(1, name="Sea")(_START))[PlaylistId(1)].name == "Sea"


def test_what_was_deleted_elsewhere_is_not_changed() -> None:
    renamed = _edit(_with(1, name="Road"))
    assert PlaylistId(1) not in renamed.apply(arrangement.without(_START, [PlaylistId(1)]))


def test_an_edit_of_nothing_is_empty() -> None:
    assert not _edit(lambda now: dict(now)).after
