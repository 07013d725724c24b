import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, Qt, QUrl
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mecomp_desktop.domain.ids import AudioId, EntryId, RootId, TrackId
from mecomp_desktop.domain.queue import QueueEntry
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.ui.player import mime
from mecomp_desktop.ui.player.queue_model import CurrentRole, PlayedRole, QueueModel

MISSING = TrackId(99)


def track(number: int) -> Track:
    tags = Tags(f"Song {number}", ("Artist",), "Album", duration_s=60.0 * number)
    path = Path(f"/music/{number}.flac")
    return Track(TrackId(number), AudioId(str(number)), path, RootId(1), tags, True, 0.0)


def find(track_id: TrackId) -> Track | None:
    return None if track_id == MISSING else track(track_id)


def entries(*numbers: int, closeness: float | None = None) -> list[QueueEntry]:
    source = "user" if closeness is None else "radio"
    return [QueueEntry(EntryId(n), TrackId(n), closeness, source) for n in numbers]


def ids(model: QueueModel) -> list[int]:
    return [int(entry.id) for entry in model.entries]


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> Iterator[QueueModel]:
    made = QueueModel(find)
    # It goes on watching while the test changes the model.
    qtmodeltester.check(made)
    yield made
    qtmodeltester.check(made, force_py=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], [1, 2, 3]),
        ([1, 2, 3], []),
        ([1, 2, 3], [3, 1, 2]),
        ([1, 2, 3, 4, 5], [2, 4]),
        ([2, 4], [1, 2, 3, 4, 5]),
        ([1, 2, 3, 4], [9, 4, 8, 1, 7]),
    ],
)
def test_becomes_the_queue(model: QueueModel, before: Sequence[int], after: Sequence[int]) -> None:
    model.show_entries(entries(*before), None)
    model.show_entries(entries(*after), None)
    assert ids(model) == list(after)
    assert model.rowCount() == len(after)


def test_rows_keep_their_identity_through_every_change(model: QueueModel) -> None:
    model.show_entries(entries(1, 2, 3, 4, 5), None)
    followed = QPersistentModelIndex(model.index(3))
    gone = QPersistentModelIndex(model.index(0))
    model.show_entries(entries(9, 5, 4, 8, 2), None)
    assert followed.row() == 2
    assert not gone.isValid()


def test_is_never_reset(model: QueueModel, qtbot: QtBot) -> None:
    model.show_entries(entries(1, 2, 3), None)
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_entries(entries(3, 4), EntryId(4))


def test_unchanged_queue_draws_nothing_anew(model: QueueModel, qtbot: QtBot) -> None:
    model.show_entries(entries(1, 2), EntryId(1))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.show_entries(entries(1, 2), EntryId(1))


def test_marks_what_plays_and_what_was_played(model: QueueModel) -> None:
    model.show_entries(entries(1, 2, 3), EntryId(2))
    assert [model.index(row).data(CurrentRole) for row in range(3)] == [False, True, False]
    assert [model.index(row).data(PlayedRole) for row in range(3)] == [True, False, False]


def test_closeness_is_reported_in_words(model: QueueModel) -> None:
    model.show_entries(entries(1, closeness=0.873), None, "Blue Train")
    words = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "sounds close to Blue Train: 87 of 100" in words
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Song 1, Artist")


def test_song_that_left_the_library_is_named_so(model: QueueModel) -> None:
    model.show_entries([QueueEntry(EntryId(1), MISSING)], None)
    assert model.index(0).data() == "No longer in the library"
    assert model.time_left_s(0) == 0


def test_time_left_counts_from_the_current_song(model: QueueModel) -> None:
    model.show_entries(entries(1, 2, 3), EntryId(2))
    assert model.time_left_s(30) == pytest.approx(120 + 180 - 30)


def test_drag_carries_entries_and_tracks_in_the_order_of_rows(model: QueueModel) -> None:
    model.show_entries(entries(4, 5, 6), None)
    data = model.mimeData([model.index(2), model.index(0)])
    assert mime.unpack(data, mime.ENTRIES) == [4, 6]
    assert mime.unpack(data, mime.TRACKS) == [4, 6]


def test_drop_of_entries_is_a_move(model: QueueModel, qtbot: QtBot) -> None:
    model.show_entries(entries(1, 2, 3), None)
    data = model.mimeData([model.index(0)])
    with qtbot.waitSignal(model.entries_dropped) as dropped:
        model.dropMimeData(data, Qt.DropAction.MoveAction, 3, 0, QModelIndex())
    assert dropped.args == [[1], 3]


def test_drop_of_songs_and_of_files_is_reported_with_its_row(
    model: QueueModel, qtbot: QtBot
) -> None:
    model.show_entries(entries(1, 2), None)
    songs, files = QMimeData(), QMimeData()
    songs.setData(mime.TRACKS, mime.pack([7, 8]))
    files.setUrls([QUrl.fromLocalFile("/music/a b.flac"), QUrl("https://example.org/x")])
    with qtbot.waitSignal(model.tracks_dropped) as dropped:
        model.dropMimeData(songs, Qt.DropAction.CopyAction, 1, 0, QModelIndex())
    assert dropped.args == [[7, 8], 1]
    with qtbot.waitSignal(model.files_dropped) as dropped:
        model.dropMimeData(files, Qt.DropAction.CopyAction, -1, -1, QModelIndex())
    assert dropped.args == [[Path("/music/a b.flac")], 2]


@pytest.mark.parametrize("text", [b"", b"no json", b'{"a": 1}', b'["x", null]'])
def test_nonsense_from_another_program_is_no_song(text: bytes) -> None:
    data = QMimeData()
    data.setData(mime.TRACKS, text)
    assert mime.unpack(data, mime.TRACKS) == []


def test_a_name_cannot_turn_its_line_around() -> None:
    def find_turning(track_id: TrackId) -> Track:
        return dataclasses.replace(
            track(track_id), tags=Tags("t", ("evil\u202e",), "שלום", duration_s=1.0)
        )

    model = QueueModel(find_turning)
    model.show_entries(entries(1), EntryId(1))
    words = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "\u2068evil\u202e\u2069 — \u2068שלום\u2069" in words
