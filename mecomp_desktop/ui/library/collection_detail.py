"""One album or one artist: name, facts, what to do with it, and its songs."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.library.song_actions import SongActions
from mecomp_desktop.ui.library.song_model import Column
from mecomp_desktop.ui.library.song_table import SongTable
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.basics import button, label

_ROUND_PX = 8


class Detail(QWidget):
    """A heading with the buttons Play, Add to queue and Start radio, above a table of songs.

    Attributes:
        back_requested: Escape or Backspace: the listener wants to see all again.
    """

    back_requested = Signal()

    def __init__(
        self,
        bridge: Bridge,
        actions: SongActions,
        columns: Sequence[Column],
        cover_px: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """Start empty.

        Args:
            bridge: For theme and icons.
            actions: What the buttons do.
            columns: What the table shows.
            cover_px: The length of a cover's side; 0 for no cover.
            parent: Owns it.
        """
        super().__init__(parent)
        self._bridge = bridge
        self._actions = actions
        self.table = SongTable(bridge, actions, columns)
        self._ids: tuple[TrackId, ...] = ()
        self.cover_px = cover_px
        self._cover = QLabel()
        self._cover.setFixedSize(QSize(cover_px, cover_px))
        # Only ever hidden here: what is shown before it has a parent is a window of its own.
        if not cover_px:
            self._cover.hide()
        self.name = label("", "title")
        self._by = label("")
        self._facts = label("", "muted")
        self.name.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self.table, 1)

    @property
    def ids(self) -> tuple[TrackId, ...]:
        """The songs, in their own order."""
        return self._ids

    def show_songs(self, catalog: Catalog | None, ids: Sequence[TrackId]) -> None:
        """Show these songs; with a catalog, in that state of the library."""
        if self._ids != tuple(ids):
            self._ids = tuple(ids)
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.table.songs.set_scope(self._ids)
            self.table.scrollToTop()
        if catalog is not None:
            self.table.show_catalog(catalog)

    def show_message(self, name: str, by: str, facts: str) -> None:
        """Show the words of the heading."""
        self.name.setText(name)
        self._by.setText(by)
        self._by.setVisible(bool(by))
        self._facts.setText(facts)

    def set_cover(self, picture: QPixmap | None) -> None:
        """Show a cover; while there is none yet, the place stays empty."""
        self._cover.setPixmap(rounded(picture, _ROUND_PX) if picture else QPixmap())

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Escape and Backspace go back."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    def _do(self, action: Callable[[Sequence[TrackId]], None]) -> None:
        action(self.table.visible_ids())

    def _head(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        entries = (
            ("Play", "play-fill", "on_accent", "primary", self._actions.play),
            ("Add to queue", "plus", "text", "", self._actions.enqueue),
            ("Start radio", "broadcast", "text", "", self._actions.start_radio),
        )
        for words, icon, role, kind, action in entries:
            made = button(words, partial(self._do, action), kind)
            self._bridge.icons.bind(made, icon, role)
            buttons.addWidget(made)
        buttons.addStretch()
        text = QVBoxLayout()
        text.setSpacing(4)
        text.addStretch()
        for part in (self.name, self._by, self._facts):
            text.addWidget(part)
        text.addSpacing(12)
        text.addLayout(buttons)
        head = QHBoxLayout()
        head.setContentsMargins(SIDE_PX, 8, SIDE_PX, 16)
        head.setSpacing(24)
        head.addWidget(self._cover)
        head.addLayout(text, 1)
        return head


def rounded(picture: QPixmap, radius_px: float) -> QPixmap:
    """Return the picture with round corners; the radius is in the picture's own pixels."""
    result = QPixmap(picture.size())
    result.setDevicePixelRatio(picture.devicePixelRatio())
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(0, 0, *_size(result)), radius_px, radius_px)
    painter.setClipPath(shape)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return result


def _size(picture: QPixmap) -> tuple[float, float]:
    size = picture.deviceIndependentSize()
    return size.width(), size.height()
