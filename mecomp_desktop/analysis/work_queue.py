"""The recordings that wait to be analysed: in order, the urgent ones first, each only once."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from mecomp_desktop.analysis.status import PauseSwitch
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.pending import PendingTrack


class WorkQueue:
    """Feeds any number of threads; pausing takes effect between two files.

    Args:
        pause: While it is on, nothing is handed out; one of its own by default.
    """

    def __init__(self, pause: PauseSwitch | None = None) -> None:
        self._changed = threading.Condition()
        self._waiting: OrderedDict[AudioId, PendingTrack] = OrderedDict()
        self._taken: set[AudioId] = set()
        self._urgent: dict[AudioId, None] = {}
        self._closed = False
        self._pause = pause or PauseSwitch()
        self._disconnect_pause = self._pause.changed.connect(self._notify)

    def put_many(self, jobs: Iterable[PendingTrack]) -> int:
        """Add jobs; those whose recording waits or is being analysed are left out.

        Returns:
            How many were added.
        """
        with self._changed:
            before = len(self._waiting)
            for job in jobs:
                if job.audio_id not in self._taken:
                    self._waiting.setdefault(job.audio_id, job)
                    # A plan names all that is missing: what a scan found since the last one
                    # belongs between the others, or the sample would be of what came first.
                    self._waiting.move_to_end(job.audio_id)
            self._bring_forward()
            self._changed.notify_all()
            return len(self._waiting) - before

    def take(self) -> PendingTrack | None:
        """Wait for the next job; ``None`` when the queue is closed."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or (self._waiting and not self._pause.is_on)
            )
            if self._closed:
                return None
            audio_id, job = self._waiting.popitem(last=False)
            self._taken.add(audio_id)
            return job

    def give_back(self, job: PendingTrack) -> None:
        """Put a job that was taken but not begun at the front again."""
        with self._changed:
            self._taken.discard(job.audio_id)
            self._waiting[job.audio_id] = job
            self._waiting.move_to_end(job.audio_id, last=False)
            self._changed.notify_all()

    def finish(self, audio_ids: Iterable[AudioId]) -> None:
        """Forget jobs whose results are safe in the store."""
        with self._changed:
            self._taken.difference_update(audio_ids)

    def prioritise(self, audio_ids: Iterable[AudioId]) -> None:
        """Analyse these first, in this order, now or as soon as they are put."""
        with self._changed:
            self._urgent = dict.fromkeys(audio_ids)
            self._bring_forward()

    def close(self) -> None:
        """End every ``take``; what waits is dropped."""
        self._disconnect_pause()
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    @property
    def unfinished(self) -> int:
        """How many jobs wait, are being analysed, or are embedded but not yet stored."""
        with self._changed:
            return len(self._waiting) + len(self._taken)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _bring_forward(self) -> None:
        for audio_id in reversed(self._urgent):
            if audio_id in self._waiting:
                self._waiting.move_to_end(audio_id, last=False)
