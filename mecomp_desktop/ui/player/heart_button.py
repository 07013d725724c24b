"""The heart in the player bar: likes the song that plays; its menu rates it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import Subject
from mecomp_desktop.ratings.service import stars
from mecomp_desktop.ui.action import menu_of
from mecomp_desktop.ui.actions import RATING_ACTIONS, keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.song_actions import SongActions, SongSelection
from mecomp_desktop.ui.widgets.basics import ToolButton


class HeartButton(ToolButton):
    """Filled while the song is liked. A right click, or the menu key, offers ratings."""

    def __init__(self, app: Application, bridge: Bridge, songs: SongActions) -> None:
        """Make the button.

        Args:
            app: Knows the ratings.
            bridge: Icons, and the crossing from other threads.
            songs: Likes and rates.
        """
        super().__init__()
        self._app = app
        self._bridge = bridge
        self._songs = songs
        self._track_id: TrackId | None = None
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.clicked.connect(self._clicked)
        songs.ratings.follow(self.refresh, self)
        self.refresh()

    def show_track(self, track_id: TrackId | None) -> None:
        """Be about another song, or none."""
        self._track_id = track_id
        self.refresh()

    def refresh(self) -> None:
        """Show what the listener thinks of the song."""
        track_id = self._track_id
        track = self._app.library.track(track_id) if track_id is not None else None
        self.setEnabled(track is not None)
        rating = self._app.ratings.of(Subject.song(track)) if track is not None else None
        liked = rating is not None and rating.liked
        self.setChecked(liked)
        icon, role = ("heart-fill", "accent") if liked else ("heart", "muted")
        self._bridge.icons.bind(self, icon, role, role)
        words = "No longer like this song" if liked else "Like this song"
        rated = "" if rating is None or rating.half_stars is None else stars(rating.half_stars)
        self.setToolTip(f"{words}  ({keys_of('rating.like')})\n{rated or 'Right-click to rate it'}")
        self.setAccessibleName(f"Like, {rated}" if rated else "Like")

    def menu_of_song(self) -> QMenu | None:
        """Return the menu that likes, rates and puts the song away; ``None`` without a song."""
        if self._track_id is None:
            return None
        selection = SongSelection.of(self._songs, [self._track_id])
        return menu_of(RATING_ACTIONS, selection, self._bridge.icons, self)

    def _clicked(self) -> None:
        if self._track_id is not None:
            self._songs.ratings.toggle_like([self._track_id])
        self.refresh()

    def _show_menu(self, where: QPoint) -> None:
        menu = self.menu_of_song()
        if menu is not None:
            menu.popup(self.mapToGlobal(where))
