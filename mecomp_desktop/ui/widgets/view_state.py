"""Keeps what the listener sees and has selected while the rows beneath change."""

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView, QTableView

from mecomp_desktop.ui.library.song_model import Column, SongModel

_Flag = QItemSelectionModel.SelectionFlag


def selected_rows(table: QTableView) -> list[int]:
    """Return the selected rows, top to bottom."""
    rows: set[int] = set()
    selection = table.selectionModel().selection()
    for place in range(selection.count()):
        block = selection.at(place)
        rows.update(range(block.top(), block.bottom() + 1))
    return sorted(rows)


def preserve_view_state(table: QTableView, model: SongModel, change: Callable[[], object]) -> None:
    """Change the model, then select the same songs and show the same place as before."""
    selected = model.ids(selected_rows(table))
    current = model.ids([table.currentIndex().row()]) if table.currentIndex().isValid() else []
    top = table.rowAt(0)
    at_top = top <= 0
    topmost = model.ids([top]) if top >= 0 else []
    change()
    select(table, model, model.rows_of(selected))
    for row in model.rows_of(current):
        index = model.index(row, Column.TITLE)
        table.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
    if at_top:
        table.scrollToTop()
        return
    for row in model.rows_of(topmost):
        hint = QAbstractItemView.ScrollHint.PositionAtTop
        table.scrollTo(model.index(row, Column.TITLE), hint)


def select(table: QTableView, model: SongModel, rows: Iterable[int]) -> None:
    """Select exactly these rows, given top to bottom."""
    selection = QItemSelection()
    for first, last in _runs(rows):
        selection.select(model.index(first, 0), model.index(last, model.columnCount() - 1))
    table.selectionModel().select(selection, _Flag.ClearAndSelect)


def _runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of every run of neighbours, so that 'all songs' is one range."""
    first = last = -1
    for row in rows:
        if first >= 0 and row == last + 1:
            last = row
            continue
        if first >= 0:
            yield first, last
        first = last = row
    if first >= 0:
        yield first, last
