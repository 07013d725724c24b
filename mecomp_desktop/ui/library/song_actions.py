"""What can be done with songs, wherever they are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import SubjectKind
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.rating_actions import RatingActions

MAX_QUEUED = 1000
"""So many songs go into the queue at most when one is played from a long list."""
MAX_CHOSEN = 50
"""So many selected songs count as chosen one by one; more were selected as a whole."""
MAX_SEEDS = 50
"""So many of the selected songs a radio starts from at most."""


BATCH_SIZE = 500
"""So many songs are queued without a wait; more would hold up the window."""


class SongActions(QObject):
    """Plays, queues and starts radio.

    Attributes:
        ratings: Likes, rates and puts away.

    Signals:
        album_wanted: The id of a song whose album the listener wants to see.
        playlist_wanted: Songs (list of ids) that a playlist is to be chosen for.
    """

    album_wanted = Signal(object)
    playlist_wanted = Signal(list)

    def __init__(self, app: Application, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent or bridge)
        self._app = app
        self._bridge = bridge
        self.ratings = RatingActions(app, bridge)

    def play(self, ids: Sequence[TrackId], chosen: Sequence[TrackId] | None = None) -> None:
        """Play these songs in place of the queue, from the first.

        Args:
            ids: The songs.
            chosen: Those that were selected one by one, which a shuffle plays even if they are
                never to be played again; the first by default.
        """
        if ids:
            self._app.playback.play_tracks(list(ids[:MAX_QUEUED]), chosen=chosen)

    def play_next(self, ids: Sequence[TrackId]) -> None:
        """Put these songs right behind the one that plays."""
        if ids:
            words = f"{formatting.count(len(ids), 'song')} will play next."
            self._queue(self._app.playback.play_next, ids, words)

    def enqueue(self, ids: Sequence[TrackId]) -> None:
        """Put these songs at the end of the queue."""
        if ids:
            words = f"Added {formatting.count(len(ids), 'song')} to the queue."
            self._queue(self._app.playback.enqueue, ids, words)

    def _queue(
        self, change: Callable[[list[TrackId]], object], ids: Sequence[TrackId], words: str
    ) -> None:
        """Change the queue, and say so; many songs are queued on another thread."""
        if len(ids) <= BATCH_SIZE:
            change(list(ids))
            self._bridge.show_message(words)
        else:
            queue = partial(change, list(ids))
            self._bridge.run(queue, lambda _done: self._bridge.show_message(words), self)

    def start_radio(self, ids: Sequence[TrackId]) -> None:
        """Play songs that sound close to these."""
        if ids:
            self._app.radio.start(list(ids[:MAX_SEEDS]))

    def add_to_playlist(self, ids: Sequence[TrackId]) -> None:
        """Let the listener choose a playlist that these songs are put into."""
        if ids:
            self.playlist_wanted.emit(list(ids))

    def show_album(self, ids: Sequence[TrackId]) -> None:
        """Show the album of the first of these songs."""
        if ids:
            self.album_wanted.emit(ids[0])

    def show_in_folder(self, ids: Sequence[TrackId]) -> None:
        """Open the folder of the first of these songs in the desktop's file manager."""
        track = self._app.library.track(ids[0]) if ids else None
        if track is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(track.path.parent)))

    def read_again(self, ids: Sequence[TrackId]) -> None:
        """Read the files of these songs anew, though they look as they did."""
        if ids:
            again = partial(self._app.library.read_again, list(ids))
            words = f"{formatting.count(len(ids), 'song')} will be read again."
            # On another thread: it looks every song up.
            self._bridge.run(again, lambda _done: self._bridge.show_message(words), self)


@dataclass(frozen=True, slots=True)
class SongSelection:
    """Some songs, as the song actions want them.

    Attributes:
        actions: Does it.
        ids: The songs.
        to_play: What "play" plays: these songs alone, or with what follows them in a list.
        chosen: The songs that were selected one by one; ``None`` where they came as a whole.
    """

    actions: SongActions
    ids: Sequence[TrackId]
    to_play: Sequence[TrackId]
    chosen: Sequence[TrackId] | None = None

    @classmethod
    def of(cls, actions: SongActions, ids: Sequence[TrackId]) -> "SongSelection":
        """Return a selection of which exactly these songs are played."""
        return cls(actions, ids, ids)

    def play(self) -> None:
        """Play the songs in place of the queue."""
        self.actions.play(self.to_play, self.chosen)

    def play_next(self) -> None:
        """Put the songs behind the one that plays."""
        self.actions.play_next(self.ids)

    def enqueue(self) -> None:
        """Put the songs at the end of the queue."""
        self.actions.enqueue(self.ids)

    def start_radio(self) -> None:
        """Play songs that sound close to these."""
        self.actions.start_radio(self.ids)

    def add_to_playlist(self) -> None:
        """Let the listener choose a playlist that the songs are put into."""
        self.actions.add_to_playlist(self.ids)

    def show_album(self) -> None:
        """Show the album of the first song."""
        self.actions.show_album(self.ids)

    def show_in_folder(self) -> None:
        """Show the first song in the file manager."""
        self.actions.show_in_folder(self.ids)

    def read_again(self) -> None:
        """Read the files of the songs anew."""
        self.actions.read_again(self.ids)

    @property
    def is_liked(self) -> bool:
        """Whether all of the songs are liked."""
        return self.actions.ratings.all_liked(self.ids)

    @property
    def half_stars(self) -> int | None:
        """The rating that all of the songs have; ``None`` where they have not."""
        return self.actions.ratings.common_rating(self.ids)

    def toggle_like(self) -> None:
        """Like the songs, or no longer."""
        self.actions.ratings.toggle_like(self.ids)

    def rate(self, half_stars: int | None) -> None:
        """Rate the songs; ``None`` takes their rating away."""
        self.actions.ratings.rate(self.ids, half_stars)

    def is_away(self, kind: SubjectKind) -> bool:
        """Return whether the songs, or what they belong to, are never to be played again."""
        return self.actions.ratings.all_away(self.ids, kind)

    def toggle_away(self, kind: SubjectKind) -> None:
        """Never play the songs again, or what they belong to; or take that back."""
        self.actions.ratings.toggle_away(self.ids, kind)
