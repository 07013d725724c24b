"""Page protocol: what the window asks of each of its pages, and what a page is made with."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.covers import Covers
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.window_state import Value


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every page is made with.

    Attributes:
        app: The program.
        bridge: Threads, theme, icons, and messages to the listener.
        songs: What can be done with songs.
        covers: Pictures of albums.
    """

    app: Application
    bridge: Bridge
    songs: SongActions
    covers: Covers

    @classmethod
    def of(cls, app: Application, bridge: Bridge) -> "PageContext":
        """Return a context with song actions and covers of its own."""
        return cls(app, bridge, SongActions(app, bridge), Covers(app.library.cover, bridge))


class Page(QWidget):
    """Base class of all pages; the defaults suit a page that shows no songs.

    A page's constructor takes a ``PageContext`` and nothing else.

    Signals:
        badge_changed: How many things wait here, for the number beside the page's name.
    """

    badge_changed = Signal(int)

    def first_focus(self) -> QWidget | None:
        """Return what gets the keyboard when the page is visited.

        Never something that deletes or stops: a Space typed too many must do no harm. ``None``
        leaves the keyboard on the page's button at the left.
        """
        return None

    def search_field(self) -> QLineEdit | None:
        """Return the field that searches this page; ``None`` where there is nothing to search."""
        return None

    def selected_songs(self) -> Sequence[TrackId]:
        """Return the songs that an action of the window is about; empty for none."""
        return ()

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another state of the library."""

    def set_playing(self, track_id: TrackId | None) -> None:
        """Mark the song that plays."""

    def state(self) -> dict[str, Value]:
        """Return what to remember until the next start, as JSON values."""
        return {}

    def restore(self, state: Mapping[str, Value]) -> None:
        """Take up a remembered state; whatever does not fit is left out."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One row of the table of pages; navigation, menu and shortcuts are made from it.

    Attributes:
        name: The name that the code knows it by; ``go.<name>`` is its action.
        title: What the listener reads.
        icon: The icon's name.
        keys: The shortcut, in Qt's portable text.
        factory: ``module:Class`` below this package. Text, because importing every page would
            take a good part of the start.
        at_bottom: Stands at the bottom of the sidebar, apart from the music.
        is_lazy: Made when it is first looked at.
    """

    name: str
    title: str
    icon: str
    keys: str
    factory: str
    at_bottom: bool = False
    is_lazy: bool = False

    def make(self, context: PageContext) -> Page:
        """Import and make the page."""
        module, _, name = self.factory.partition(":")
        made = getattr(importlib.import_module(module, "mecomp_desktop.ui"), name)(context)
        assert isinstance(made, Page)
        return made
