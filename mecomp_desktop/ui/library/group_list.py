"""What the lists of albums and artists have in common: keys, focus and the menu of their songs."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from mecomp_desktop.domain.album import Album, Artist
from mecomp_desktop.ui.action import Action, action_of_key, menu_of
from mecomp_desktop.ui.action_targets import SongTarget
from mecomp_desktop.ui.actions import SONG_ACTIONS
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.filterable_list import ITEM_ROLE, FilterableListModel
from mecomp_desktop.ui.library.song_actions import SongActions, SongSelection
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.widgets.row_table import select_current
from mecomp_desktop.ui.widgets.view_menus import menu_index, menu_place

Group = Album | Artist


class GroupList(QListView):
    """A list of groups of songs; the song actions act on all songs of the current group.

    Args:
        bridge: To the other threads.
        actions: What can be done with songs.
        model: The groups.
        name: What a screen reader calls the list.
        parent: The widget that owns it.
    """

    def __init__(
        self,
        bridge: Bridge,
        actions: SongActions,
        model: FilterableListModel[Album] | FilterableListModel[Artist],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._actions = actions
        self.setModel(model)
        self.setAccessibleName(name)
        # Without it, Qt asks the delegate for the size of every item before it draws the first.
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)  # the delegates light up what is under the pointer
        bridge.theme.changed.connect(self.viewport().update)

    def act(self, action: Action[SongTarget], group: Group) -> None:
        """Carry out a song action for a group."""
        action.run(SongSelection.of(self._actions, group.track_ids))

    @guarded()
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, Qt's name
        """Carry out the song actions for the current group; the other keys are a list's."""
        action = action_of_key(SONG_ACTIONS, event)
        group = group_at(self.currentIndex())
        if action is None or group is None:
            super().keyPressEvent(event)
        else:
            self.act(action, group)

    @guarded()
    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802, Qt's name
        """Select what the keyboard comes to."""
        super().focusInEvent(event)
        select_current(self)

    @guarded()
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802, Qt's name
        """Offer what can be done with the group under the pointer, or with the current one."""
        group = group_at(menu_index(self, event))
        if group is not None:
            target = SongSelection.of(self._actions, group.track_ids)
            # popup, not exec: exec would run an event loop inside this event, in which a reset of
            # the model may delete what the menu is about.
            menu_of(SONG_ACTIONS, target, self._bridge.icons, self).popup(menu_place(self, event))


def group_at(index: QModelIndex | QPersistentModelIndex) -> Group | None:
    """Return the album or artist of an index; ``None`` for an invalid one."""
    item = index.data(ITEM_ROLE)
    return item if isinstance(item, Album | Artist) else None
