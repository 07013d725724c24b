"""The app's side of one worker: starts it, hands it a file, notices when it dies."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY, Policy
from mecomp_desktop.analysis.worker_main import unpack, write_policy
from mecomp_desktop.errors import BrokenEnvironment, ModelFileError, Reason, UnreadableFile
from mecomp_desktop.workers.worker_protocol import Message, receive, send

Matrix = npt.NDArray[np.float32]

# The package may lie where only this process looks; "-P" keeps the working directory, in which
# there may be anything, out of the child's search path.
_BOOT = """
import sys
sys.path.append(sys.argv[1])
from mecomp_desktop.analysis.worker_main import main
main()
"""
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_START_LIMIT_S = 120.0
_GOODBYE_S = 2.0


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What a worker is started with, and what it may use.

    Attributes:
        model: The model file.
        policy: Which part of a track it hears.
        memory_bytes: How much it may grow by while it hears.
        time_limit_s: How long one file may take at least.
        time_share: The share of the file's duration that is added to that.
        environment: Added to its environment.
    """

    model: Path
    policy: Policy = DEFAULT_POLICY
    memory_bytes: int = 3 << 29
    time_limit_s: float = 60.0
    time_share: float = 0.1
    environment: dict[str, str] = field(default_factory=dict)


class WorkerGone(Exception):
    """The worker was told to end while it was hearing: nobody waits for this file any more."""


class WorkerClient:
    """One child process. ``hear`` belongs to one thread; the others may call ``check``, ``kill``.

    Args:
        settings: What it is started with.

    Raises:
        ModelFileError: The model cannot be used.
        BrokenEnvironment: The process does not come up.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        import psutil  # here, because the window comes up before there is any worker

        self._settings = settings
        self._lock = threading.Lock()
        self._deadline_s: float | None = time.monotonic() + _START_LIMIT_S
        self._killed_for: Reason | None = None
        self._dismissed = False
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-P", "-c", _BOOT, str(_PACKAGE_PARENT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD, **settings.environment},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._jobs, self._answers = self._process.stdin, self._process.stdout
        self._watched = psutil.Process(self._process.pid)
        self.body_hash, self.head_hash = "", ""
        self._empty_bytes = 0  # what it holds when it holds no audio

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be given another file."""
        return self._process.poll() is None

    def open(self) -> None:
        """Wait until it has loaded the model."""
        settings = self._settings
        hello = self._ask(
            {
                "parent_pid": os.getpid(),
                "model": str(settings.model),
                "policy": write_policy(settings.policy),
                "memory_bytes": settings.memory_bytes,
            }
        )
        if hello is None:
            raise BrokenEnvironment(f"a process that listens does not start ({self._epitaph()})")
        if "unusable" in hello:
            self.close()
            raise ModelFileError(hello["unusable"])
        self.body_hash, self.head_hash = hello["ready"], hello["head"]
        self._empty_bytes = self._resident_bytes()
        self._rest()

    def embed_track(self, path: Path, duration_s: float) -> tuple[Matrix, Matrix]:
        """Return the embedding ``[dimension]`` and the summary ``[width]`` of a file.

        Args:
            path: The file.
            duration_s: Its length as far as known, for the time it may take.

        Raises:
            UnreadableFile: It cannot be heard; ``alive`` tells whether the worker died of it.
            WorkerGone: ``kill`` was called meanwhile.
        """
        settings = self._settings
        self._deadline_s = (
            time.monotonic() + settings.time_limit_s + settings.time_share * duration_s
        )
        answer = self._ask({"path": str(path)})
        self._rest()
        if answer is None:
            raise self._post_mortem(path)
        try:
            if "reason" not in answer:
                return unpack(answer["embedding"]), unpack(answer["pooled"])
            failure = UnreadableFile(path, Reason[answer["reason"]], answer["detail"])
        except (KeyError, TypeError, ValueError):  # it has lost its mind
            failure = UnreadableFile(path, Reason.CRASHED, self._epitaph())
        raise failure

    def check(self) -> None:
        """Kill it if it takes too long or grew too big; called every moment by a watchdog."""
        deadline_s = self._deadline_s
        if deadline_s is None:
            return
        if time.monotonic() > deadline_s:
            self._kill_for(Reason.TIMED_OUT)
        elif self._resident_bytes() - self._empty_bytes > self._settings.memory_bytes:
            self._kill_for(Reason.TOO_MUCH_MEMORY)

    def kill(self) -> None:
        """End it at once, whatever it is doing; that file is not blamed."""
        self._dismissed = True
        self._process.kill()

    def close(self) -> None:
        """End it, kindly if it is idle, and wait until it is gone."""
        with contextlib.suppress(OSError):
            self._jobs.close()
        try:
            self._process.wait(_GOODBYE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def _ask(self, message: Message) -> Message | None:
        try:
            send(self._jobs, message)
            return receive(self._answers)
        except (OSError, ValueError):
            return None

    def _rest(self) -> None:
        with self._lock:
            self._deadline_s = None

    def _kill_for(self, reason: Reason) -> None:
        with self._lock:
            if self._deadline_s is not None:  # it has not finished this very moment
                self._killed_for = reason
                self._process.kill()

    def _resident_bytes(self) -> int:
        import psutil

        try:
            return int(self._watched.memory_info().rss)
        except psutil.Error:
            return 0

    def _post_mortem(self, path: Path) -> UnreadableFile | WorkerGone:
        epitaph = self._epitaph()
        if self._dismissed:
            return WorkerGone()
        return UnreadableFile(path, self._killed_for or Reason.CRASHED, epitaph)

    def _epitaph(self) -> str:
        self._process.kill()  # one that no longer speaks sense is of no use
        self.close()
        return f"it ended with {self._process.returncode}"
