"""The listener's answers: given, taken back, listed, changed, in and out as files."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mecomp_desktop.contracts import answers_file
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.domain.part import place_of
from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.undo import Command, UndoStack
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.library.recordings import track_of_audio
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.quiz.answer_steps import AnswerChanged, AnswerGiven, AnswersRemoved
from mecomp_desktop.quiz.questions import Prepared
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.threads import WorkerThread

CsvForm = Literal["paper", "full"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is listed: with the songs, where the library has them."""

    judgment: Judgment
    tracks: tuple[Track | None, Track | None, Track | None]


class Answers:
    """Keeps what the listener said. Every method may be called from any thread.

    What changes answers returns at once and is stored in the background, in order; a step that
    can be undone is kept of it. What could not be stored is told by the thread's error handler.

    Args:
        database: The library database.
        library: Where the songs are.
        asked_by: Returns the hash of the head that chooses questions now.
        undo: Where the steps are kept; one of its own by default.

    Attributes:
        changed: Answers were added, changed or removed, and are in the store.
    """

    def __init__(
        self,
        database: Database,
        library: LibraryService,
        asked_by: Callable[[], str],
        undo: UndoStack | None = None,
    ) -> None:
        self.changed: Event[[]] = Event()
        self._judgments = Judgments(database)
        self._library = library
        self._asked_by = asked_by
        self._undo = undo or UndoStack()
        self._given: list[Command] = []
        # Its own: an answer must not wait for the minutes that learning takes.
        self._worker = WorkerThread("answers")

    def add(
        self,
        prepared: Prepared,
        closest: Pair | None,
        took_s: float,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Have an answer stored, ``None`` for "can't tell".

        Args:
            prepared: What was asked.
            closest: What was answered.
            took_s: How long it took, in seconds.
            then: Called in the background when the answer is stored.
        """
        question = prepared.question
        judgment = Judgment(
            id=JudgmentId(0),
            trio=question.trio,
            closest=closest,
            held_back=question.held_back,
            origin="quiz",
            asked_by=self._asked_by(),
            took_s=took_s,
            judged_at_s=time.time(),
        )
        step = AnswerGiven(self._judgments, self._post, judgment, then)
        self._given.append(self._undo.run(step))

    def undo(self) -> bool:
        """Take back the last answer of this session; return whether there was one."""
        while self._given:
            if self._undo.undo_command(self._given.pop()):
                return True
        return False

    def change(self, judgment_id: JudgmentId, closest: Pair | None) -> None:
        """Replace what was answered."""
        self._undo.run(AnswerChanged(self._judgments, self._post, judgment_id, closest))

    def remove(self, judgment_ids: Sequence[JudgmentId]) -> None:
        """Delete answers."""
        if judgment_ids:
            self._undo.run(AnswersRemoved(self._judgments, self._post, tuple(judgment_ids)))

    def settle(self, timeout_s: float) -> bool:
        """Wait until what was posted is stored; return whether it is. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """Store what was posted, and end the thread. Blocks; idempotent."""
        self._worker.close()

    def judgments(self) -> list[Judgment]:
        """Return all answers, oldest first. Reads the store: some milliseconds."""
        return self._judgments.all()

    def all(self) -> list[Answer]:
        """Return all answers, newest first. Reads the store: some milliseconds."""
        by_audio = track_of_audio(self._library.catalog())
        found = []
        for judgment in reversed(self._judgments.all()):
            first, second, third = (by_audio.get(song) for song in judgment.trio)
            found.append(Answer(judgment, (first, second, third)))
        return found

    def export_to(self, path: Path, form: CsvForm) -> int:
        """Write all answers as CSV and return how many. Blocks.

        Raises:
            UserError: The file cannot be written.
        """
        # A part of a file has no path of its own: it goes by its identity.
        whole = (track for track in self._library.catalog().tracks if track.part is None)
        path_of = {track.audio_id: track.path for track in whole}
        judgments = self._judgments.all()
        if form == "full":
            return answers_file.write_all_columns(path, judgments, path_of)
        return answers_file.write_paper(
            path, judgments, lambda song: answers_file.readable(path_of.get(song)) or song
        )

    def import_from(self, path: Path) -> str:
        """Add the answers of a CSV file and return what came of it, in plain words. Blocks.

        Raises:
            UserError: It is no list of answers; nothing was added.
        """
        reading = answers_file.read_answers(path, self._resolver(), time.time())
        there = {_signature(known) for known in self._judgments.all() if known.judged_at_s}
        added = [read for read in reading.judgments if _signature(read) not in there]
        self._judgments.add_many(added)
        self.changed.emit()
        return answers_file.summary(reading, len(added), len(reading.judgments) - len(added))

    def _post(self, change: Callable[[], object]) -> None:
        def store() -> None:
            try:
                change()
            except BrokenEnvironment as error:
                raise BrokenEnvironment(f"your answer was not stored: {error}") from error
            self.changed.emit()

        self._worker.post(store)

    def _resolver(self) -> Callable[[str], AudioId | None]:
        return answers_file.resolver(
            (track.audio_id, Path(place_of(str(track.path), track.part)))
            for track in self._library.catalog().tracks
        )


def _signature(judgment: Judgment) -> tuple[object, ...]:
    """Return what tells one answer from another, to the moment it was given."""
    return (judgment.trio, judgment.closest, judgment.held_back, judgment.judged_at_s)
