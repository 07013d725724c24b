"""The quiz's next questions: chosen, cut and made equally loud before they are needed."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, Question, same_trio
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.quiz.clips import CLIP_S, Clip, choose_clip
from mecomp_desktop.quiz.sampler import Facts, Sampler
from mecomp_desktop.quiz.song_coordinates import SongCoordinates
from mecomp_desktop.similarity.duplicates import album_key, recording_key
from mecomp_desktop.threads import WorkerThread

_log = logging.getLogger(__name__)

_READY_AHEAD = 3
_MOST_MISSES = 20
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
        places: Returns where the songs lie; called on the quiz's own thread.
        judgments: Returns all answers so far.
        seed: Two quizzes with one seed over one library ask the same; ``None`` for chance.

    Attributes:
        changed: A question has become ready, or it has become clear that there is none.
    """

    def __init__(
        self,
        library: LibraryService,
        places: Callable[[], SongCoordinates],
        judgments: Callable[[], list[Judgment]],
        seed: int | None = None,
    ) -> None:
        self.changed: Event[[]] = Event()
        self._library = library
        self._places = places
        self._judgments = judgments
        self._seed = int(np.random.SeedSequence(seed).generate_state(1)[0])
        self._ready: deque[Prepared] = deque()
        self._taken: list[Question] = []  # put to the listener, and perhaps not answered yet
        self._lock = threading.Lock()
        self._sampler: Sampler | None = None
        self._unreadable: set[AudioId] = set()
        self._exhausted = False
        self._stale = True
        self._worker = WorkerThread("quiz")

    @property
    def exhausted(self) -> bool:
        """Whether the library, as far as it has been heard, has no further question."""
        return self._exhausted

    def prepare(self) -> None:
        """Have questions ready; returns at once, ``changed`` tells when there is one."""
        self._worker.post(self._fill)

    def forget_library(self) -> None:
        """Songs came or went, or lie elsewhere: questions are chosen anew from now on."""
        with self._lock:
            self._stale = True

    def forget_questions(self) -> None:
        """Drop what is ready: it was chosen before something changed."""
        with self._lock:
            self._ready.clear()

    def peek(self) -> Prepared | None:
        """Return the next question, if it is ready, without taking it."""
        with self._lock:
            return self._ready[0] if self._ready else None

    def take(self) -> Prepared | None:
        """Take the next question, if it is ready, and have another one prepared."""
        with self._lock:
            prepared = self._ready.popleft() if self._ready else None
            if prepared is not None:
                self._taken.append(prepared.question)
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
        misses = 0
        while misses < _MOST_MISSES and not self._worker.closed:
            with self._lock:
                waiting = [one.question for one in self._ready]
                taken = list(self._taken)
            if len(waiting) >= _READY_AHEAD:
                return
            sampler = self._current_sampler()
            judgments = self._judgments()
            answered = {same_trio(one.trio) for one in judgments}
            waiting += [one for one in taken if same_trio(one.trio) not in answered]
            question = sampler.choose(judgments, waiting)
            if question is None:
                self._tell_exhausted(True)
                return
            prepared = self._cut(question)
            if prepared is None:
                misses += 1
                continue
            with self._lock:
                self._ready.append(prepared)
            self._exhausted = False
            self.changed.emit()

    def _tell_exhausted(self, exhausted: bool) -> None:
        self._exhausted = exhausted
        self.changed.emit()

    def _current_sampler(self) -> Sampler:
        with self._lock:
            stale, self._stale = self._stale, False
        if stale or self._sampler is None:
            self._seed += 1
            self._sampler = Sampler(self._places(), self._facts(), self._seed)
        return self._sampler

    def _facts(self) -> dict[AudioId, Facts]:
        return {
            track.audio_id: _facts(track)
            for track in self._library.catalog().tracks
            if track.available
            and track.audio_id not in self._unreadable
            and (track.duration_s >= _SHORTEST_S or track.duration_s == 0)
        }

    def _cut(self, question: Question) -> Prepared | None:
        """Prepare the clips; ``None`` when a song cannot be played, which is then left out."""
        tracks, clips = [], []
        by_audio = {one.audio_id: one for one in self._library.catalog().tracks if one.available}
        for audio_id in question.trio:
            track = by_audio.get(audio_id)
            if track is None:
                self.forget_library()
                return None
            try:
                clips.append(choose_clip(track.path))
            except UnreadableFile as error:
                _log.info("not asked about: %s", error)
                self._unreadable.add(audio_id)
                self.forget_library()
                return None
            tracks.append(track)
        return Prepared(question, (tracks[0], tracks[1], tracks[2]), (clips[0], clips[1], clips[2]))


def _facts(track: Track) -> Facts:
    # A song and its remaster, or "A" and "A feat. B", are told apart as the radio does it; where
    # tags say too little, the recording stands for itself.
    return Facts(album=album_key(track), recording=recording_key(track) or track.audio_id)
