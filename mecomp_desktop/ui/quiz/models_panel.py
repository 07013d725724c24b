"""The listener's models: which is in use, back to any of them, in and out as files."""

import time
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.model_version import ModelVersion, VersionId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.quiz.model_comparison import NeighbourComparison
from mecomp_desktop.text import isolated
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.formatting import count
from mecomp_desktop.ui.widgets.basics import button, label, surface

_FILTER = "Models (*.onnx)"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the panel shows, as it was read.

    Attributes:
        history: The listener's models, oldest first.
        active: Which of them is in use; ``None`` for the bundled one.
        comparison: What lay next to some songs before the last change, and after.
    """

    history: Sequence[ModelVersion]
    active: VersionId | None
    comparison: Sequence[NeighbourComparison]


class ModelsPanel(QWidget):
    """One line a model, newest first; a click uses it at once."""

    def __init__(self, app: Application, bridge: Bridge) -> None:
        super().__init__()
        self._app = app
        self._bridge = bridge
        surface(self, "raised")
        self._lines = QVBoxLayout()
        self._group: QButtonGroup | None = None
        self.radios: dict[VersionId | None, QRadioButton] = {}
        self._export_words = label("", "muted")
        self._export_words.setWordWrap(True)
        self._export_words.hide()
        self._beside = QVBoxLayout()
        self._lay_out()
        bridge.on(app.quiz.models.changed, self.refresh, self)
        self.refresh()

    def refresh(self) -> None:
        """Show the history as it is now; it is read on another thread."""
        registry, comparison = self._app.quiz.registry, self._app.quiz.comparison

        def read() -> _Shown:
            version = registry.active()
            active = None if version is None else version.id
            return _Shown(registry.history(), active, comparison.last())

        self._bridge.run(read, self._show, self)

    def _show(self, shown: "_Shown") -> None:
        _empty(self._lines)
        self.radios.clear()
        self._group = QButtonGroup(self)
        for version in reversed(shown.history):
            self._add_line(version.id, _words(version), shown.active)
        self._add_line(None, "The model that came with the program", shown.active)
        self._show_comparison(shown.comparison)

    def export_to(self, path: Path) -> None:
        """Write the model in use as a file, and show what MECOMP has to be told."""
        self._bridge.run(lambda: self._app.quiz.models.export_to(path), self._exported, self)

    def _exported(self, lines: str) -> None:
        self._export_words.setText(
            f"Exported. For MECOMP, these two lines go into its settings below [analysis]:\n{lines}"
        )
        self._export_words.show()

    def _add_line(self, number: VersionId | None, words: str, active: VersionId | None) -> None:
        radio = QRadioButton(words)
        radio.setChecked(number == active)
        radio.clicked.connect(lambda _checked=False: self._app.quiz.models.use(number))
        assert self._group is not None
        self._group.addButton(radio)
        self.radios[number] = radio
        self._lines.addWidget(radio)

    def _show_comparison(self, shown: Sequence[NeighbourComparison]) -> None:
        _empty(self._beside)
        if not shown:
            return
        all_played = all(comparison.is_favourite for comparison in shown)
        whose = "your favourites" if all_played else "some of your songs"
        self._beside.addWidget(label(f"What sounds closest to {whose}", "strong"))
        for comparison in shown:
            self._beside.addWidget(_Beside(comparison))

    def _ask_export(self) -> None:
        dialog = QFileDialog(self, "Export model", "mecomp-model.onnx", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("onnx")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_import(self) -> None:
        dialog = QFileDialog(self, "Import model", "", _FILTER)
        dialog.fileSelected.connect(lambda name: self._app.quiz.models.import_from(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Models", "strong"), 1)
        head.addWidget(button("Export…", self._ask_export, "quiet"))
        head.addWidget(button("Import…", self._ask_import, "quiet"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._lines)
        column.addWidget(self._export_words)
        column.addLayout(self._beside)


class _Beside(QWidget):
    """One song's neighbours, before at the left, now at the right."""

    def __init__(self, comparison: NeighbourComparison) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(label(_line(comparison.song)))
        row = QHBoxLayout()
        before = {track.id for track in comparison.before}
        new = {track.id for track in comparison.after} - before
        came = f"Now, {len(new)} of them new" if new else "Now, the same"
        for title, tracks in (("Before", comparison.before), (came, comparison.after)):
            row.addLayout(_list(title, tracks, new), 1)
        column.addLayout(row)


def _line(track: Track) -> str:
    return f"{isolated(track.title)} – {isolated(track.artist)}"


def _list(title: str, tracks: Sequence[Track], new: Set[TrackId]) -> QVBoxLayout:
    """Return some songs below each other; the new ones stand out."""
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(label(title, "caption"))
    for track in tracks:
        words = label(_line(track), "" if track.id in new else "muted")
        words.setWordWrap(True)
        column.addWidget(words)
    column.addStretch()
    return column


def _words(version: ModelVersion) -> str:
    day = time.strftime("%d %b %Y, %H:%M", time.localtime(version.created_at_s))
    verdict = version.verdict
    share = verdict.after / max(verdict.questions, 1) if verdict is not None else 0.0
    if version.kind == "imported":
        agreed = f", agreed on {share:.0%}" if verdict is not None else ""
        return f"{version.name}, brought in {day}{agreed}"
    return f"Yours, {day}: {count(version.answers, 'answer')}, agreed on {share:.0%}"


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
