"""Radio: a queue of songs that sound alike, which goes on while it plays."""

import random
import threading
from collections.abc import Callable, Sequence

from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.ids import AudioId, EntryId, TrackId
from mecomp_desktop.domain.rating import RatingTable
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.service import LibraryService
from mecomp_desktop.playback.service import PlaybackService, QueueSnapshot
from mecomp_desktop.radio.planner import Plan, RadioPlanner
from mecomp_desktop.radio.seed import seed_of
from mecomp_desktop.radio.status import RadioStatus
from mecomp_desktop.radio.upcoming import radio_songs_to_come, to_come
from mecomp_desktop.settings import RadioSettings
from mecomp_desktop.similarity.service import SimilarityService
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.threads import WorkerThread

# What is still to come is planned anew when so many times as many songs are known.
_GROWN = 1.5
# At the end of the analysis, by less: no better time will come.
_GROWN_AT_THE_END = 1.1
# The songs that come next stay: the engine may hold the first of them already, and the listener
# has seen them.
_KEPT_NEXT = 2


class RadioService:
    """Fills the queue with what sounds like its seeds.

    Which radio fills the queue is the queue's own knowledge (it survives undo and restart);
    this only adds songs, on a thread of its own, when too few are still to come.

    Args:
        playback: Owns the queue.
        library: Where the tracks are.
        similarity: What sounds alike.
        analysis: Analyses seeds first that have no vector yet.
        plays: What was played lately.
        rules: Tells the listener's limits.
        rng: Where adventure comes from.
        ratings: Tells what the listener likes, and what is never to be played.

    Attributes:
        notice: One plain sentence that the listener should see.
        changed: ``status`` is another one.
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
        ratings: Callable[[], RatingTable] = RatingTable,
    ) -> None:
        self.notice: Event[[str]] = Event()
        self.changed: Event[[]] = Event()
        self._playback = playback
        self._library = library
        self._similarity = similarity
        self._analysis = analysis
        self._rules = rules
        chance = rng or random.Random()  # noqa: S311 (a choice of songs, not a secret)
        self._ratings = ratings
        self._planner = RadioPlanner(library, similarity, plays, rules, chance, ratings)
        # From how many songs the radio of these seeds was planned, and whether none was near.
        self._planned: tuple[tuple[TrackId, ...], int] = ((), 0)
        self._is_far = False
        self._shown: RadioStatus | None = None
        self._shown_notices: set[str] = set()
        self._awaited: frozenset[AudioId] = frozenset()
        self._early = False
        self._lock = threading.Lock()
        self._woken = self._outdated = False
        self._worker = WorkerThread("radio")
        self._disconnects = (
            playback.queue_changed.connect(self._wake),
            similarity.changed.connect(self._wake),
            library.failures_changed.connect(self._wake),
            analysis.changed.connect(self._analysis_changed),
        )

    def start(self, seed_ids: Sequence[TrackId]) -> None:
        """Replace the queue by a radio from these songs. Returns at once.

        A single seed plays right away (or goes on playing); from several, as an album's or an
        artist's, what sounds like them plays. Seeds without a vector are analysed first, and the
        radio's songs come as soon as they can.
        """
        seeds = tuple(dict.fromkeys(seed_ids))
        if not seeds:
            return
        self._shown_notices.clear()
        self._awaited = frozenset()
        if len(seeds) == 1:
            self._playback.start_radio(seeds)
        else:
            self._worker.post(lambda: self._start_from_many(seeds))
        self._wake()

    def choose_again(self) -> None:
        """Choose the radio's songs that are still to come anew, by the rules as they are now.

        One step that can be undone; what the listener queued stays. Returns at once.
        """
        with self._lock:
            self._outdated = True
        self._wake()

    def follow_ratings(self) -> None:
        """Put others in the place of songs to come that the listener has put away."""
        self._wake()

    def stop(self) -> None:
        """Add no more songs; those in the queue stay."""
        self._playback.stop_radio()

    def active_seeds(self) -> tuple[TrackId, ...]:
        """Return what the radio that fills the queue started from; empty without one."""
        return self._playback.queue_snapshot().radio_seeds

    def status(self) -> RadioStatus | None:
        """Return what the window shows of the radio; ``None`` without one."""
        seeds = self.active_seeds()
        if not seeds:
            return None
        known, total = self._similarity.coverage()
        return RadioStatus(
            seed=seed_of(self._tracks(seeds)),
            known=known,
            total=total,
            is_growing=self._analysis.status().state != "idle",
            is_far=self._is_far and self._planned[0] == seeds,
        )

    def settle(self, timeout_s: float) -> bool:
        """Wait until the radio has done what there was to do. Blocks."""
        return self._worker.settle(timeout_s)

    def close(self) -> None:
        """End the thread. Blocks; idempotent."""
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

    def _analysis_changed(self) -> None:
        shown = self._shown
        is_over = shown is not None and shown.is_growing and self._analysis.status().state == "idle"
        if self._awaited or self._early or is_over:
            self._wake()

    def _start_from_many(self, seeds: tuple[TrackId, ...]) -> None:
        tracks = self._tracks(seeds)
        first = None
        if self._planner.knows(tracks):
            songs = self._planner.plan(tracks, (), 1).songs
            first = songs[0].track.id if songs else None
        self._playback.start_radio(seeds, first)

    def _fill(self) -> None:
        with self._lock:
            requested = self._outdated
            self._woken = self._outdated = False
        queue = self._playback.queue_snapshot()
        if queue.radio_seeds and not self._worker.closed:
            self._extend(queue, requested)
        self._show()

    def _extend(self, queue: QueueSnapshot, requested: bool) -> None:
        """Add songs when too few are to come, or put better ones in the place of those to come."""
        rules = self._rules()
        leaving = self._leaving(queue, requested)
        left = len(to_come(queue)) - len(leaving)
        if left >= rules.keep_ahead and not leaving:
            return
        seeds = self._tracks(queue.radio_seeds)
        if not self._planner.knows(seeds):
            self._wait_for(seeds)
            return
        self._awaited, self._early = frozenset(), False
        staying = [entry.track_id for entry in queue.entries if entry.id not in leaving]
        wanted = max(rules.songs - left, len(leaving))
        known = self._similarity.coverage()[0]
        plan = self._planner.plan(seeds, self._tracks(staying), wanted)
        if not plan.songs:
            self._notify_empty()
            return
        self._add(queue, plan, leaving, requested=requested)
        self._note_plan(queue.radio_seeds, seeds, known)

    def _leaving(self, queue: QueueSnapshot, requested: bool) -> list[EntryId]:
        """Return the entries to be replaced: on request all, by itself but for the next few."""
        own = radio_songs_to_come(queue)
        if requested:
            return own
        leaving = own[_KEPT_NEXT:] if self._knows_much_more(queue.radio_seeds) else []
        unwanted = self._unwanted(queue)
        return [*unwanted, *(entry for entry in leaving if entry not in unwanted)]

    def _unwanted(self, queue: QueueSnapshot) -> list[EntryId]:
        """Return the radio's entries to come that the listener has put away."""
        ratings = self._ratings()
        if not ratings.has_never_again:
            return []
        own = set(radio_songs_to_come(queue))
        return [
            entry.id
            for entry in to_come(queue)
            if entry.id in own
            and (track := self._library.track(entry.track_id)) is not None
            and ratings.is_never_again(track)
        ]

    def _knows_much_more(self, seeds: tuple[TrackId, ...]) -> bool:
        """Return whether a plan made now would choose from far more songs than the last.

        A radio of the first hundred songs analysed would otherwise go on with those for hours. A
        plan of before a restart counts as made from what is known now.
        """
        if not self._similarity.has_loaded:  # what was stored counts as known, though not read yet
            return False
        known = self._similarity.coverage()[0]
        planned_for, planned_from = self._planned
        if planned_for != seeds:
            self._planned = (seeds, known)
            return False
        is_over = self._analysis.status().state == "idle"
        return known > planned_from * (_GROWN_AT_THE_END if is_over else _GROWN)

    def _note_plan(self, seeds: tuple[TrackId, ...], tracks: Sequence[Track], known: int) -> None:
        self._planned = (seeds, known)
        is_far = self._planner.is_far(tracks)
        if is_far and not self._is_far:
            name = seed_of(tracks).sentence_part
            self._notify(f"Nothing in your library is close to {name}; the nearest there is plays.")
        self._is_far = is_far

    def _add(
        self, queue: QueueSnapshot, plan: Plan, leaving: Sequence[EntryId], *, requested: bool
    ) -> None:
        self._playback.extend_radio(
            queue.radio_seeds,
            [candidate.track.id for candidate in plan.songs],
            plan.closeness,
            leaving,
            requested=requested,
        )

    def _show(self) -> None:
        status = self.status()
        if status != self._shown:
            self._shown = status
            self.changed.emit()

    # What keeps it from playing

    def _wait_for(self, seeds: Sequence[Track]) -> None:
        """Have the seeds analysed first, unless that is impossible."""
        failures = self._library.failures()
        failed = {
            (failure.path, failure.start_s) for failure in failures if failure.stage == "analysis"
        }
        listed = self._library.catalog()
        hopeful = [
            track
            for track in seeds
            if track.available and track.id in listed and (track.path, track.start_s) not in failed
        ]
        if not hopeful:
            self._give_up(
                seeds, unreadable=any((track.path, track.start_s) in failed for track in seeds)
            )
            return
        self._early = not self._similarity.has_loaded
        status = self._analysis.status()
        if status.error:
            self._notify(f"The radio cannot begin: {status.error}")
            return
        if self._early:
            self._analysis.prepare()  # with the model come the vectors: perhaps the seeds' too
            return
        awaited = frozenset(track.audio_id for track in hopeful)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        name = seed_of(hopeful).sentence_part
        name = name[0].upper() + name[1:]
        self._notify(f"{name} has to be analysed first; the radio begins in a moment.")
        self._analysis.analyse_first([track.audio_id for track in hopeful])

    def _give_up(self, seeds: Sequence[Track], *, unreadable: bool) -> None:
        why = "it couldn't be read" if unreadable else "it is not in the library, or not there now"
        self._notify(f"There is no radio from {seed_of(seeds).sentence_part}: {why}.")
        self._playback.stop_radio()

    def _notify_empty(self) -> None:
        if self._analysis.status().state == "idle":
            self._notify("There are no more songs that fit this radio.")
        else:
            self._notify("Few songs have been analysed so far; the radio goes on when more have.")

    def _notify(self, sentence: str) -> None:
        if sentence not in self._shown_notices:
            self._shown_notices.add(sentence)
            self.notice.emit(sentence)

    def _tracks(self, track_ids: Sequence[TrackId]) -> list[Track]:
        found = map(self._library.track, track_ids)
        return [track for track in found if track is not None]
