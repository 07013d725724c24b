"""One question: three clips, which two sound most alike, and what the last one was about."""

import time
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.quiz.questions import Prepared
from mecomp_desktop.quiz.questions_status import QuestionsState, QuestionsStatus
from mecomp_desktop.ui.actions import QUIZ_ACTIONS, action, keys_of
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.qt_guard import guarded
from mecomp_desktop.ui.quiz.clip_card import ClipCard
from mecomp_desktop.ui.quiz.last_answer import LastAnswer
from mecomp_desktop.ui.widgets.basics import button, label

_PACE_MS = 60
_CHOICES = (
    (Pair.FIRST_SECOND, "quiz.first_second"),
    (Pair.FIRST_THIRD, "quiz.first_third"),
    (Pair.SECOND_THIRD, "quiz.second_third"),
)


class QuestionView(QWidget):
    """Asks, plays and takes the answer.

    Attributes:
        answered: An answer was stored or taken back.
    """

    answered = Signal()

    def __init__(self, app: Application, bridge: Bridge) -> None:
        super().__init__()
        self._app = app
        self._prepared: Prepared | None = None
        self._since_s = 0.0
        self._paused_music = False
        self.cards = [
            ClipCard(bridge, place + 1, partial(self.play_clip, place)) for place in range(3)
        ]
        self._words = label("", "muted")
        self._words.setWordWrap(True)
        self.choices = [self._choice(pair, action_id) for pair, action_id in _CHOICES]
        self.skip = button("Can't tell", lambda: self.answer(None), "quiet")
        self.skip.setToolTip("Can't tell  (N)")
        self.last = LastAnswer(app, bridge, self.undo)
        self._lay_out()
        self._bind_keys()
        self._timer = QTimer(self)
        self._timer.setInterval(_PACE_MS)
        self._timer.timeout.connect(self._follow_clip)
        bridge.on(app.quiz.quiz.changed, self._renew, self)
        bridge.on(app.clips.changed, self._follow_clip, self)
        self._renew()

    @property
    def asking(self) -> bool:
        """Whether a question is shown."""
        return self._prepared is not None

    def begin(self) -> None:
        """Have questions prepared; the first is shown as soon as it is ready."""
        self._app.quiz.quiz.prepare()
        self._timer.start()
        self._renew()

    def first_focus(self) -> QWidget:
        """Return the first clip; the button that plays all while no question is there."""
        return self.cards[0] if self.asking else self._replay

    def play_clip(self, place: int) -> None:
        """Play one of the three clips, 0 to 2."""
        self._play([place])

    def play_all(self) -> None:
        """Play the three clips one after the other."""
        if self._prepared is not None:
            self._play(list(range(len(self._prepared.clips))))

    def answer(self, closest: Pair | None) -> None:
        """Store an answer and ask the next question."""
        prepared = self._prepared
        if prepared is None:
            return
        self._app.clips.stop()
        self._app.quiz.answer(prepared, closest, time.monotonic() - self._since_s)
        self.last.show_answer(prepared, closest)
        self._prepared = None
        self._renew()
        self.answered.emit()
        if self._prepared is not None:
            self.play_all()

    @guarded()
    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """The listener goes elsewhere: the clips end, and the music goes on."""
        super().hideEvent(event)
        self._timer.stop()
        self._app.clips.stop()
        if self._paused_music:
            self._paused_music = False
            self._app.playback.play()

    def _renew(self) -> None:
        if self._prepared is None:
            self._prepared = self._app.quiz.quiz.take()
            self._since_s = time.monotonic()
            for card in self.cards:
                card.show_ready(self._prepared is not None)
        for choice in (*self.choices, self.skip):
            choice.setEnabled(self.asking)
        self._words.setText(self._instruction())

    def _instruction(self) -> str:
        if self.asking:
            return "Listen to the three, then say which two sound most alike to you."
        status = self._app.quiz.quiz.status()
        if status.state in (QuestionsState.TOO_FEW_SONGS, QuestionsState.ALL_ASKED):
            return self._what_is_missing()
        return status.sentence or QuestionsStatus().sentence

    def _what_is_missing(self) -> str:
        """Return why there is no question, and what to do about it."""
        analysed, total = self._app.similarity.coverage()
        if not total:
            return "There is nothing to ask yet: the quiz needs songs. Add a music folder first."
        if analysed < total:
            return (
                f"There is nothing to ask yet: {analysed:,} of {total:,} songs are analysed. "
                "The quiz begins once some songs from different albums are."
            )
        return (
            "There is nothing to ask: the quiz compares songs from different albums, and there "
            "are too few of them, or all that can be asked was answered."
        )

    def _play(self, members: list[int]) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        if self._app.playback.status().state is PlayerState.PLAYING:
            self._paused_music = True
            self._app.playback.pause()
        self._app.clips.play([(place, prepared.clips[place]) for place in members])

    def _follow_clip(self) -> None:
        playing = self._app.clips.playing()
        for place, card in enumerate(self.cards):
            share = playing[1] if playing is not None and playing[0] == place else None
            card.show_progress(share)

    def undo(self) -> None:
        """Take the last answer back."""
        if self._app.quiz.answers.undo():
            self.last.hide()
            self.answered.emit()

    def _choice(self, pair: Pair, action_id: str) -> QPushButton:
        first, second = (place + 1 for place in pair.members)
        made = button(f"{first} and {second}", lambda: self.answer(pair), "primary")
        made.setToolTip(f"{action(action_id).words}  ({keys_of(action_id)})")
        made.setAccessibleName(action(action_id).words)
        return made

    def _bind_keys(self) -> None:
        for entry in QUIZ_ACTIONS:
            for keys in entry.keys:
                bound = QShortcut(QKeySequence(keys), self)
                bound.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                bound.activated.connect(partial(entry.run, self))

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(16)
        for card in self.cards:
            cards.addWidget(card, 1)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(_key_hint("Most alike:"))
        for choice in self.choices:
            choices.addWidget(choice)
        choices.addWidget(self.skip)
        choices.addStretch()
        # Never disabled: while a question is prepared it keeps the keyboard in this view.
        self._replay = button("Play all three", self.play_all, "quiet")
        self._replay.setToolTip("Play all three  (R)")
        keys = label(
            "Keys: 1 2 3 play, A B C answer, N can't tell, R all three, Backspace undo", "caption"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addLayout(cards)
        column.addLayout(choices)
        keys.setWordWrap(True)
        # Below the answers: beside them it would be cut off in a narrow window.
        below = QHBoxLayout()
        below.addWidget(keys, 1)
        below.addWidget(self._replay)
        column.addLayout(below)
        column.addWidget(self.last)


def _key_hint(text: str) -> QLabel:
    return label(text, "strong")
