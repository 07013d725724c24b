"""The answers: listed, played again, changed, deleted, in and out as files."""

import functools
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mecomp_desktop.app import Application
from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.quiz.answers import Answer, CsvForm
from mecomp_desktop.quiz.clips import Clip
from mecomp_desktop.text import isolated
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.widgets.basics import button, label, surface

_MAX_SHOWN = 300
_FILTER = "Answers (*.csv)"
_ANSWER_ROLE = Qt.ItemDataRole.UserRole


class AnswersPanel(QWidget):
    """The listener's answers, newest first."""

    def __init__(self, app: Application, bridge: Bridge) -> None:
        super().__init__()
        self._app = app
        self._bridge = bridge
        surface(self, "raised")
        self.list = QListWidget()
        self.list.setAccessibleName("Your answers")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setMinimumHeight(200)
        self.list.setSpacing(3)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemSelectionChanged.connect(self._selection_changed)
        self._nothing = label(
            "None yet. They are listed here, to be played again, changed or deleted.", "muted"
        )
        self._nothing.setWordWrap(True)
        self._changes = [button(words, self._changer(pair), "quiet") for words, pair in _CHANGES]
        self.replay = button("Play again", self.play_selected, "quiet")
        self.delete = button("Delete", self.delete_selected, "quiet")
        delete = QShortcut(QKeySequence("Delete"), self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.delete_selected)
        self._lay_out()
        bridge.on(app.quiz.answers.changed, self.refresh, self)
        self.refresh()

    def refresh(self) -> None:
        """Read the answers anew, on another thread."""
        self._bridge.run(self._app.quiz.answers.all, self._show, self)

    def selected(self) -> list[Answer]:
        """Return the selected answers."""
        return [item.data(_ANSWER_ROLE) for item in self.list.selectedItems()]

    def delete_selected(self) -> None:
        """Delete the selected answers."""
        self._app.quiz.answers.remove([answer.judgment.id for answer in self.selected()])

    def play_selected(self) -> None:
        """Play the three clips of the first selected answer."""
        for answer in self.selected()[:1]:
            tracks = [track for track in answer.tracks if track is not None and track.available]
            self._bridge.run(functools.partial(self._clips, tracks), self._play, self)

    def export_to(self, path: Path, form: CsvForm) -> None:
        """Write all answers to a file."""
        self._bridge.run(
            lambda: self._app.quiz.answers.export_to(path, form),
            lambda number: self._bridge.show_message(f"{number} answers exported."),
            self,
        )

    def import_from(self, path: Path) -> None:
        """Add the answers of a file, and say what came of it."""
        self._bridge.run(
            lambda: self._app.quiz.answers.import_from(path), self._bridge.show_message, self
        )

    def _clips(self, tracks: list[Track]) -> list[Clip]:
        found = []
        for track in tracks:
            try:
                found.append(self._app.quiz.choose_clip(track))
            except UnreadableFile:
                continue  # played without it; the activity page tells why
        return found

    def _play(self, clips: list[Clip]) -> None:
        self._app.playback.pause()
        self._app.clips.play(list(enumerate(clips)))

    def _show(self, answers: list[Answer]) -> None:
        self.list.clear()
        for answer in answers[:_MAX_SHOWN]:
            item = QListWidgetItem(_words(answer))
            item.setData(_ANSWER_ROLE, answer)
            self.list.addItem(item)
        for part in (self.list, self._actions):
            part.setVisible(bool(answers))
        self._nothing.setVisible(not answers)
        self._selection_changed()

    def _selection_changed(self) -> None:
        has_selection = bool(self.list.selectedItems())
        for part in (*self._changes, self.replay, self.delete):
            part.setEnabled(has_selection)

    def _changer(self, pair: Pair | None) -> functools.partial[None]:
        return functools.partial(self._change, pair)

    def _change(self, pair: Pair | None) -> None:
        for answer in self.selected():
            self._app.quiz.answers.change(answer.judgment.id, pair)

    def _ask_export(self, form: CsvForm) -> None:
        dialog = QFileDialog(self, "Export answers", "answers.csv", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name), form))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_import(self) -> None:
        dialog = QFileDialog(self, "Import answers", "", _FILTER)
        dialog.fileSelected.connect(lambda name: self.import_from(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addStretch()
        head.addWidget(button("Export…", lambda: self._ask_export("full"), "quiet"))
        paper = button("Export for the paper's tools…", lambda: self._ask_export("paper"), "quiet")
        head.addWidget(paper)
        head.addWidget(button("Import…", self._ask_import, "quiet"))
        self._actions = QWidget()
        actions = QHBoxLayout(self._actions)
        actions.setContentsMargins(0, 0, 0, 0)
        actions.addWidget(self.replay)
        actions.addWidget(label("Change to:", "muted"))
        for part in self._changes:
            actions.addWidget(part)
        actions.addStretch()
        actions.addWidget(self.delete)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(label("Your answers", "strong"))
        column.addLayout(head)
        column.addWidget(self._nothing)
        column.addWidget(self.list)
        column.addWidget(self._actions)
        self.list.hide()
        self._actions.hide()


_CHANGES = (
    ("1 and 2", Pair.FIRST_SECOND),
    ("1 and 3", Pair.FIRST_THIRD),
    ("2 and 3", Pair.SECOND_THIRD),
    ("can't tell", None),
)


def _words(answer: Answer) -> str:
    names = [
        f"{number}. {isolated(track.title) if track is not None else '(not in your library)'}"
        for number, track in enumerate(answer.tracks, start=1)
    ]
    closest = answer.judgment.closest
    if closest is None:
        verdict = "can't tell"
    else:
        first, second = (place + 1 for place in closest.members)
        verdict = f"{first} and {second} alike"
    kept = ", kept to check with" if answer.judgment.held_back else ""
    return f"{verdict}{kept}:  {'   '.join(names)}"
