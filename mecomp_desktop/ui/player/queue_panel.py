"""The panel at the right: what plays next, where it comes from, and every change to it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import EntryId, TrackId
from mecomp_desktop.domain.queue import StopAfter
from mecomp_desktop.domain.undo import Command
from mecomp_desktop.ui.action import menu_of
from mecomp_desktop.ui.actions import QUEUE_ACTIONS, keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import count, remaining
from mecomp_desktop.ui.player.dropped_files import songs_of
from mecomp_desktop.ui.player.queue_empty import EmptyQueue
from mecomp_desktop.ui.player.queue_model import QueueModel
from mecomp_desktop.ui.player.queue_source import QueueSource
from mecomp_desktop.ui.player.queue_view import QueueView
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import icon_button, label, line, surface
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel

_CLOCK_MS = 5_000


class QueuePanel(QWidget):
    """Shows the queue and hands every change of it to the playback service.

    Signals:
        show_track: The listener wants to see this track (its id) in the list.
        radio_wanted: The listener wants a radio from these tracks (list of ids).
    """

    show_track = Signal(int)
    radio_wanted = Signal(list)

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._playback = app.playback
        self._bridge = bridge
        self._current: EntryId | None = None
        surface(self)
        self.model = QueueModel(app.library.track, self, self._total_s)
        self.view = QueueView(self.model, bridge)
        self._left = ElidedLabel("caption")
        policy = self._left.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._left.setSizePolicy(policy)
        self._undo = self._tool("arrow-counter-clockwise", "Undo", self.undo, "edit.undo")
        self._clear = self._tool("trash", "Clear the queue", self.clear, "")
        self.source = QueueSource(app, bridge)
        self._pages = QStackedWidget()
        surface(self._pages)
        self._empty = EmptyQueue(bridge)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(_CLOCK_MS)
        self._timer.timeout.connect(self._show_time_left)
        self.refresh()

    @property
    def is_empty(self) -> bool:
        """Whether it says how to fill the queue, instead of showing it."""
        return self._pages.currentWidget() is self._empty

    @property
    def time_left(self) -> str:
        """What is still to come, as shown."""
        return self._left.whole

    def take_keyboard(self) -> None:
        """Bring the keyboard to the list, on the song that plays."""
        if not self.view.currentIndex().isValid() and self.model.entries:
            self.view.setCurrentIndex(self.model.index(max(0, self.model.current_row)))
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # Following the service

    def refresh(self) -> None:
        """Show the queue as it is now."""
        snapshot = self._playback.queue_snapshot()
        self.source.show_seeds(snapshot.radio_seeds)
        self.model.show_entries(snapshot.entries, snapshot.current_id, self.source.title)
        has_songs = bool(snapshot.entries)
        self._pages.setCurrentIndex(int(has_songs))
        self._clear.setEnabled(has_songs)
        self._show_undo()
        self._show_time_left()
        if snapshot.current_id != self._current:
            self._current = snapshot.current_id
            self._reveal_current()

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep the time that is left up to date while it can be seen."""
        super().showEvent(event)
        self._timer.start()
        self._reveal_current()

    @guarded()
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _show_undo(self) -> None:
        self._undo.setEnabled(self._app.undo.can_undo)

    def _reveal_current(self) -> None:
        # The song that plays stands near the top, with the last one above it.
        if self.model.current_row >= 0 and not self.view.hasFocus():
            top = self.model.index(max(0, self.model.current_row - 1))
            self.view.scrollTo(top, QueueView.ScrollHint.PositionAtTop)

    def _total_s(self, track_ids: Sequence[TrackId]) -> float:
        """Return how long tracks are together, without making a `Track` of each."""
        total_s, missing = self._app.library.catalog().total_s(track_ids)
        tracks = map(self._app.library.track, missing)
        return total_s + sum(track.duration_s for track in tracks if track is not None)

    def _show_time_left(self) -> None:
        left_s = self.model.time_left_s(self._playback.status().position_s)
        to_come = len(self.model.entries) - self.model.current_row - 1
        songs = count(to_come, "song") if to_come else "the last song"
        stop_after = self._playback.queue_snapshot().stop_after
        if stop_after is not StopAfter.NOTHING:
            self._left.show_text(f"The music stops after this {stop_after}")
            self._left.setVisible(True)
            return
        self._left.show_text(f"{songs} · {remaining(left_s)}" if left_s else "")
        self._left.setVisible(left_s > 0)

    # Changes

    def undo(self) -> None:
        """Take back what was done last."""
        self._app.undo.undo()

    def clear(self) -> None:
        """Empty the queue, with a way back."""
        if self.model.entries:
            step = self._playback.clear()
            playing_on = bool(self._playback.queue_snapshot().entries)
            words = "The queue is empty now"
            if playing_on:
                words = "The queue is empty now but for the song that plays"
            self._offer_undo(f"{words}.", step)

    def remove(self, entry_ids: list[EntryId]) -> None:
        """Take songs out, with a way back."""
        step = self._playback.remove(entry_ids)
        self._offer_undo(f"{count(len(entry_ids), 'song')} removed from the queue.", step)

    def _offer_undo(self, words: str, step: Command | None) -> None:
        """Say what was done, with a button that takes this back, whatever was done since."""
        if step is not None:
            self._bridge.show_message(words, "Undo", lambda: self._app.undo.undo_command(step))

    def add_tracks(self, track_ids: list[TrackId], row: int | None = None) -> None:
        """Queue songs before a row; at the end without one."""
        if not track_ids:
            return
        if row is None:
            self._playback.enqueue(track_ids)
        else:
            self._playback.insert(track_ids, row)

    def add_files(self, paths: list[Path], row: int | None = None) -> None:
        """Queue the songs of files and folders; a folder without any is offered to be added."""

        def found(result: tuple[list[TrackId], list[Path]]) -> None:
            track_ids, unknown = result
            self.add_tracks(track_ids, row)
            for folder in unknown[:1]:
                self._offer_folder(folder)

        self._bridge.run(lambda: songs_of(self._app.library, paths), found, self)

    def _offer_folder(self, folder: Path) -> None:
        self._bridge.show_message(
            f"{folder.name or folder} is not among your music folders.",
            "Add it",
            lambda: self._app.open_paths([folder]),
        )

    def _entries_dropped(self, entry_ids: list[EntryId], row: int) -> None:
        self._playback.move(entry_ids, row)

    # The menu of a row

    def _show_menu(self, where: QPoint) -> None:
        if self.view.selected_rows():
            menu = menu_of(QUEUE_ACTIONS, self.view, self._bridge.icons, self)
            menu.popup(self.view.viewport().mapToGlobal(where))

    # How it is put together

    def _tool(self, icon: str, name: str, clicked: Callable[[], object], action_id: str) -> QWidget:
        keys = keys_of(action_id) if action_id else ""
        return icon_button(self._bridge, icon, name, clicked, keys, 16)

    def _connect(self) -> None:
        playback, view, model = self._playback, self.view, self.model
        self._bridge.on(playback.queue_changed, self.refresh, self)
        self._bridge.on(self._app.undo.changed, self._show_undo, self)
        self._bridge.on(self._app.library.changed, self._tags_changed, self)
        view.jump_wanted.connect(playback.jump)
        view.removal_wanted.connect(self.remove)
        view.move_wanted.connect(playback.move)
        view.customContextMenuRequested.connect(self._show_menu)
        view.radio_wanted.connect(self.radio_wanted)
        view.show_wanted.connect(self.show_track)
        model.entries_dropped.connect(self._entries_dropped)
        model.tracks_dropped.connect(self.add_tracks)
        model.files_dropped.connect(self.add_files)
        self._empty.tracks_dropped.connect(self.add_tracks)
        self._empty.files_dropped.connect(self.add_files)

    def _tags_changed(self) -> None:
        self.refresh()
        self.model.refresh_tracks()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Up next", "heading"))
        words.addWidget(self._left)
        head = QHBoxLayout()
        head.setContentsMargins(16, 16, 8, 8)
        head.setSpacing(4)
        head.addLayout(words, 1)
        head.addWidget(self._undo, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line())
        column.addSpacing(4)
        column.addWidget(self._pages, 1)
        column.addWidget(self.source)
