"""Trainings in this process and in two others end alike; a failure stops the others."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.trainer.recipes.bundled.test_training import fit_in
from trainer.errors import TrainingError
from trainer.recipes.bundled.fit import Fit
from trainer.recipes.bundled.music import Music
from trainer.recipes.bundled.recipe import Recipe
from trainer.recipes.parallel import do_all
from trainer.training.checkpoint import LAST


def fits(folder: Path, music: Music, recipe: Recipe) -> list[Fit]:
    short = replace(recipe.training, steps=6)
    return [
        replace(fit_in(folder / str(seed), music, short, seed=seed), name=f"seed {seed}")
        for seed in (0, 1)
    ]


@pytest.mark.nightly
@pytest.mark.slow
def test_two_jobs_end_as_one(bundle_music: Music, recipe: Recipe, tmp_path: Path) -> None:
    lines: list[str] = []
    alone, together = (fits(tmp_path / name, bundle_music, recipe) for name in ("one", "two"))
    do_all(alone, 1, lines.append)
    do_all(together, 2, lines.append)
    assert sorted(lines) == ["seed 0: done", "seed 0: done", "seed 1: done", "seed 1: done"]
    for left, right in zip(alone, together, strict=True):
        assert left.network().body_hash() == right.network().body_hash()
        assert left.network().head_hash() == right.network().head_hash()


@pytest.mark.slow
def test_what_is_done_is_not_done_again(
    bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    lines: list[str] = []
    first, second = fits(tmp_path, bundle_music, recipe)
    do_all([first], 1, lines.append)
    before = (first.folder / LAST).stat().st_mtime_ns
    do_all([first, second], 1, lines.append)
    assert lines == ["seed 0: done", "seed 0: done before", "seed 1: done"]
    assert (first.folder / LAST).stat().st_mtime_ns == before


@pytest.mark.nightly
@pytest.mark.slow
def test_a_failure_reaches_the_caller_and_stops_the_rest(
    bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    good, bad = fits(tmp_path, bundle_music, recipe)
    endless = replace(good, recipe=replace(good.recipe, steps=100_000))
    bad.folder.mkdir()
    (bad.folder / LAST).write_bytes(b"no state")
    with pytest.raises(TrainingError, match="cannot go on from it"):
        do_all([endless, bad], 2, lambda line: None)
    assert not endless.is_finished()
