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
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.service import LibraryService, track_of_audio
from mecomp_desktop.quiz.questions import Prepared
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.judgments import Judgments

CsvForm = Literal["paper", "full"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is listed: with the songs, where the library has them."""

    judgment: Judgment
    tracks: tuple[Track | None, Track | None, Track | None]


class Answers:
    """Keeps what the listener said. Every method may be called from any thread.

    Args:
        database: The library database.
        library: Where the songs are.
        asked_by: Returns the hash of the head that chooses questions now.

    Attributes:
        changed: Answers were added, changed or removed.
    """

    def __init__(
        self, database: Database, library: LibraryService, asked_by: Callable[[], str]
    ) -> None:
        self.changed: Event[[]] = Event()
        self._judgments = Judgments(database)
        self._library = library
        self._asked_by = asked_by
        self._last: list[JudgmentId] = []

    def add(self, prepared: Prepared, closest: Pair | None, took_s: float) -> None:
        """Store an answer, ``None`` for "can't tell"."""
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
        self._last.append(self._judgments.add(judgment))
        self.changed.emit()

    def undo(self) -> bool:
        """Take back the last answer of this session; return whether there was one."""
        while self._last:
            if self._judgments.remove([self._last.pop()]):
                self.changed.emit()
                return True
        return False

    def change(self, judgment_id: JudgmentId, closest: Pair | None) -> None:
        """Replace what was answered."""
        if self._judgments.change(judgment_id, closest):
            self.changed.emit()

    def remove(self, judgment_ids: Sequence[JudgmentId]) -> None:
        """Delete answers."""
        if self._judgments.remove(judgment_ids):
            self.changed.emit()

    def restore(self, judgments: Sequence[Judgment]) -> None:
        """Put deleted answers back."""
        self._judgments.add_many(judgments)
        self.changed.emit()

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
        path_of = {one.audio_id: one.path for one in self._library.catalog().tracks}
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
        there = {_signature(one) for one in self._judgments.all() if one.judged_at_s}
        added = [one for one in reading.judgments if _signature(one) not in there]
        self._judgments.add_many(added)
        self.changed.emit()
        return answers_file.summary(reading, len(added), len(reading.judgments) - len(added))

    def _resolver(self) -> Callable[[str], AudioId | None]:
        return answers_file.resolver(
            (one.audio_id, one.path) for one in self._library.catalog().tracks
        )


def _signature(judgment: Judgment) -> tuple[object, ...]:
    """Return what tells one answer from another, to the moment it was given."""
    return (judgment.trio, judgment.closest, judgment.held_back, judgment.judged_at_s)
