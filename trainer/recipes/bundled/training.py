"""The bundled model's training by steps: sampler, augmentation, objective, schedule, averages.

A round of the one loop (``training.loop``) is what lies between two reports. Interrupted at any
moment it goes on from ``last.pt`` and ends at the same weights: which excerpts a step draws and
what it drops out depends on its number and the seed alone.
"""

import copy
import json
import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from trainer.errors import TrainingError
from trainer.evaluation.plots import plot_history
from trainer.evaluation.similarity import measure_similarity
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.recipes.bundled.augment import augment
from trainer.recipes.bundled.mels import MelLibrary
from trainer.recipes.bundled.network import (
    TimbrePlaces,
    anchored,
    centre,
    embed_power,
    embed_rows,
    no_padding,
    save_network,
)
from trainer.recipes.bundled.objective import Objective, total
from trainer.recipes.bundled.optimise import average_into, decay_at, learning_rate, parameter_groups
from trainer.recipes.bundled.sampler import Sampler
from trainer.recipes.bundled.teachers import Teachers
from trainer.recipes.bundled.training_job import TrainingJob
from trainer.training.checkpoint import BEST, LAST
from trainer.training.loop import ProgressCallback, StepResult, TrainingLoop
from trainer.training.run_folder import RunFolder

REPORT_INTERVAL_STEPS = 50
MEASUREMENTS = 5  # on held-out clips, over the whole training
_JOB_FILE = "fit.json"

Record = dict[str, float]


