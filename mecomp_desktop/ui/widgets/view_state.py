"""Keeps what the listener sees and has selected while the rows beneath change."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView, QTableView

from mecomp_desktop.ui.library.song_model import Column, SongModel

_Flag = QItemSelectionModel.SelectionFlag
RowNumbers = NDArray[np.int64]


def selected_rows(table: QTableView) -> list[int]:
    """Return the selected rows, top to bottom."""
    rows: list[int] = _selected(table).tolist()
    return rows


def _selected(table: QTableView) -> RowNumbers:
    """Return the selected rows as an array: all songs may be selected, and the library changes."""
    selection = table.selectionModel().selection()
    blocks = [selection.at(place) for place in range(selection.count())]
    runs = [np.arange(block.top(), block.bottom() + 1) for block in blocks]
    return np.unique(np.concatenate(runs)) if runs else np.empty(0, np.int64)


def preserve_view_state(table: QTableView, model: SongModel, change: Callable[[], object]) -> None:
    """Change the model, then select the same songs and show the same place as before."""
    selected = model.id_array(_selected(table))
    current = model.ids([table.currentIndex().row()]) if table.currentIndex().isValid() else []
    top = table.rowAt(0)
    at_top = top <= 0
    topmost = model.ids([top]) if top >= 0 else []
    change()
    select(table, model, model.rows_of_ids(selected))
    for row in model.rows_of(current):
        index = model.index(row, Column.TITLE)
        table.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
    if at_top:
        table.scrollToTop()
        return
    for row in model.rows_of(topmost):
        hint = QAbstractItemView.ScrollHint.PositionAtTop
        table.scrollTo(model.index(row, Column.TITLE), hint)


def select(table: QTableView, model: SongModel, rows: Sequence[int] | RowNumbers) -> None:
    """Select exactly these rows, given top to bottom."""
    numbers = np.asarray(rows, np.int64)
    selection = QItemSelection()
    # A range for every run of neighbours, so that "all songs" is one.
    for run in np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1):
        if len(run):
            first, last = int(run[0]), int(run[-1])
            selection.select(model.index(first, 0), model.index(last, model.columnCount() - 1))
    table.selectionModel().select(selection, _Flag.ClearAndSelect)
