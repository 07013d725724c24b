"""The training loop of the bundled model.

Interrupted at any moment it goes on from ``last.pt`` and ends at the same weights: what a step
hears and drops out depends on its number and the seed alone.
"""

import copy
import json
import time
from collections import defaultdict

import numpy as np
import torch
from torch import Tensor, nn

from trainer.errors import TrainingError
from trainer.evaluation.plots import plot_history
from trainer.evaluation.similarity import measure_similarity
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.recipes.bundled.augment import augment
from trainer.recipes.bundled.fit import Fit, Tick
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
from trainer.training.checkpoint import BEST, LAST
from trainer.training.run_folder import RunFolder

REPORT_EVERY = 50
MEASURE_TIMES = 5
_ABOUT = "fit.json"

Record = dict[str, float]


class Training:
    """The moving parts of a training: what has to be kept from one step to the next."""

    def __init__(self, fit: Fit) -> None:
        recipe = fit.recipe
        self.fit = fit
        self.seed = fit.seed + recipe.seed
        torch.manual_seed(self.seed)
        self.library = MelLibrary(fit.library)
        stretch = recipe.augment.stretch
        self.sampler = Sampler(self.library, fit.labels, fit.rows, recipe.batch, stretch)
        self.network = AudioEmbeddingSpectral(recipe.network)
        # Convolutions are faster so; torch has no types for this call.
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        width = self.network.pooled_width
        self.objective = Objective(recipe, fit.labels, self.network.dimension, width)
        self.anchored = anchored(self.network)
        self.weights = [*self.network.parameters(), *self.objective.parameters()]
        groups = parameter_groups(recipe, self.weights, self.anchored)
        self.optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate)
        self.history: list[Record] = []
        self.done = 0

    def go(self, tick: Tick) -> None:
        """Trains to the last step; see :meth:`trainer.recipes.bundled.fit.Fit.run`."""
        steps = self.fit.recipe.steps
        with RunFolder(self.fit.folder) as folder:
            self._begin(folder)
            tick(self.done)
            parts: list[Record] = []
            begun = time.perf_counter()
            for step in range(self.done, steps):
                parts.append(self._step(step))
                tick(1)
                if (step + 1) % REPORT_EVERY == 0 or step + 1 == steps:
                    self._report(folder, step + 1, parts, time.perf_counter() - begun)
                    parts, begun = [], time.perf_counter()
            self._finish(folder)

    def _finish(self, folder: RunFolder) -> None:
        plot_history(self.history, folder.path / "curves.png", self.fit.name)
        centre(self.average, self.library, self.fit.rows)
        config, about = self.fit.recipe.network, self.fit.about()
        save_network(folder.path / BEST, config, self.average, about)

    def _begin(self, folder: RunFolder) -> None:
        """Goes on from the last state, or prepares a fresh start."""
        self._check_same(folder)
        self._standardise()
        self.timbre = TimbrePlaces(self.network)
        self.anchors = [weight.detach().clone() for weight in self.anchored]
        self.average = copy.deepcopy(self.network).eval()
        self.teachers = self._make_teachers()
        if (folder.path / LAST).is_file():
            self._restore(folder)
        else:
            folder.clear()
        folder.write(_ABOUT, self.fit.about())

    def _check_same(self, folder: RunFolder) -> None:
        path = folder.path / _ABOUT
        if not (folder.path / LAST).is_file() or not path.is_file():
            return
        if json.loads(path.read_text("utf-8")) != json.loads(json.dumps(self.fit.about())):
            raise TrainingError(
                f"{folder.path} holds a training with other settings or other clips; "
                "choose another folder"
            )

    @torch.no_grad()
    def _standardise(self) -> None:
        rng = np.random.default_rng((self.seed, 0))
        batches = [self.sampler.draw(rng)[0] for _ in range(self.fit.recipe.standard_batches)]
        power = augment(torch.cat(batches), self.fit.recipe.augment, rng)
        self.network.standardise(power, no_padding(power))

    def _make_teachers(self) -> Teachers | None:
        if not self.fit.teachers:
            return None
        recipe, dimension = self.fit.recipe, self.network.dimension
        timbre = (self.timbre, recipe.teaching.timbre_weight)
        folders, rows = self.fit.teachers, self.fit.rows
        return Teachers(folders, self.library, rows, dimension, timbre, recipe.half_precision)

    def _step(self, step: int) -> Record:
        """One step; returns the parts of the loss."""
        recipe = self.fit.recipe
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
        self._learn(loss, step)
        average_into(self.average, self.network, decay_at(step, recipe.average_decay))
        return {"loss": float(loss.detach())} | {
            name: float(part.detach()) for name, part in parts.items()
        }

    def _pull(self) -> dict[str, Tensor]:
        """How far the anchored weights are from where they were set."""
        weight = self.fit.recipe.anchored_pull
        if not weight or not self.anchored:
            return {}
        pairs = zip(self.anchored, self.anchors, strict=True)
        away = torch.stack([(now - then).square().sum() for now, then in pairs])
        return {"anchored": weight * away.sum()}

    def _learn(self, loss: Tensor, step: int) -> None:
        if not torch.isfinite(loss):
            raise TrainingError(
                f"{self.fit.name}: the loss is {loss.item()} in step {step}; "
                "a smaller learning rate may help"
            )
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        nn.utils.clip_grad_norm_(self.weights, self.fit.recipe.clip_norm)
        self.optimizer.step()

    def _report(self, folder: RunFolder, step: int, parts: list[Record], seconds: float) -> None:
        sums: dict[str, float] = defaultdict(float)
        for part in parts:
            for name, value in part.items():
                sums[name] += value / len(parts)
        record: Record = {"step": step, **sums, "seconds": seconds}
        record["learning_rate"] = learning_rate(self.fit.recipe, step - 1)
        record |= self._measured(step)
        self.history.append(record)
        folder.log(step, record)
        self._save(folder, step)

    def _measured(self, step: int) -> Record:
        """Figures on held-out clips, a few times; those of the result are centred and better."""
        held, steps = self.fit.held_out, self.fit.recipe.steps
        every = max(REPORT_EVERY, steps // MEASURE_TIMES // REPORT_EVERY * REPORT_EVERY)
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
        self.history, self.done = state["history"], state["step"]
        lines = [json.dumps(record) + "\n" for record in self.history]
        (folder.path / "history.jsonl").write_text("".join(lines), "utf-8")
