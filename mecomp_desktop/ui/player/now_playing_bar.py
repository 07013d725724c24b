"""The bar below the pages: the song that plays, and everything that steers it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.playback.snapshots import PlayerStatus, QueueSnapshot
from mecomp_desktop.text import isolated
from mecomp_desktop.ui.actions import keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import count
from mecomp_desktop.ui.formatting import position as clock
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.player.cover_label import CoverLabel
from mecomp_desktop.ui.player.heart_button import HeartButton
from mecomp_desktop.ui.player.transport import Transport
from mecomp_desktop.ui.player.volume import Volume
from mecomp_desktop.ui.player.waveform import Waveform
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.theme.theme import tabular
from mecomp_desktop.ui.widgets.basics import ToolButton, button, icon_button, label, surface
from mecomp_desktop.ui.widgets.elided_label import ElidedButton, ElidedLabel

_PLAYING_MS = 100
_WAITING_MS = 400
_COVER_PX = 64
_HEIGHT_PX = 88


class NowPlayingBar(QWidget):
    """Shows what plays and steers it.

    It asks for the player's status on a timer, only while it can be seen.

    Signals:
        show_track: The listener wants to see this track (its id) in the list.
        radio_wanted: The listener wants a radio from the song that plays (its track id).
        queue_wanted: The listener wants the queue to be shown, or hidden.
    """

    show_track = Signal(int)
    radio_wanted = Signal(int)
    queue_wanted = Signal()

    def __init__(
        self,
        app: Application,
        bridge: Bridge,
        songs: SongActions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._track: Track | None = None
        self._track_id: TrackId | None = None
        surface(self)
        self.setFixedHeight(_HEIGHT_PX)
        self.transport = Transport(app, bridge)
        self.volume = Volume(app, bridge)
        self.waveform = Waveform(bridge)
        self._cover = CoverLabel(app, bridge, _COVER_PX)
        self._title = ElidedButton(bridge, f"Show it in the list  ({keys_of('go.playing')})", 14)
        self._title.clicked.connect(self.go_to_playing)
        self._by = ElidedLabel("muted")
        songs = songs or SongActions(app, bridge)
        self.heart = HeartButton(app, bridge, songs)
        self._time = self._time_label()
        self._radio = self._radio_button()
        self.queue_button = self._queue_button()
        self._lay_out()
        self.waveform.sought.connect(self._sought)
        self.waveform.scrubbed.connect(self._show_time)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        bridge.on(app.playback.queue_changed, self.refresh, self)
        bridge.on(app.library.changed, self._tags_changed, self)
        self._show_track()
        self.refresh()

    @property
    def title(self) -> str:
        """The title that is shown; empty where nothing plays."""
        return self._title.text()

    @property
    def by(self) -> str:
        """Artist and album as shown."""
        return self._by.whole

    @property
    def time(self) -> str:
        """Elapsed and total time as shown."""
        return self._time.text()

    @property
    def is_following(self) -> bool:
        """Whether it asks for the player's status now and then."""
        return self._timer.isActive()

    def go_to_playing(self) -> None:
        """Ask for the song that plays to be shown in the list."""
        if self._track_id is not None:
            self.show_track.emit(int(self._track_id))

    def show_position(self, position_s: float) -> None:
        """Show a place in the song at once, before the player has gone there."""
        self.waveform.show_position(position_s)
        self._show_time(position_s)

    def show_queue_shown(self, shown: bool) -> None:
        """Show whether the queue can be seen."""
        self.queue_button.setChecked(shown)
        words = "Hide the queue" if shown else "Show the queue"
        self.queue_button.setToolTip(f"{words}  ({keys_of('view.queue')})")

    # Following the player

    def refresh(self) -> None:
        """Show what the player does now."""
        status = self._app.playback.status()
        queue = self._app.playback.queue_snapshot()
        self._follow_track(status)
        self.transport.show_playing(status.state is PlayerState.PLAYING)
        self.transport.show_modes(queue.repeat, queue.shuffle)
        self.volume.show_volume(status.volume, status.muted)
        self.waveform.show_position(status.position_s)
        if not self.waveform.isSliderDown():
            self._show_time(status.position_s)
        self._show_queue_count(queue)
        self._set_pace(playing=status.state is PlayerState.PLAYING)

    @guarded()
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the player from now on."""
        super().showEvent(event)
        self.refresh()

    @guarded()
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Nobody looks: ask no more."""
        super().hideEvent(event)
        self._timer.stop()

    def _show_queue_count(self, queue: QueueSnapshot) -> None:
        number = len(queue.entries)
        self.queue_button.setText(f"{number:,}" if number else "")
        self.queue_button.setAccessibleName(f"Queue, {count(number, 'song')}")

    def _set_pace(self, *, playing: bool) -> None:
        if not self.isVisible():
            self._timer.stop()
            return
        pace = _PLAYING_MS if playing else _WAITING_MS
        if not self._timer.isActive() or self._timer.interval() != pace:
            self._timer.start(pace)

    def _follow_track(self, status: PlayerStatus) -> None:
        duration_ms = round(status.duration_s * 1000)
        if status.track_id == self._track_id:
            if duration_ms and duration_ms != self.waveform.maximum():
                peaks = self.waveform.peaks
                self.waveform.show_song(status.duration_s)
                self.waveform.show_peaks(peaks)
            return
        self._track_id = status.track_id
        self._show_track()
        track = self._track
        self.waveform.show_song(status.duration_s or (track.duration_s if track else 0.0))
        if status.track_id is not None:
            self._ask_for_peaks(status.track_id)

    def _tags_changed(self) -> None:
        if self._track_id is not None:
            self._cover.forget()
            self._show_track()

    def _show_track(self) -> None:
        track = self._app.library.track(self._track_id) if self._track_id is not None else None
        self._track = track
        self._cover.show_track(track)
        self._title.show_text(track.title if track else "")
        self._title.setVisible(track is not None)
        nothing = "Nothing plays" if self._track_id is None else "No longer in the library"
        by = f"{isolated(track.artist)} — {isolated(track.album)}" if track else nothing
        self._by.show_text(by)
        self._radio.setEnabled(track is not None)
        self.heart.show_track(self._track_id)

    def _ask_for_peaks(self, track_id: TrackId) -> None:
        def arrived(peaks: bytes | None) -> None:
            if peaks and track_id == self._track_id:
                self.waveform.show_peaks(peaks)

        # Without its shape, the song keeps the plain bar: nothing to tell the listener.
        self._bridge.run(
            lambda: self._app.library.peaks(track_id), arrived, self, failed=lambda _error: None
        )

    def _show_time(self, position_s: float) -> None:
        total = self.waveform.maximum() / 1000
        self._time.setText(f"{clock(position_s)} / {clock(total)}" if total else "")

    # What the listener does

    def _sought(self, position_s: float) -> None:
        self._app.playback.seek(position_s)
        self._show_time(position_s)

    def _start_radio(self) -> None:
        if self._track_id is not None:
            self.radio_wanted.emit(int(self._track_id))

    # How it is laid out

    def _radio_button(self) -> QPushButton:
        made = button("Start radio", self._start_radio, "quiet")
        self._bridge.icons.bind(made, "radio", "accent")
        made.setToolTip(f"Queue songs that sound close to this one  ({keys_of('radio.start')})")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    def _queue_button(self) -> ToolButton:
        made = icon_button(self._bridge, "queue", "Queue", self.queue_wanted.emit, size_px=16)
        # With its number: in a narrow window this button is all that is seen of the queue.
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setCheckable(True)
        return made

    @staticmethod
    def _time_label() -> QLabel:
        made = label("", "muted")
        made.setFont(tabular(made.font()))
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        made.setMinimumWidth(made.fontMetrics().horizontalAdvance("00:00 / 00:00"))
        made.setAccessibleName("Time")
        return made

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(self._title)
        words.addWidget(self._by)
        words.addStretch()
        right = QGridLayout()
        right.setHorizontalSpacing(16)
        right.setVerticalSpacing(0)
        right.addWidget(self.waveform, 0, 0)
        right.addWidget(self._time, 0, 1)
        right.addWidget(self.volume, 0, 2)
        right.addWidget(self.queue_button, 1, 1, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self._radio, 1, 2, Qt.AlignmentFlag.AlignRight)
        right.setColumnStretch(0, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(16)
        layout.addWidget(self._cover)
        layout.addLayout(words, 3)
        layout.addWidget(self.heart)
        layout.addWidget(self.transport)
        layout.addLayout(right, 7)
