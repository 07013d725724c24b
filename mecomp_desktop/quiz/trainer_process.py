"""Running the trainer as a child process; torch never enters the app."""

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import training_job
from mecomp_desktop.contracts.answers_file import write_all_columns
from mecomp_desktop.contracts.evaluation import Outcome
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment
from mecomp_desktop.errors import BrokenEnvironment, UserError

INSTALL_COMMAND = 'pip install "mecomp-desktop[train]"'
_NEEDED = ("torch", "onnx", "trainer")
_POLITE_NICE = 5
# The matrices are small: threads would cost more than they bring, and take the player's core.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class LearningFailed(UserError):
    """The trainer could not learn from these answers; the message says why."""


class Cancelled(UserError):
    """The listener has stopped it."""


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """What the trainer is given.

    Attributes:
        model: The model file to build upon.
        audio_ids: The library, ``n`` recordings.
        pooled: float32 ``[n, width]``, what that model's body made of them.
        judgments: The listener's answers.
    """

    model: Path
    audio_ids: Sequence[AudioId]
    pooled: Floats
    judgments: Sequence[Judgment]


@dataclass(frozen=True, slots=True)
class Result:
    """What came back.

    Attributes:
        folder: Where the model, its head and the base head are.
        head_hash: The name of the new head.
        outcomes: One for each question that could be checked, with the answer it is about.
    """

    folder: Path
    head_hash: str
    outcomes: list[tuple[Judgment, Outcome]]


def missing_parts() -> list[str]:
    """Return which packages the learning needs and does not find."""
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def extract_head(model: Path, target: Path) -> None:
    """Write the head of a model file as a file of its own. Blocks for a second or two.

    Raises:
        LearningFailed: It has no head that could be extracted.
        BrokenEnvironment: The packages that it needs are missing.
    """
    check_parts()
    command = [sys.executable, "-m", "trainer.personal.extract_head", str(model), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    if done.returncode != 0:
        output = done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"]
        raise LearningFailed(f"{model} cannot be used: {output[-1].removeprefix('trainer: ')}.")


def check_parts() -> None:
    """Make sure that the trainer can run.

    Raises:
        BrokenEnvironment: Packages are missing; the message names the command that adds them.
    """
    missing = missing_parts()
    if missing:
        raise BrokenEnvironment(
            f"Learning needs {', '.join(missing)}, which this installation lacks. "
            f"This command adds it: {INSTALL_COMMAND}"
        )


class Training:
    """One run of the trainer.

    Args:
        job: What to learn from.
        folder: An empty folder for what is learned.
        report: Called with a share from 0 to 1, on the thread that runs ``run``.
    """

    def __init__(self, job: TrainingJob, folder: Path, report: Callable[[float], object]) -> None:
        self._job = job
        self._folder = folder
        self._report = report
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._cancelled = False

    def run(self) -> Result:
        """Learn. Blocks until the child has ended.

        Raises:
            LearningFailed: The trainer says why it could not.
            Cancelled: ``cancel`` was called.
            BrokenEnvironment: The packages it needs are missing, or it cannot be started.
        """
        check_parts()
        self._write_job()
        # A file, not a pipe: a trainer that warns a lot would fill the pipe and wait for this
        # process, which waits for its progress.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
            code = self._run_child(complaints)
            complaints.seek(0)
            output = complaints.read().strip()
        if self._cancelled:
            raise Cancelled("Learning was stopped; nothing has changed.")
        if code != 0 or not (self._folder / training_job.RESULT_FILE).exists():
            last = output.splitlines()[-1] if output else f"it ended with code {code}"
            raise LearningFailed(f"Nothing was learned: {last.removeprefix('trainer: ')}.")
        return self._read_result()

    def cancel(self) -> None:
        """Stop it; from any thread."""
        with self._lock:
            # Set under the lock that starts the child: a cancel either finds it or keeps it from
            # starting.
            self._cancelled = True
            if self._child is not None and self._child.poll() is None:
                self._child.kill()

    def _write_job(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        write_all_columns(training_job.answers_path(self._folder), self._job.judgments, {})
        vectors = training_job.vectors_path(self._folder)
        training_job.write_vectors(vectors, self._job.audio_ids, self._job.pooled)

    def _run_child(self, complaints: IO[str]) -> int:
        with self._lock:
            if self._cancelled:
                return -1
            try:
                self._child = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                    self._command(),
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    text=True,
                    # Torch would start a thread a core and take the turns of playback; the job is
                    # small.
                    env=os.environ | _ONE_THREAD,
                )
            except OSError as error:
                raise BrokenEnvironment(f"the trainer cannot be started: {error}") from error
        child = self._child
        _give_way(child.pid)
        assert child.stdout is not None
        try:
            for line in child.stdout:
                self._read_progress(line)
            return child.wait()
        finally:
            child.stdout.close()
            # At once: what it has not finished is thrown away, and at its low priority it would
            # have to be waited for.
            child.kill()
            child.wait()

    def _command(self) -> list[str]:
        arguments = training_job.arguments(self._folder, self._job.model)
        return [sys.executable, "-m", "trainer", *arguments]

    def _read_progress(self, line: str) -> None:
        share = training_job.read_progress(line)
        if share is not None:
            self._report(share)

    def _read_result(self) -> Result:
        result = training_job.read_result(self._folder)
        judgments = self._job.judgments
        outcomes: list[tuple[Judgment, Outcome]] = [
            (judgments[answer.line - 1], answer) for answer in result.answers
        ]
        return Result(self._folder, result.head_hash, outcomes)


def _give_way(pid: int) -> None:
    """Let playback and the window go first."""
    import psutil  # here, because nothing else needs it before there is something to learn

    # On Windows, priorities are classes.
    polite: int = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", _POLITE_NICE)
    with contextlib.suppress(psutil.Error):  # it has ended, or may not be told
        psutil.Process(pid).nice(polite)
