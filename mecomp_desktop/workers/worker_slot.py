"""A place for one worker: starts it when needed, replaces it when dead, judges what killed it."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mecomp_desktop.errors import BrokenEnvironment, Reason
from mecomp_desktop.workers.watchdog import WATCHDOG
from mecomp_desktop.workers.worker_client import (
    Cause,
    Limits,
    WorkerClient,
    WorkerDied,
    WorkerSpec,
)
from mecomp_desktop.workers.worker_protocol import Message

_log = logging.getLogger(__name__)

_START_ATTEMPTS = 3
_REASONS = {
    Cause.CRASHED: Reason.CRASHED,
    Cause.OUT_OF_TIME: Reason.TIMED_OUT,
    Cause.NO_ANSWER: Reason.NO_ANSWER,
    Cause.TOO_MUCH_MEMORY: Reason.TOO_MUCH_MEMORY,
    Cause.FROM_OUTSIDE: Reason.INTERRUPTED,
}


class SlotClosed(Exception):
    """The slot was closed while a job was being done: nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker said of a job, with what it had said of itself when it started."""

    message: Message
    greeting: Message


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that could not be done.

    Attributes:
        reason: Why; ``Reason.passing`` tells whether it may go well another time.
        detail: For a bug report.
    """

    reason: Reason
    detail: str


Outcome = Answer | Failed


class WorkerSlot:
    """Keeps at most one worker. Belongs to one thread; any other may call ``close``.

    Args:
        spec: What each worker is started with.
        limits: How long a job may take.
    """

    def __init__(self, spec: WorkerSpec, limits: Callable[[Message], Limits]) -> None:
        self._spec = spec
        self._limits = limits
        self._lock = threading.Lock()
        self._client: WorkerClient | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        client = self._client
        return client.pid if client is not None and client.alive else None

    def start(self) -> None:
        """Have the worker ready before the first job; raises as `run_many`."""
        self._usable()

    def run(self, job: Message) -> Outcome:
        """Do one job, see `run_many`."""
        (outcome,) = self.run_many([job])
        return outcome

    def run_many(self, jobs: Sequence[Message]) -> Iterator[Outcome]:
        """Do jobs with one message, and give what came of each, in order.

        A worker that dies costs at most the job that it was doing, and that only if the job
        kills a second worker too, a fresh one that does nothing else.

        Raises:
            SlotClosed: ``close`` was called meanwhile.
            UserError: The worker cannot be used as it was set up.
            BrokenEnvironment: No worker comes up.
        """
        left = deque(jobs)
        while left:
            client = self._usable()
            try:
                # All at once: the worker goes on to the next job while this process stores the last
                # outcome.
                client.begin(left)
                while left:
                    outcome = self._outcome(client, left[0])
                    left.popleft()
                    yield outcome
            # What it had finished was yielded; of what is left only the first job was under way.
            except WorkerDied as death:
                yield self._again(left.popleft(), death)

    def rest(self) -> None:
        """End the worker until there is another job."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            # First, or the watchdog would see the process end and report a worker that died.
            WATCHDOG.remove(client)
            client.close()

    def close(self) -> None:
        """End the worker at once, whatever it is doing, and start none any more."""
        with self._lock:
            self._closed = True
            if self._client is not None:
                # Not `rest`: that waits for the process, and whoever closes may be the GUI thread.
                self._client.kill()

    def _outcome(self, client: WorkerClient, job: Message) -> Outcome:
        answer = client.answer(self._limits(job))
        if "reason" not in answer:
            return Answer(answer, client.greeting)
        # Whatever a broken worker writes must not raise here: its file is listed as damaged.
        reason = Reason.__members__.get(str(answer["reason"]), Reason.DAMAGED)
        return Failed(reason, str(answer.get("detail", "")))

    def _again(self, job: Message, death: WorkerDied) -> Outcome:
        """Do a job over which a worker died in a fresh one, alone, and judge.

        The first worker had done other jobs before, one of which may have broken it, or somebody
        else killed it: to list a file for good as one that crashes the decoder takes better
        evidence. Time is different: it was counted for this job alone.
        """
        self.rest()
        if death.cause is Cause.DISMISSED:
            raise SlotClosed
        if death.cause in (Cause.OUT_OF_TIME, Cause.NO_ANSWER):
            return Failed(_REASONS[death.cause], death.detail)
        _log.warning("a worker died (%s, %s); its job is tried again", death.cause.name, death)
        client = self._usable()
        try:
            client.begin([job])
            return self._outcome(client, job)
        except WorkerDied as second:
            self.rest()
            if second.cause is Cause.DISMISSED:
                raise SlotClosed from None
            return Failed(_REASONS[second.cause], second.detail)

    def _usable(self) -> WorkerClient:
        """Return the worker, or another in place of a dead one."""
        with self._lock:
            client = self._client
        if client is not None:
            if client.alive:
                return client
            self.rest()
        for attempt in range(1, _START_ATTEMPTS + 1):
            try:
                return self._started()
            except (BrokenEnvironment, OSError) as error:
                _log.warning("starting a worker, attempt %d: %s", attempt, error)
                # A name that "except" does not delete at its end.
                problem = error
        raise BrokenEnvironment(str(problem)) from problem

    def _started(self) -> WorkerClient:
        with self._lock:
            if self._closed:
                raise SlotClosed
            client = self._client = WorkerClient(self._spec)
        WATCHDOG.add(client)
        try:
            client.open()
        # Also for an interrupt from the terminal: a process that nobody holds would outlive the
        # program.
        except BaseException:
            self.rest()
            if self._closed:
                raise SlotClosed from None
            raise
        return client
