"""A list of albums or artists that can be searched; the rows are whatever has a name."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from mecomp_desktop.text import fold
from mecomp_desktop.ui.qt_guard import guarded

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")
_NOWHERE = QModelIndex()

ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole album or artist of a row."""


class FilterableListModel(QAbstractListModel, Generic[T]):
    """Shows those of a sequence whose words match the search."""

    def __init__(
        self,
        words: Callable[[T], str],
        key: Callable[[T], Hashable],
        parent: QObject | None = None,
    ) -> None:
        """Start empty.

        Args:
            words: What is searched and read out.
            key: What stays the same when the library changes.
            parent: Owns it.
        """
        super().__init__(parent)
        self._words = words
        self._key = key
        self._all: Sequence[T] = ()
        self._plain: list[str] | None = None
        self._shown: Sequence[T] = ()
        self._search = ""

    def show_items(self, items: Sequence[T]) -> None:
        """Show another state of the library."""
        if len(items) == len(self._all) and all(map(_same, items, self._all)):
            return
        self._all = items
        self._plain = None
        self._renew()

    def set_search(self, words: str) -> None:
        """Show only what matches all words."""
        self._search = words.strip()
        self._renew()

    @property
    def search(self) -> str:
        """The words searched for."""
        return self._search

    def item(self, row: int) -> T:
        """Return the album or artist of a row."""
        return self._shown[row]

    def row_of(self, key: Hashable) -> int:
        """Return the row of a key, or −1."""
        return next((row for row, item in enumerate(self._shown) if self._key(item) == key), -1)

    @guarded(0)
    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802, Qt's name
        """Return how many are shown."""
        return 0 if parent.isValid() else len(self._shown)

    @guarded()
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a row, or its item."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        item = self._shown[index.row()]
        if role == ITEM_ROLE:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(item)
        return None

    def _renew(self) -> None:
        self.beginResetModel()
        wanted = fold(self._search).split()
        if wanted:
            if self._plain is None:
                self._plain = [fold(self._words(item)) for item in self._all]
            pairs = zip(self._all, self._plain, strict=True)
            self._shown = [item for item, text in pairs if all(word in text for word in wanted)]
        else:
            self._shown = self._all
        self.endResetModel()


def _same(item: object, before: object) -> bool:
    return item is before or item == before