class NetworkTraining:
    """The moving parts of a training: what has to be kept from one step to the next."""

    def __init__(self, job: TrainingJob) -> None:
        recipe = job.recipe
        self.job = job
        self.seed = job.seed + recipe.seed
        torch.manual_seed(self.seed)
        self.library = MelLibrary(job.library)
        stretch = recipe.augment.stretch
        self.sampler = Sampler(self.library, job.labels, job.rows, recipe.batch, stretch)
        self.network = AudioEmbeddingSpectral(recipe.network)
        # Convolutions are faster so; torch has no types for this call.
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        width = self.network.pooled_width
        self.objective = Objective(recipe, job.labels, self.network.dimension, width)
        self.anchored = anchored(self.network)
        self.weights = [*self.network.parameters(), *self.objective.parameters()]
        groups = parameter_groups(recipe, self.weights, self.anchored)
        self.optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate)
        self.history: list[Record] = []
        self.steps_done = 0
        self._round_begun = 0.0

    def train(self, on_progress: ProgressCallback) -> None:
        """Trains to the last step; see :meth:`trainer.recipes.bundled.fit.Fit.run`."""
        with RunFolder(self.job.folder) as folder:
            self._begin(folder)
            on_progress(self.steps_done)
            loop = TrainingLoop(
                name=self.job.name,
                batches=self._step_numbers,
                compute=self._compute,
                optimise=self._optimise,
                after_round=lambda _, figures: self._report(folder, figures),
                on_progress=on_progress,
            )
            # What is saved is saved between two rounds, so this is where a round begins; after
            # the last step, which may end a shorter one, it is past the last round.
            first = -(-self.steps_done // REPORT_INTERVAL_STEPS)
            loop.run(first, -(-self.job.recipe.steps // REPORT_INTERVAL_STEPS))
            self._finish(folder)

    def _step_numbers(self, round_number: int) -> Sequence[int]:
        self._round_begun = time.perf_counter()
        begin = round_number * REPORT_INTERVAL_STEPS
        return range(begin, min(begin + REPORT_INTERVAL_STEPS, self.job.recipe.steps))

    def _finish(self, folder: RunFolder) -> None:
        plot_history(self.history, folder.path / "curves.png", self.job.name)
        centre(self.average, self.library, self.job.rows)
        config, metadata = self.job.recipe.network, self.job.metadata()
        save_network(folder.path / BEST, config, self.average, metadata)

    def _begin(self, folder: RunFolder) -> None:
        """Goes on from the last state, or prepares a fresh start."""
        self._check_same(folder)
        self._standardise()
        # All three before the first step, from the network as its statistics alone made it; when
        # resuming they are computed again and come out the same, so they are in no checkpoint.
        self.timbre = TimbrePlaces(self.network)
        self.anchors = [weight.detach().clone() for weight in self.anchored]
        self.average = copy.deepcopy(self.network).eval()
        self.teachers = self._make_teachers()
        if (folder.path / LAST).is_file():
            self._restore(folder)
        else:
            folder.clear()
        folder.write(_JOB_FILE, self.job.metadata())

    def _check_same(self, folder: RunFolder) -> None:
        path = folder.path / _JOB_FILE
        if not (folder.path / LAST).is_file() or not path.is_file():
            return
        # Through JSON and back, which makes lists of tuples as it did when the file was written.
        if json.loads(path.read_text("utf-8")) != json.loads(json.dumps(self.job.metadata())):
            raise TrainingError(
                f"{folder.path} holds a training with other settings or other clips; "
                "choose another folder"
            )

    @torch.no_grad()
    def _standardise(self) -> None:
        rng = np.random.default_rng((self.seed, 0))
        batches = [self.sampler.draw(rng)[0] for _ in range(self.job.recipe.standard_batches)]
        power = augment(torch.cat(batches), self.job.recipe.augment, rng)
        self.network.standardise(power, no_padding(power))

    def _make_teachers(self) -> Teachers | None:
        if not self.job.teachers:
            return None
        recipe, dimension = self.job.recipe, self.network.dimension
        timbre = (self.timbre, recipe.teaching.timbre_weight)
        folders, rows = self.job.teachers, self.job.rows
        return Teachers(folders, self.library, rows, dimension, timbre, recipe.half_precision)

    def _compute(self, step: int) -> StepResult:
        """The parts of the loss of one step, and their sum."""
        recipe = self.job.recipe
        # A generator of its own for every step: a resumed training draws what it would have drawn.
        rng = np.random.default_rng((self.seed, 1, step))
        torch.manual_seed(int(rng.integers(2**63)))  # for what is dropped out
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * learning_rate(recipe, step)
        self.network.train()
        clean, rows = self.sampler.draw(rng)
        power = augment(clean, recipe.augment, rng)
        taught = None
        if self.teachers is not None:
            taught = self.teachers(clean if recipe.teaching.hears == "clean" else power)
        embedded = embed_power(self.network, power, recipe.half_precision)
        timbre = self.timbre(power) if recipe.relations.timbre_weight else None
        parts = self.objective(embedded, rows, timbre, taught) | self._pull()
        loss = total(parts)
        return StepResult(loss, f"step {step}", {"loss": loss, **parts})

    def _pull(self) -> dict[str, Tensor]:
        """How far the anchored weights are from where they were set."""
        weight = self.job.recipe.anchored_pull
        if not weight or not self.anchored:
            return {}
        pairs = zip(self.anchored, self.anchors, strict=True)
        away = torch.stack([(now - then).square().sum() for now, then in pairs])
        return {"anchored": weight * away.sum()}

    def _optimise(self, loss: Tensor) -> None:
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        # A batch of unlucky excerpts can have a gradient many times as long as the others'; one
        # such step would undo what many have learned.
        nn.utils.clip_grad_norm_(self.weights, self.job.recipe.clip_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        decay = decay_at(self.steps_done, self.job.recipe.average_decay)
        average_into(self.average, self.network, decay)
        self.steps_done += 1

    def _report(self, folder: RunFolder, figures: Record) -> bool:
        """Logs a round, measures if it is time to, and saves; the loop goes on."""
        step = self.steps_done
        seconds = time.perf_counter() - self._round_begun
        record: Record = {"step": step, **figures, "seconds": seconds}
        record["learning_rate"] = learning_rate(self.job.recipe, step - 1)
        record |= self._measured(step)
        self.history.append(record)
        folder.log(step, record)
        self._save(folder, step)
        return True

    def _measured(self, step: int) -> Record:
        """Figures on held-out clips, a few times; those of the result are centred and better."""
        held, steps = self.job.held_out, self.job.recipe.steps
        shortest = REPORT_INTERVAL_STEPS
        every = max(shortest, steps // MEASUREMENTS // shortest * shortest)
        if held is None or (step % every and step != steps):
            return {}
        vectors = embed_rows(self.average, self.library, held.rows).numpy()
        return measure_similarity(vectors, held.clips, held.emotions).to_dict()

    def _save(self, folder: RunFolder, step: int) -> None:
        draft = folder.path / f"{LAST}.part"
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "objective": self.objective.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "history": self.history,
                "step": step,
            },
            draft,
        )
        draft.replace(folder.path / LAST)

    def _restore(self, folder: RunFolder) -> None:
        path = folder.path / LAST
        try:
            state = torch.load(path, weights_only=True)
            self.network.load_state_dict(state["network"])
            self.average.load_state_dict(state["average"])
            self.objective.load_state_dict(state["objective"])
            self.optimizer.load_state_dict(state["optimizer"])
        except Exception as problem:  # torch and pickle raise many kinds on a damaged file
            raise TrainingError(f"{path}: cannot go on from it ({problem}); delete it") from problem
        self.history, self.steps_done = state["history"], state["step"]
        lines = [json.dumps(record) + "\n" for record in self.history]
        (folder.path / "history.jsonl").write_text("".join(lines), "utf-8")
