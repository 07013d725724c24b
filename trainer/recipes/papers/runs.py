"""Training and measuring every arm of a plan, several at a time, each on one thread."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from trainer.recipes.papers.plan import Arm, Recipe
from trainer.training.stages import is_finished

METRICS = "metrics.json"  # what `evaluate` leaves
LOG = "output.txt"
_PAPER_JUDGMENT_COUNT = "60"
_NETWORKS: Mapping[Recipe, tuple[str, ...]] = {
    # Of 5,600 triplets an epoch these make 28 batches: what a core does in half a minute.
    "tiny": ("--pool-clips", "12", "--batch-triplets", "200", "--augment", "excerpt"),
    "prcnn": (
        *("--architecture", "prcnn"),
        *("--pool-clips", "24", "--batch-triplets", "200", "--augment", "excerpt"),
    ),
}


@dataclass(frozen=True, slots=True)
class AblationSettings:
    """What all arms have in common.

    Attributes:
        data: The music.
        folder: Where runs go: ``folder/ARM/seed-N``.
        clip_s: Seconds of each clip in training.
        measured_s: Seconds of each in measuring.
        max_epochs: Of every stage.
        judgments: Where human judgments come from; None takes the data set's ratings.
        also: Further options of ``train``.
        cache: Options about the decoded audio, for every command.
    """

    data: Path
    folder: Path
    clip_s: float
    measured_s: float
    max_epochs: int
    judgments: Path | None = None
    also: tuple[str, ...] = ()
    cache: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """What has to stay the same for runs to be comparable."""
        return {
            "data": str(self.data.resolve()),
            "clip_s": self.clip_s,
            "measured_s": self.measured_s,
            "max_epochs": self.max_epochs,
            "judgments": str(self.judgments or ""),
            "also": list(self.also),
        }


@dataclass(frozen=True, slots=True)
class ArmRun:
    """One arm with one seed."""

    arm: Arm
    seed: int

    def folder(self, settings: AblationSettings, arm: str = "") -> Path:
        """Where it goes; with ``arm``, where that arm of the same seed goes."""
        return settings.folder / (arm or self.arm.name) / f"seed-{self.seed}"

    def is_done(self, settings: AblationSettings) -> bool:
        """Whether it has been trained and measured."""
        folder = self.folder(settings)
        return is_finished(folder) and (folder / METRICS).is_file()

    def commands(self, settings: AblationSettings) -> Iterator[list[str]]:
        """How it is trained, then how it is measured, as arguments of the trainer."""
        folder, data, judgments = self.folder(settings), str(settings.data), settings.judgments
        parent = str(self.folder(settings, self.arm.parent))
        common = ["--seed", str(self.seed), "--max-epochs", str(settings.max_epochs)]
        common += ["--clip-s", str(settings.clip_s), *self.arm.options]
        common += ["--out", str(folder), "--resume", *settings.cache]
        people = ["--judgments", str(judgments)] if judgments else []
        if self.arm.recipe == "human":
            count = people or ["--judgments-count", _PAPER_JUDGMENT_COUNT]
            yield ["finetune", parent, data, "--arrange", "sharing", *count, *common]
        else:
            network = _NETWORKS[self.arm.recipe]
            start = ["--init", parent] if self.arm.parent else []
            yield ["train", data, *network, *start, *common, *settings.also]
        measuring = ["--clip-s", str(settings.measured_s), "--no-pictures"]
        yield ["evaluate", str(folder), data, *measuring, *people, *settings.cache]


def make_tasks(arms: Sequence[Arm], seeds: Sequence[int]) -> list[ArmRun]:
    """Every arm with every seed: all arms of the first seed, then of the next."""
    return [ArmRun(arm, seed) for seed in seeds for arm in arms]


Report = Callable[[ArmRun, str], None]


def run_all(
    tasks: Sequence[ArmRun], settings: AblationSettings, jobs: int, report: Report
) -> list[ArmRun]:
    """Runs what is not done yet, ``jobs`` at a time; returns what failed.

    An arm that starts from another's weights waits until all of those are there. ``report`` is
    called with each task and ``""``, or with what went wrong.
    """
    failed = []
    open_ = [task for task in tasks if not task.is_done(settings)]
    for task in tasks:
        if task not in open_:
            report(task, "")
    # The threads only wait: every command runs in a process of its own.
    with ThreadPoolExecutor(jobs) as pool:
        # In two waves. A run that waited inside the pool for its parent would hold a place that the
        # parent may need.
        for has_parent in (False, True):
            wave = [task for task in open_ if bool(task.arm.parent) is has_parent]
            running = {pool.submit(_run, task, settings): task for task in wave}
            for future in as_completed(running):
                task, trouble = running[future], _trouble(future)
                report(task, trouble)
                failed += [task] if trouble else []
    return failed


def _trouble(future: Future[str]) -> str:
    """What went wrong in a run, foreseen or not; the other runs go on."""
    problem = future.exception()
    return f"{type(problem).__name__}: {problem}" if problem else future.result()


def _run(task: ArmRun, settings: AblationSettings) -> str:
    """Trains and measures one; returns what went wrong.

    By the command line, as a reader of the tables would repeat it. Calling it as a function would
    need the module that knows all commands, and this one is behind one of them.
    """
    log = task.folder(settings) / LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    for command in task.commands(settings):
        words = [sys.executable, "-m", "trainer", *command, "--threads", "1"]
        with log.open("a", encoding="utf-8") as out:
            done = subprocess.run(words, stdout=out, stderr=out, check=False)  # noqa: S603  # ours
        if done.returncode:
            lines = log.read_text("utf-8").splitlines()
            return f"{log}: {lines[-1] if lines else f'exit code {done.returncode}'}"
    return ""
