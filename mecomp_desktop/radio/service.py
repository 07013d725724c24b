"""Radio: a queue of songs that sound alike, which goes on while it is heard."""

import random
import threading
from collections.abc import Callable, Sequence

import numpy as np

from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId, TrackId
from mecomp_desktop.domain.queue import QueueEntry
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.playback.service import PlaybackService, QueueSnapshot
from mecomp_desktop.radio.plan import Past, candidates_needed, choose
from mecomp_desktop.settings import RadioSettings
from mecomp_desktop.similarity.candidate import Candidate
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.similarity.vectors import Matrix, distances, drifted, middle
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.threads import WorkerThread

_DRIFT_SONGS = 3
_WIDEN = 4


class RadioService:
    """Fills the queue with what sounds like its seeds.

    Which radio fills the queue is the queue's own knowledge (it survives undo and restart);
    this only adds songs, on a thread of its own, when too few are still to come.

    Args:
        playback: Owns the queue.
        library: Where the tracks are.
        similarity: What sounds alike.
        analysis: Hears seeds first that have not been heard.
        plays: What was played lately.
        rules: Tells the listener's limits.
        rng: Where adventure comes from.

    Attributes:
        notice: One plain sentence that the listener should see.
    """

    def __init__(
        self,
        playback: PlaybackService,
        library: LibraryService,
        similarity: SimilarityService,
        analysis: AnalysisService,
        plays: Plays,
        rules: Callable[[], RadioSettings],
        rng: random.Random | None = None,
    ) -> None:
        self.notice: Event[[str]] = Event()
        self._playback = playback
        self._library = library
        self._similarity = similarity
        self._analysis = analysis
        self._plays = plays
        self._rules = rules
        self._rng = rng or random.Random()  # noqa: S311 (a choice of songs, not a secret)
        self._told: set[str] = set()
        self._awaited: frozenset[AudioId] = frozenset()
        self._early = False
        self._lock = threading.Lock()
        self._woken = self._outdated = False
        self._worker = WorkerThread("radio")
        self._disconnects = (
            playback.queue_changed.connect(self._wake),
            similarity.changed.connect(self._wake),
            library.failures_changed.connect(self._wake),
            analysis.changed.connect(self._wake_if_waiting),
        )

    def start(self, seed_ids: Sequence[TrackId]) -> None:
        """Replace the queue by a radio from these songs. Returns at once.

        The first seed plays right away (or goes on playing). Seeds that have not been listened
        to yet are listened to first, and the radio's songs come as soon as they can.
        """
        seeds = list(dict.fromkeys(seed_ids))
        if seeds:
            self._told.clear()
            self._awaited = frozenset()
            self._playback.start_radio(seeds)
            self._wake()

    def choose_again(self) -> None:
        """Choose the radio's songs that are still to come anew, by the rules as they are now.

        One step that can be undone; what the listener queued stays. Returns at once.
        """
        with self._lock:
            self._outdated = True
        self._wake()

    def stop(self) -> None:
        """Add no more songs; those in the queue stay."""
        self._playback.stop_radio()

    def active_seeds(self) -> tuple[TrackId, ...]:
        """Return what the radio that fills the queue started from; empty without one."""
        return self._playback.queue_snapshot().radio_seeds

    def settle(self, timeout_s: float) -> bool:
        """Wait until the radio has done what there was to do. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """End the thread. Blocks; may be called twice."""
        for disconnect in self._disconnects:
            disconnect()
        self._worker.close()

    # On a thread of its own

    def _wake(self) -> None:
        with self._lock:
            if self._woken:
                return
            self._woken = True
        self._worker.post(self._fill)

    def _wake_if_waiting(self) -> None:
        if self._awaited or self._early:
            self._wake()

    def _fill(self) -> None:
        with self._lock:
            again = self._outdated
            self._woken = self._outdated = False
        queue = self._playback.queue_snapshot()
        rules = self._rules()
        leaving = [one.id for one in _to_come(queue) if again and one.source == "radio"]
        left = len(_to_come(queue)) - len(leaving)
        if not queue.radio_seeds or self._worker.closed:
            return
        if left >= rules.keep_ahead and not leaving:
            return
        seeds = self._tracks(queue.radio_seeds)
        vectors = self._similarity.vectors(seeds)
        if not len(vectors):
            self._wait_for(seeds)
            return
        self._awaited, self._early = frozenset(), False
        seed = middle(vectors)
        staying = [one.track_id for one in queue.entries if one.id not in leaving]
        chosen = self._choose(seed, staying, max(rules.songs - left, len(leaving)), rules)
        if not chosen:
            self._tell_empty()
            return
        self._playback.extend_radio(
            queue.radio_seeds,
            [one.track.id for one in chosen],
            [self._closeness(seed, one) for one in chosen],
            leaving,
        )

    def _choose(
        self, seed: Matrix, queued_ids: Sequence[TrackId], count: int, rules: RadioSettings
    ) -> list[Candidate]:
        """Choose songs by all the rules; by fewer of them before there are none at all."""
        queued = self._tracks(queued_ids)
        target = drifted(seed, self._similarity.vectors(queued[-_DRIFT_SONGS:]), rules.adventure)
        past = Past(queued, frozenset(self._plays.recent(rules.recent_plays)))
        chosen = self._search(target, count, past, rules)
        if len(chosen) < min(count, rules.keep_ahead) and past.played:
            again = Past([*queued, *(one.track for one in chosen)])
            chosen += self._search(target, count - len(chosen), again, rules)
        return chosen

    def _search(
        self, target: Matrix, count: int, past: Past, rules: RadioSettings
    ) -> list[Candidate]:
        known = self._similarity.known_vectors()
        ask = candidates_needed(count, past, rules)
        while True:
            near = self._similarity.candidates(target, ask)
            chosen = choose(
                near,
                count,
                past,
                rules,
                rng=self._rng,
                relax=ask >= known,
                typical=self._similarity.typical_distance,
            )
            if len(chosen) >= count or ask >= known:
                return chosen
            ask *= _WIDEN

    def _closeness(self, seed: Matrix, one: Candidate) -> float:
        if one.vector is None:
            return self._similarity.closeness(one.distance)
        distance = float(distances(seed, one.vector[np.newaxis])[0])
        return self._similarity.closeness(distance)

    # What keeps it from playing

    def _wait_for(self, seeds: Sequence[Track]) -> None:
        """Have the seeds heard first, unless that is impossible."""
        failed = {one.path for one in self._library.failures() if one.stage == "analysis"}
        listed = self._library.catalog()
        hopeful = [
            one for one in seeds if one.available and one.id in listed and one.path not in failed
        ]
        if not hopeful:
            self._give_up(seeds, unreadable=any(one.path in failed for one in seeds))
            return
        self._early = not self._similarity.has_loaded
        status = self._analysis.status()
        if status.error:
            self._tell(f"The radio cannot begin: {status.error}")
            return
        if self._early:
            self._analysis.prepare()  # with the model come the vectors: perhaps the seeds' too
            return
        awaited = frozenset(one.audio_id for one in hopeful)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        self._tell(f"{_title(hopeful)} has to be listened to first; the radio begins in a moment.")
        self._analysis.analyse_first([one.audio_id for one in hopeful])

    def _give_up(self, seeds: Sequence[Track], *, unreadable: bool) -> None:
        why = "it couldn't be read" if unreadable else "it is not in the library, or not there now"
        self._tell(f"There is no radio from {_title(seeds)}: {why}.")
        self._playback.stop_radio()

    def _tell_empty(self) -> None:
        if self._analysis.status().state == "idle":
            self._tell("There are no more songs that fit this radio.")
        else:
            self._tell("Few songs have been listened to so far; the radio goes on when more have.")

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self.notice.emit(sentence)

    def _tracks(self, track_ids: Sequence[TrackId]) -> list[Track]:
        found = map(self._library.track, track_ids)
        return [track for track in found if track is not None]


def _to_come(queue: QueueSnapshot) -> Sequence[QueueEntry]:
    """Return the entries that are still to come."""
    for row, entry in enumerate(queue.entries):
        if entry.id == queue.current_id:
            return queue.entries[row + 1 :]
    return queue.entries


def _title(tracks: Sequence[Track]) -> str:
    if not tracks:
        return "that song"
    return f"“{tracks[0].title}”" if len(tracks) == 1 else f"“{tracks[0].title}” and the others"
