"""Which trainings a recipe asks for, and in which folders: folds, the final one, baselines."""

from dataclasses import dataclass
from pathlib import Path

from trainer.bundle.baseline import TinyFit
from trainer.bundle.fit import Fit, HeldOut
from trainer.bundle.music import Music
from trainer.bundle.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Plan:
    """The trainings of a run.

    Attributes:
        teachers: What has to be done before ``students``; often nothing.
        students: By fold and seed, those that the recipe is validated by.
        final: What becomes the model: it hears all artists.
        baselines: By fold, AudioEmbeddingTiny.
    """

    teachers: tuple[Fit, ...]
    students: dict[tuple[int, int], Fit]
    final: Fit
    baselines: dict[int, TinyFit]


def make_plan(recipe: Recipe, music: Music, folder: Path) -> Plan:
    """Lays out every training of a recipe in a run's folder."""
    teachers: list[Fit] = []
    students = {}
    for fold in range(recipe.folds.count):
        for seed in recipe.folds.training_seeds:
            name = f"fold {fold}, seed {seed}"
            place = folder / "folds" / f"fold-{fold}-seed-{seed}"
            held = music.held_out(fold)
            taught_by, fit = _fits(recipe, music, name, place, music.outside(fold), seed, held)
            teachers += taught_by
            students[fold, seed] = fit
    everything = tuple(range(len(music.clips)))
    taught_by, final = _fits(
        recipe, music, "final", folder / "final", everything, recipe.final_seed, None
    )
    baselines = {
        fold: _baseline(recipe, music, folder, fold)
        for fold in range(min(recipe.baseline.folds, recipe.folds.count))
    }
    return Plan((*taught_by, *teachers), students, final, baselines)


def _fits(
    recipe: Recipe,
    music: Music,
    name: str,
    folder: Path,
    rows: tuple[int, ...],
    seed: int,
    held_out: HeldOut | None,
) -> tuple[list[Fit], Fit]:
    """A training, and before it those of its teachers, which hear the same clips."""
    teachers: list[Fit] = []
    for number, teacher in enumerate(recipe.teachers):
        place = folder.with_name(f"{folder.name}-teacher-{number}")
        # No two trainings of a run begin alike, also where the recipes' seeds are equal.
        start = 1_000 * (number + 1) + seed
        who = f"{name}, teacher {number}"
        teachers.append(
            Fit(who, place, music.library, music.labels, rows, teacher, start, held_out)
        )
    taught_by = tuple(teacher.folder for teacher in teachers)
    fit = Fit(
        name,
        folder,
        music.library,
        music.labels,
        rows,
        recipe.training,
        seed,
        held_out,
        taught_by,
    )
    return teachers, fit


def _baseline(recipe: Recipe, music: Music, folder: Path, fold: int) -> TinyFit:
    return TinyFit(
        name=f"AudioEmbeddingTiny, fold {fold}",
        folder=folder / "baselines" / f"fold-{fold}",
        clips=tuple(music.clips[row] for row in music.outside(fold)),
        cache=music.cache.folder,
        recipe=recipe.baseline,
        seed=0,
    )
