"""The builder of dynamic playlists: rows for those who do not type, and the text of the query."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.errors import MecompError
from mecomp_desktop.query.errors import QueryError
from mecomp_desktop.query.parser import MAX_LIMIT, parse
from mecomp_desktop.query.rows import COMPARISONS, Row, Rows, fields_offered, rows_of
from mecomp_desktop.query.search_text import hint
from mecomp_desktop.ui import formatting
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.dynamic.row_editor import RowEditor
from mecomp_desktop.ui.library.heading import SIDE_PX
from mecomp_desktop.ui.widgets.basics import button, label
from mecomp_desktop.ui.widgets.controls import Choice, Number
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel

_PAUSE_MS = 150
_SORTS = (None, *fields_offered())
_TOO_MUCH = "This query says more than rows can; it is edited as text."


class QueryBuilder(QWidget):
    """Edits a name and a query, by rows or as text, and counts what it finds as it changes.

    Signals:
        saved: The name and the text of the query.
        cancelled: The listener wants to leave all as it was.
    """

    saved = Signal(str, str)
    cancelled = Signal()

    def __init__(self, app: Application, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._filling = False
        self._rows: list[RowEditor] = []
        self.title = label("", "title")
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name")
        self.name.setAccessibleName("Name of the dynamic playlist")
        self.text = QLineEdit()
        self.text.setPlaceholderText("All songs")
        self.text.setAccessibleName("Query as text")
        self.found = ElidedLabel("muted")
        self.match = Choice()
        self.match.addItems(["All of these", "Any of these"])
        self.match.setAccessibleName("How many rows a song has to match")
        self.sort = Choice()
        self.sort.addItems(
            ["No order", *(field.name.capitalize() for field in _SORTS if field is not None)]
        )
        self.sort.setAccessibleName("Ordered by")
        self.descending = QCheckBox("Highest first")
        self.limit = Number(bridge, 0, MAX_LIMIT, "songs", "No limit")
        self.limit.setAccessibleName("How many songs at most")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._count)
        self._lay_out()
        self._connect()

    def edit(self, title: str, name: str, text: str) -> None:
        """Begin with a name and a query."""
        self.title.setText(title)
        self.name.setText(name)
        self.text.setText(text)
        self._show_rows(text)
        self._timer.start()

    def add_row(self, row: Row | None = None) -> RowEditor:
        """Add a row; an empty one by default."""
        editor = RowEditor(self._bridge, row or Row(None, COMPARISONS[None][0]))
        editor.changed.connect(self._rows_changed)
        editor.removed.connect(lambda: self._remove_row(editor))
        self._rows.append(editor)
        self._column.insertWidget(self._column.count() - 1, editor)
        return editor

    def rows(self) -> Rows:
        """Return what the rows say."""
        limit = self.limit.value()
        return Rows(
            tuple(editor.row() for editor in self._rows),
            self.match.currentIndex() == 1,
            _SORTS[max(self.sort.currentIndex(), 0)],
            self.descending.isChecked(),
            limit or None,
        )

    @property
    def row_editors(self) -> list[RowEditor]:
        """The rows, top to bottom."""
        return list(self._rows)

    def save(self) -> None:
        """Hand over name and query, if both are fit."""
        if not self.name.text().strip():
            self.found.show_text("A name is missing.")
            self.name.setFocus()
            return
        try:
            parse(self.text.text())
        except QueryError as error:
            self._show_error(error)
            self.text.setFocus()
            return
        self.saved.emit(self.name.text(), self.text.text())

    # Rows and text follow each other

    def _rows_changed(self) -> None:
        if self._filling:
            return
        self._filling = True
        self.text.setText(self.rows().text())
        self._filling = False
        self._timer.start()

    def _text_changed(self, text: str) -> None:
        if self._filling:
            return
        self._show_rows(text)
        self._timer.start()

    def _show_rows(self, text: str) -> None:
        """Show a query as rows; while it cannot be read, the rows stay as they are."""
        try:
            rows = rows_of(parse(text))
        except QueryError:
            return
        self._filling = True
        self._note.setVisible(rows is None)
        self._form.setEnabled(rows is not None)
        if rows is not None and (not self._rows or rows != self.rows()):
            for editor in list(self._rows):
                self._drop(editor)
            for row in rows.rows or (None,):
                self.add_row(row)
            self.match.setCurrentIndex(int(rows.match_any))
            self.sort.setCurrentIndex(_SORTS.index(rows.sort) if rows.sort in _SORTS else 0)
            self.descending.setChecked(rows.descending)
            self.limit.setValue(rows.limit or 0)
        self._filling = False

    def _remove_row(self, editor: RowEditor) -> None:
        self._drop(editor)
        if not self._rows:
            self.add_row()
        self._rows[-1].field.setFocus()
        self._rows_changed()

    def _drop(self, editor: RowEditor) -> None:
        self._rows.remove(editor)
        self._column.removeWidget(editor)
        editor.hide()
        editor.deleteLater()

    def _count(self) -> None:
        text = self.text.text()
        try:
            query = parse(text)
        except QueryError as error:
            self._show_error(error)
            return

        def show(count: int) -> None:
            if text == self.text.text():
                self.found.show_text(formatting.count(count, "song"))

        def fail(error: Exception) -> None:
            if isinstance(error, QueryError):
                self._show_error(error)
            elif not isinstance(error, MecompError):
                self._bridge.show_error(error)

        self._bridge.run(lambda: len(self._app.queries.find(query)), show, self, fail)

    def _show_error(self, error: QueryError) -> None:
        self.found.show_text(hint(error, self.text.text()))

    def _connect(self) -> None:
        self.match.currentIndexChanged.connect(lambda _index: self._rows_changed())
        self.sort.currentIndexChanged.connect(lambda _index: self._rows_changed())
        self.descending.toggled.connect(lambda _on: self._rows_changed())
        self.limit.valueChanged.connect(lambda _number: self._rows_changed())
        self.text.textChanged.connect(self._text_changed)
        self.text.returnPressed.connect(self.save)
        self.name.returnPressed.connect(self.save)

    def _lay_out(self) -> None:
        self._form = QWidget()
        self._column = QVBoxLayout(self._form)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.match, 0, Qt.AlignmentFlag.AlignLeft)
        more = button("Add a row", lambda: self.add_row().field.setFocus(), "quiet")
        self._bridge.icons.bind(more, "plus", "muted")
        self._column.addWidget(self._footer(more))
        self._note = label(_TOO_MUCH, "muted")
        self._note.setWordWrap(True)
        self._note.hide()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(SIDE_PX, 16, SIDE_PX, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.name)
        column.addWidget(self._form)
        column.addWidget(self._note)
        column.addWidget(self.text)
        column.addWidget(self.found)
        column.addLayout(self._buttons())
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _footer(self, more: QWidget) -> QWidget:
        """Return what stands below the rows: another row, the order, the limit."""
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        ordering = QHBoxLayout()
        ordering.setSpacing(8)
        ordering.addWidget(self.sort)
        ordering.addWidget(self.descending)
        ordering.addStretch()
        column.addLayout(ordering)
        column.addWidget(self.limit, 0, Qt.AlignmentFlag.AlignLeft)
        return foot

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button("Save", self.save, "primary"))
        row.addWidget(button("Cancel", self.cancelled.emit))
        row.addStretch()
        return row
