"""The parent's side of one worker: starts it, hands it jobs, notices how it dies."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.workers.worker_limits import LOWEST_NICE
from mecomp_desktop.workers.worker_protocol import Message, receive, send

# The package may lie where only this process looks; "-P" keeps the working directory, in which
# there may be anything, out of the child's search path.
_BOOT = """
import importlib, sys
sys.path.append(sys.argv[1])
importlib.import_module(sys.argv[2]).main()
"""
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_START_LIMIT_S = 120.0
# How long a worker whose pipe has closed may take to end by itself, so that its own signal is seen.
_LAST_WORDS_S = 2.0
# Signals with which others end processes: a listener's "kill", the kernel out of memory, a
# session's end. A decoder that crashes ends with another one (SEGV, ABRT, BUS, FPE, ILL).
_FROM_OUTSIDE = frozenset(
    int(getattr(signal, name))
    for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")
    if hasattr(signal, name)
)


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """What a worker is started with.

    Attributes:
        module: The module whose ``main`` it runs.
        settings: What its opener is given.
        memory_bytes: How much it may grow by over what it holds when it is ready.
        nice: Its niceness.
        environment: Added to its environment.
    """

    module: str
    settings: Message = field(default_factory=dict)
    memory_bytes: int = 1 << 29
    nice: int = LOWEST_NICE
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one job may take.

    Two clocks, for they mean different things: a file that burns CPU is at fault; one that waits
    (a share that hangs, a machine that is busy) is not.

    Attributes:
        cpu_s: CPU seconds of the worker.
        wall_s: Seconds on the wall.
    """

    cpu_s: float
    wall_s: float


class Cause(Enum):
    """Why a worker died."""

    CRASHED = auto()
    OUT_OF_TIME = auto()
    NO_ANSWER = auto()
    TOO_MUCH_MEMORY = auto()
    FROM_OUTSIDE = auto()
    DISMISSED = auto()


class WorkerDied(Exception):
    """The worker ended instead of answering.

    Attributes:
        cause: Why.
        detail: For a bug report.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail


class WorkerClient:
    """One child process. Belongs to one thread; any other may call ``check`` and ``kill``.

    The thread that makes it must outlive it, see `worker_limits.become_worker`.

    Attributes:
        greeting: What it said of itself when it was ready.
        answered: How many jobs it has answered.
    """

    def __init__(self, spec: WorkerSpec) -> None:
        import psutil  # here, because the window comes up before there is any worker

        self.greeting: Message = {}
        self.answered = 0
        self._spec = spec
        self._lock = threading.Lock()
        self._limits: Limits | None = Limits(_START_LIMIT_S, _START_LIMIT_S)
        self._begun_s, self._begun_cpu_s = time.monotonic(), 0.0
        self._killed_for: Cause | None = None
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-P", "-c", _BOOT, str(_PACKAGE_PARENT), spec.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD, **spec.environment},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._jobs, self._answers = self._process.stdin, self._process.stdout
        self._watched = psutil.Process(self._process.pid)
        self._empty_bytes = 0  # what it holds when it holds no file

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be given another job."""
        return self._process.poll() is None

    def open(self) -> None:
        """Wait until it is ready.

        Raises:
            UserError: It says that it cannot be used as it was set up.
            BrokenEnvironment: The process does not come up.
        """
        spec = self._spec
        start = {
            "parent_pid": os.getpid(),
            "memory_bytes": spec.memory_bytes,
            "nice": spec.nice,
            "settings": spec.settings,
        }
        try:
            self._send(start)
            hello = self._receive()
        except WorkerDied as death:
            raise BrokenEnvironment(
                f"a process that reads files does not start ({death.detail})"
            ) from death
        if "unusable" in hello:
            self.close()
            raise UserError(hello["unusable"])
        self.greeting = hello["ready"]
        self._empty_bytes = self._resident_bytes()
        self._disarm()

    def begin(self, jobs: Sequence[Message]) -> None:
        """Hand it jobs, whose answers are then asked for one by one.

        Raises:
            WorkerDied: It is gone.
        """
        self._send({"jobs": list(jobs)})

    def answer(self, limits: Limits) -> Message:
        """Wait for the answer to the next of the jobs.

        Args:
            limits: How long this job may take, from now on.

        Raises:
            WorkerDied: It died over this job, or was killed for it.
        """
        self._begun_s, self._begun_cpu_s = time.monotonic(), self._cpu_s()
        self._limits = limits
        try:
            answer = self._receive()
        finally:
            self._disarm()
        self.answered += 1
        return answer

    def check(self) -> None:
        """Kill it if it takes too long or grew too big; called every moment by a watchdog."""
        limits = self._limits
        if limits is None:
            return
        if self._cpu_s() - self._begun_cpu_s > limits.cpu_s:
            self._kill_for(Cause.OUT_OF_TIME)
        elif time.monotonic() - self._begun_s > limits.wall_s:
            self._kill_for(Cause.NO_ANSWER)
        elif self._empty_bytes:
            grown_bytes = self._resident_bytes() - self._empty_bytes
            if grown_bytes > self._spec.memory_bytes:
                self._kill_for(Cause.TOO_MUCH_MEMORY)

    def kill(self) -> None:
        """End it at once, whatever it is doing; no job is blamed."""
        with self._lock:
            self._killed_for = Cause.DISMISSED
        self._process.kill()

    def close(self) -> None:
        """End it at once, whatever it is doing, and wait until it is gone. Idempotent.

        A worker keeps nothing that could be lost. Asked to end by itself it would first have to
        be given a core, which one of low priority beside a busy program waits seconds for.
        """
        self._process.kill()
        with contextlib.suppress(OSError):
            self._jobs.close()
        self._process.wait()
        self._answers.close()

    def _send(self, message: Message) -> None:
        try:
            send(self._jobs, message)
        except (OSError, ValueError):
            raise self._post_mortem() from None

    def _receive(self) -> Message:
        try:
            answer = receive(self._answers)
        except (OSError, ValueError):
            answer = None
        if answer is None:
            raise self._post_mortem()
        return answer

    def _disarm(self) -> None:
        with self._lock:
            self._limits = None

    def _kill_for(self, cause: Cause) -> None:
        with self._lock:
            if self._limits is not None:  # it has not finished this very moment
                self._killed_for = cause
                self._process.kill()

    def _cpu_s(self) -> float:
        import psutil

        try:
            times = self._watched.cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def _resident_bytes(self) -> int:
        import psutil

        try:
            return int(self._watched.memory_info().rss)
        except psutil.Error:
            return 0

    def _post_mortem(self) -> WorkerDied:
        # Its end of the pipe closes a moment before it can be waited for; killing at once would
        # hide the signal that it died of. One that lives on but speaks no sense is killed.
        if self._killed_for is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_LAST_WORDS_S)
        spoke_nonsense = self._process.returncode is None
        self.close()
        code = self._process.returncode
        cause = Cause.CRASHED
        if self._killed_for is not None:
            cause = self._killed_for
        elif not spoke_nonsense and -code in _FROM_OUTSIDE:
            cause = Cause.FROM_OUTSIDE
        return WorkerDied(cause, f"it ended with {code}")
