"""Which trainings a recipe asks for, and in which folders: folds, the final one, baselines."""

from dataclasses import dataclass
from pathlib import Path

from trainer.recipes.bundled.baseline import TinyFit
from trainer.recipes.bundled.fit import Fit
from trainer.recipes.bundled.music import Music, Part
from trainer.recipes.bundled.recipe import Recipe
from trainer.recipes.bundled.training_job import HeldOut


@dataclass(frozen=True, slots=True)
class Plan:
    """The trainings of a run.

    Attributes:
        teachers: What has to be done before ``students``; often nothing.
        students: By part and seed, those that the recipe is validated by.
        final: What becomes the model: it is trained on all artists.
        baselines: By part, AudioEmbeddingTiny.
    """

    teachers: tuple[Fit, ...]
    students: dict[tuple[Part, int], Fit]
    final: Fit
    baselines: dict[Part, TinyFit]


def parts(recipe: Recipe) -> list[Part]:
    """Every part of every division, in order."""
    folds = recipe.folds
    return [Part(division, fold) for division in folds.divisions for fold in range(folds.count)]


def make_plan(recipe: Recipe, music: Music, folder: Path) -> Plan:
    """Lays out every training of a recipe in a run's folder."""
    teachers: list[Fit] = []
    students = {}
    for part in parts(recipe):
        for seed in recipe.folds.training_seeds:
            place = folder / "folds" / f"division-{part.division}-fold-{part.fold}-seed-{seed}"
            rows, held = music.outside(part), music.held_out(part)
            # Where two trainings see different clips, they begin differently as well.
            start = 100 * seed + 10 * part.division + part.fold
            taught_by, fit = _fits(recipe, music, f"{part}, seed {seed}", place, rows, start, held)
            teachers += taught_by
            students[part, seed] = fit
    everything = tuple(range(len(music.clips)))
    taught_by, final = _fits(
        recipe, music, "final", folder / "final", everything, recipe.final_seed, None
    )
    compared = parts(recipe)[: min(recipe.baseline.folds, recipe.folds.count)]
    baselines = {part: _baseline(recipe, music, folder, part) for part in compared}
    return Plan((*taught_by, *teachers), students, final, baselines)


def _fits(
    recipe: Recipe,
    music: Music,
    name: str,
    folder: Path,
    rows: tuple[int, ...],
    start: int,
    held_out: HeldOut | None,
) -> tuple[list[Fit], Fit]:
    """A training, and before it those of its teachers, which see the same clips."""
    teachers: list[Fit] = []
    for number, teacher in enumerate(recipe.teachers):
        place = folder.with_name(f"{folder.name}-teacher-{number}")
        own = 1_000 * (number + 1) + start  # also where the recipes' seeds are equal
        who = f"{name}, teacher {number}"
        teachers.append(Fit(who, place, music.library, music.labels, rows, teacher, own, held_out))
    taught_by = tuple(teacher.folder for teacher in teachers)
    fit = Fit(
        name,
        folder,
        music.library,
        music.labels,
        rows,
        recipe.training,
        start,
        held_out,
        taught_by,
    )
    return teachers, fit


def _baseline(recipe: Recipe, music: Music, folder: Path, part: Part) -> TinyFit:
    return TinyFit(
        name=f"AudioEmbeddingTiny, {part}",
        folder=folder / "baselines" / f"division-{part.division}-fold-{part.fold}",
        clips=tuple(music.clips[row] for row in music.outside(part)),
        cache=music.cache.folder,
        recipe=recipe.baseline,
        seed=0,
    )
