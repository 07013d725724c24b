"""The bundled model from data to file, step by step; a step that was done before is not repeated.

1. the spectra of all clips;
2. trainings: teachers, if the recipe has some, then one without each fold's artists and one on
   all of them, and the baselines;
3. what the fold siblings score on unseen artists, beside the baselines;
4. the file, with what can be read from its summaries, and the first fold's;
5. robustness, cost and speed of the files;
6. the card.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.errors import TrainingError
from trainer.evaluation.similarity import similarity_table
from trainer.recipes.bundled.card import CardFacts, make_card, markdown, recipe_sentence
from trainer.recipes.bundled.music import Music
from trainer.recipes.bundled.plan import Plan, make_plan, parts
from trainer.recipes.bundled.recipe import Recipe
from trainer.recipes.bundled.release import (
    MODEL,
    WEIGHTS,
    add_probe_to_file,
    cost_of,
    draw_map,
    export_fit,
    measure_speed,
    robustness_of,
)
from trainer.recipes.bundled.validation import describe, from_description, validate
from trainer.recipes.parallel import Task, do_all
from trainer.training.loop import Reporter
from trainer.training.run_folder import RunFolder

Until = Literal["folds", "file", "card"]

CARD = "similarity.json"
TEXT = "similarity.md"
PICTURES = {
    "similarity-cost.png": "How much of a track to embed: quality against processor time.",
    "similarity-map.png": "Clips by artists unseen by the fold's model (t-SNE), by genre.",
    "similarity-curves.png": "The first fold's training.",
}
# The weights lie beside the file for whoever wants to train all layers on.
INSTALLED = (MODEL, WEIGHTS, CARD, TEXT, *PICTURES)
_RECIPE = "recipe.json"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A run.

    Attributes:
        workers: How many trainings at once.
        report: Takes lines for the console.
        command: How to repeat it; put on the card.
        notes: Known weaknesses, put on the card.
        tried: What other recipes gave, in Markdown, put on the card.
    """

    recipe: Recipe
    music: Music
    folder: Path
    workers: int
    report: Reporter
    command: str
    notes: tuple[str, ...] = ()
    tried: str = ""

    def make(self, until: Until = "card") -> None:
        """Goes through the steps.

        Raises:
            TrainingError: The folder holds a run with another recipe, or a training fails.
            ExportError: The file breaks the contract or differs from the network.
        """
        check_recipe(self.folder, self.recipe)
        plan = make_plan(self.recipe, self.music, self.folder)
        # Before all others: the students load the teachers' results.
        do_all(plan.teachers, self.workers, self.report)
        tasks: list[Task] = [*plan.students.values(), *plan.baselines.values()]
        if until != "folds":
            tasks.append(plan.final)
        do_all(tasks, self.workers, self.report)
        scores = self._once("validation", lambda: describe(validate(self.music, plan)))
        self.report("\n".join(similarity_table(from_description(scores))))
        if until == "folds":
            return
        export = self._export(plan)
        if until == "card":
            self._finish(self._measured(plan), scores, export)

    def _export(self, plan: Plan) -> dict[str, Any]:
        sentence = recipe_sentence(self.recipe)
        (part, _), first = next(iter(plan.students.items()))
        sibling = f"{sentence}; without the artists of {part}"
        self._once("fold-file", lambda: export_fit(first, self._sibling, sibling))
        model = self.folder / MODEL
        made = self._once("export", lambda: export_fit(plan.final, model, sentence))
        clips = self.music.clips
        return made | self._once("readout", lambda: add_probe_to_file(model, clips, self.report))

    @property
    def _sibling(self) -> Path:
        """The file of a model that was not trained on the first fold's artists."""
        return self.folder / "unheard.onnx"

    def _measured(self, plan: Plan) -> dict[str, dict[str, Any]]:
        """The figures of the files, by what they are about; draws the pictures."""
        cost, chart, curves = (self.folder / name for name in PICTURES)
        model, sibling, music = self.folder / MODEL, self._sibling, self.music
        first = parts(self.recipe)[0]
        siblings = {part: fit for (part, _), fit in plan.students.items() if part != first}
        found = {
            "siblings": self._once("robustness", lambda: robustness_of(sibling, music, first)),
            "final": self._once("robustness-final", lambda: robustness_of(model, music, first)),
            "cost": self._once("cost", lambda: cost_of(sibling, music, first, siblings, cost)),
            "speed": self._once("speed", lambda: measure_speed(model)),
        }
        draw_map(sibling, music, first, chart)
        curves.write_bytes((next(iter(plan.students.values())).folder / "curves.png").read_bytes())
        return found

    def _finish(
        self, measured: dict[str, dict[str, Any]], scores: dict[str, Any], export: dict[str, Any]
    ) -> None:
        facts = CardFacts(
            recipe=self.recipe,
            music=self.music,
            scores=scores,
            measured=measured,
            export=export,
            pictures=PICTURES,
            command=self.command,
            notes=self.notes,
            tried=self.tried,
        )
        with RunFolder(self.folder) as folder:
            folder.write(CARD, make_card(facts))
        text = "\n".join(markdown(facts)) + "\n"
        (self.folder / TEXT).write_text(text, "utf-8")
        self.report(text)

    def _once(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The result of a step: as it was left in the folder, or made now and left there."""
        path = self.folder / f"{name}.json"
        # The file is written whole, after the step: that it is there says that the step is done.
        if path.is_file():
            self.report(f"{name}: done before")
        else:
            self.report(f"{name} …")
            with RunFolder(self.folder) as folder:
                folder.write(path.name, make())
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return found


def check_recipe(folder: Path, recipe: Recipe) -> None:
    """Writes the recipe into the folder; a run of another recipe in it is not mixed with this.

    Raises:
        TrainingError: There is one.
    """
    path = folder / _RECIPE
    now = json.loads(json.dumps(recipe.to_dict()))
    if path.is_file() and json.loads(path.read_text("utf-8")) != now:
        raise TrainingError(f"{folder} holds a run with another recipe; choose another folder")
    with RunFolder(folder) as run:
        run.write(_RECIPE, now)


def install(folder: Path, target: Path) -> None:
    """Copies the finished file, its card and its pictures to where the program finds them.

    Raises:
        TrainingError: The run has not come to its end.
    """
    for name in INSTALLED:
        if not (folder / name).is_file():
            raise TrainingError(f"{folder / name} is missing: the run has not come to its end")
    target.mkdir(parents=True, exist_ok=True)
    for name in INSTALLED:
        (target / name).write_bytes((folder / name).read_bytes())
