"""The top of a page: its name, how much there is, and the search."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.basics import label
from mecomp_desktop.ui.widgets.search_field import SearchField

SIDE_PX = 24


class Heading(QWidget):
    """Name and count at the left, the search field at the right."""

    def __init__(self, bridge: Bridge, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(bridge, name.lower())
        # Without a search field (nothing to search yet) the name keeps its place.
        policy = self.search.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.search.setSizePolicy(policy)
        self._count = label("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE_PX, 16, SIDE_PX, 12)
        row.setSpacing(12)
        title = label(name, "title")
        row.addWidget(title)
        row.addWidget(self._count)
        row.addStretch()
        row.addWidget(self.search)

    @property
    def count(self) -> str:
        """What the heading says about how much there is."""
        return self._count.text()

    def set_count(self, words: str) -> None:
        """Say how much there is: ``1,204 songs``."""
        self._count.setText(words)
