"""Brings every new state of the library to the pages, at a pace that can be watched."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from mecomp_desktop.app import Application
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ui.bridge import Bridge

# While a scan goes on, the library changes many times a second; the lists follow this often.
PACE_MS = 400
_DRAWN_MS = 40


class CatalogUpdater(QObject):
    """Prepares each catalog on another thread, then shows it; never two at a time."""

    def __init__(
        self,
        app: Application,
        bridge: Bridge,
        order: Callable[[], tuple[str, bool]],
        show: Callable[[Catalog], object],
        parent: QObject | None = None,
    ) -> None:
        """Start following the library.

        Args:
            app: Whose library is shown.
            bridge: Crosses the threads.
            order: The order in which the songs are shown now, to be ready when they are.
            show: Shows a catalog; called on the GUI thread.
            parent: Owns it.
        """
        super().__init__(parent or bridge)
        self._app = app
        self._bridge = bridge
        self._order = order
        self._show = show
        self._busy = False
        self._stale = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PACE_MS)
        self._pause.timeout.connect(self._rested)
        bridge.on(app.library.changed, self.renew, self)

    def renew(self) -> None:
        """Show the library as it is now, as soon as it can be."""
        if self._busy:
            self._stale = True
            return
        self._busy = True
        self._stale = False
        order = self._order()

        def prepared() -> Catalog:
            catalog = self._app.library.catalog()
            for row in catalog.order(*order)[:1].tolist():
                _ = catalog.tracks[row]  # makes what every song takes its texts from
            return catalog

        self._bridge.run(prepared, self._prepared, self, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._bridge.show_error(error)
        self._pause.start()

    def _prepared(self, catalog: Catalog) -> None:
        self._show(catalog)
        # What a search needs, once the songs have been drawn.
        QTimer.singleShot(_DRAWN_MS, self, lambda: self._prepare_search(catalog))

    def _prepare_search(self, catalog: Catalog) -> None:
        self._bridge.run(
            catalog.prepare, lambda _done: self._pause.start(), self, failed=self._failed
        )

    def _rested(self) -> None:
        self._busy = False
        if self._stale:
            self.renew()
            return
        # Only now: while a scan goes on, every catalog is outdated before a heading is clicked.
        catalog = self._app.library.catalog()

        def prepare() -> None:
            self._app.queries.prepare(catalog)
            catalog.prepare_orders(lambda: self._app.library.catalog() is not catalog)

        self._bridge.run(prepare, lambda _done: None, self)
