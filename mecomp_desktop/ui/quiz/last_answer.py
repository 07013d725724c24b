"""What the last question was about: names and covers, now that they cannot judge any more."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.domain.track import Track
from mecomp_desktop.quiz.questions import Prepared
from mecomp_desktop.text import isolated
from mecomp_desktop.ui.actions import keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.player.cover_label import CoverLabel
from mecomp_desktop.ui.widgets.basics import button, label
from mecomp_desktop.ui.widgets.elided_label import ElidedLabel

_COVER_PX = 40


class LastAnswer(QWidget):
    """The three songs of the last question, and a way to take the answer back.

    Args:
        app: For the covers.
        bridge: For the covers.
        undo: Takes the answer back.
    """

    def __init__(self, app: Application, bridge: Bridge, undo: Callable[[], object]) -> None:
        super().__init__()
        self._songs = [_Song(app, bridge, place + 1) for place in range(3)]
        self.words = label("", "muted")
        self.undo = button("Undo last answer", undo, "link")
        self.undo.setToolTip(f"Undo last answer  ({keys_of('quiz.undo')})")
        head = QHBoxLayout()
        head.addWidget(self.words, 1)
        head.addWidget(self.undo)
        songs = QHBoxLayout()
        songs.setSpacing(16)
        for song in self._songs:
            songs.addWidget(song, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(songs)
        self.hide()

    @property
    def names(self) -> list[str]:
        """The titles that are shown."""
        return [song.title for song in self._songs]

    def show_answer(self, prepared: Prepared, closest: Pair | None) -> None:
        """Reveal the songs of a question that has been answered."""
        if closest is None:
            sentence = "You couldn't tell these apart:"
        else:
            first, second = (place + 1 for place in closest.members)
            sentence = f"You found {first} and {second} most alike:"
        self.words.setText(sentence)
        for song, track in zip(self._songs, prepared.tracks, strict=True):
            song.show_track(track)
        self.show()


class _Song(QWidget):
    """A small cover with title and artist."""

    def __init__(self, app: Application, bridge: Bridge, number: int) -> None:
        super().__init__()
        self._number = number
        self._cover = CoverLabel(app, bridge, _COVER_PX)
        self._title, self._artist = ElidedLabel(), ElidedLabel("muted")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._artist)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._cover, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(names, 1)

    @property
    def title(self) -> str:
        """What is shown in the first line."""
        return self._title.whole

    def show_track(self, track: Track) -> None:
        """Show another song."""
        self._cover.show_track(track)
        self._title.show_text(f"{self._number}. {isolated(track.title)}")
        self._artist.show_text(track.artist)
