"""The quiz's next questions: chosen, cut and made equally loud before they are needed."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, Question, same_trio
from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.rating import RatingTable
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import MecompError, UnreadableFile
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.quiz.clips import CLIP_S, Clip
from mecomp_desktop.quiz.questions_status import QuestionsState, QuestionsStatus
from mecomp_desktop.quiz.sampler import FEWEST_SONGS, Facts, Sampler
from mecomp_desktop.quiz.song_coordinates import SongCoordinates
from mecomp_desktop.similarity.duplicates import album_key, recording_key
from mecomp_desktop.threads import WorkerThread

_log = logging.getLogger(__name__)

_READY_AHEAD = 3
_MAX_MISSES = 20
# Shorter than this a song has no telling part, or is none.
_SHORTEST_S = CLIP_S


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question that can be played at once.

    Attributes:
        question: What is asked.
        tracks: The three songs.
        clips: What is played of each.
    """

    question: Question
    tracks: tuple[Track, Track, Track]
    clips: tuple[Clip, Clip, Clip]


class Quiz:
    """Keeps a few questions ready.

    Args:
        library: Where the songs are.
        coordinates: Returns where the songs lie; called on the quiz's own thread.
        judgments: Returns all answers so far.
        choose_clip: Returns what is played of a file, or a part; raises ``UnreadableFile``. Blocks.
        seed: Two quizzes with one seed over one library ask the same; ``None`` for chance.
        ratings: Tells what the listener never wants to hear again, which is not asked about.

    Attributes:
        changed: A question has become ready, or ``status`` is another one.
    """

    def __init__(
        self,
        library: LibraryService,
        coordinates: Callable[[], SongCoordinates],
        judgments: Callable[[], list[Judgment]],
        choose_clip: Callable[[Path, Part | None], Clip],
        seed: int | None = None,
        ratings: Callable[[], RatingTable] = RatingTable,
    ) -> None:
        self.changed: Event[[]] = Event()
        self._library = library
        self._coordinates = coordinates
        self._judgments = judgments
        self._ratings = ratings
        self._choose_clip = choose_clip
        self._seed = int(np.random.SeedSequence(seed).generate_state(1)[0])
        self._ready: deque[Prepared] = deque()
        self._taken: list[Question] = []  # put to the listener, and perhaps not answered yet
        self._lock = threading.Lock()
        self._sampler: Sampler | None = None
        self._unreadable: set[AudioId] = set()
        self._status = QuestionsStatus()
        self._stale = True
        self._is_posted = False
        self._worker = WorkerThread("quiz")

    def status(self) -> QuestionsStatus:
        """Return whether there is a question, and why not."""
        return self._status

    def prepare(self) -> None:
        """Have questions ready; returns at once, ``changed`` tells when there is one."""
        with self._lock:
            is_posted, self._is_posted = self._is_posted, True
        if not is_posted:
            self._worker.post(self._fill)

    def forget_library(self) -> None:
        """Songs came or went, or lie elsewhere: questions are chosen anew from now on.

        Where there was no question, it is looked for one in what has come.
        """
        with self._lock:
            self._stale = True
        if self._status.has_ended:
            self.prepare()

    def forget_questions(self) -> None:
        """Drop what is ready: it was chosen before something changed."""
        with self._lock:
            self._ready.clear()

    def follow_ratings(self) -> None:
        """Drop the questions that are ready and have a song that was put away."""
        is_unwanted = self._ratings().is_never_again
        with self._lock:
            kept = [ready for ready in self._ready if not any(map(is_unwanted, ready.tracks))]
            dropped = len(kept) < len(self._ready)
            self._ready = deque(kept)
        self.forget_library()
        if dropped:
            self.prepare()

    def take(self) -> Prepared | None:
        """Take the next question, if it is ready, and have another one prepared."""
        with self._lock:
            prepared = self._ready.popleft() if self._ready else None
            if prepared is not None:
                self._taken.append(prepared.question)
        # Only then: who takes on every ``changed`` would otherwise ask without end for what
        # there is not.
        if prepared is not None:
            self.prepare()
        return prepared

    def settle(self, timeout_s: float) -> bool:
        """Wait until what was posted has been done; return whether it has. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """End the thread. Blocks; may be called twice."""
        self._worker.close(timeout_s=20.0)

    # On a thread of its own

    def _fill(self) -> None:
        with self._lock:
            self._is_posted = False
        try:
            status = self._fill_up()
        except MecompError as error:
            status = QuestionsStatus(QuestionsState.FAILED, error=str(error))
        except Exception as bug:
            _log.exception("no question could be prepared")
            status = QuestionsStatus(QuestionsState.FAILED, error=f"{type(bug).__name__}: {bug}")
        self._show(status)

    def _fill_up(self) -> QuestionsStatus:
        """Prepare questions until enough are ready; return how it ended."""
        for _ in range(_MAX_MISSES + _READY_AHEAD):
            with self._lock:
                waiting = [prepared.question for prepared in self._ready]
                taken = list(self._taken)
            if len(waiting) >= _READY_AHEAD or self._worker.closed:
                return QuestionsStatus(QuestionsState.READY)
            sampler = self._current_sampler()
            judgments = self._judgments()
            answered = {same_trio(judgment.trio) for judgment in judgments}
            unanswered = [
                question for question in taken if same_trio(question.trio) not in answered
            ]
            question = sampler.choose(judgments, [*waiting, *unanswered])
            if question is None:
                return self._none_left(sampler.songs, ready=len(waiting))
            prepared = self._prepare(question)
            if prepared is not None:
                with self._lock:
                    self._ready.append(prepared)
                self._status = QuestionsStatus(QuestionsState.READY, sampler.songs)
                self.changed.emit()
        with self._lock:
            is_ready = bool(self._ready)
        return QuestionsStatus(QuestionsState.READY if is_ready else QuestionsState.UNREADABLE)

    def _none_left(self, songs: int, *, ready: int) -> QuestionsStatus:
        if ready:
            return QuestionsStatus(QuestionsState.READY, songs)
        too_few = songs < FEWEST_SONGS
        state = QuestionsState.TOO_FEW_SONGS if too_few else QuestionsState.ALL_ASKED
        return QuestionsStatus(state, songs)

    def _show(self, status: QuestionsStatus) -> None:
        if status != self._status:
            self._status = status
            self.changed.emit()

    def _current_sampler(self) -> Sampler:
        with self._lock:
            stale, self._stale = self._stale, False
        if stale or self._sampler is None:
            self._seed += 1
            self._sampler = Sampler(self._coordinates(), self._facts(), self._seed)
        return self._sampler

    def _facts(self) -> dict[AudioId, Facts]:
        is_unwanted = self._ratings().is_never_again
        return {
            track.audio_id: _facts(track)
            for track in self._library.catalog().tracks
            if track.available
            and track.audio_id not in self._unreadable
            and not is_unwanted(track)
            and (track.duration_s >= _SHORTEST_S or track.duration_s == 0)
        }

    def _prepare(self, question: Question) -> Prepared | None:
        """Prepare the clips; ``None`` when a song cannot be played, which is then left out."""
        tracks, clips = [], []
        by_audio = {
            track.audio_id: track for track in self._library.catalog().tracks if track.available
        }
        for audio_id in question.trio:
            track = by_audio.get(audio_id)
            if track is None:
                self.forget_library()
                return None
            try:
                clips.append(self._choose_clip(track.path, track.part))
            except UnreadableFile as error:
                _log.info("not asked about: %s", error)
                self._unreadable.add(audio_id)
                self.forget_library()
                return None
            tracks.append(track)
        return Prepared(question, (tracks[0], tracks[1], tracks[2]), (clips[0], clips[1], clips[2]))


def _facts(track: Track) -> Facts:
    # A song and its remaster, or "A" and "A feat. B", are told apart as the radio does it; where
    # tags say too little, the recording stands for itself, and its sound and length tell it.
    key = recording_key(track)
    return Facts(album_key(track), key or track.audio_id, track.duration_s, is_tagged=bool(key))
