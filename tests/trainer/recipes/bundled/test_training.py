"""One training: what it leaves, going on to the same weights, what it refuses."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from trainer.errors import TrainingError
from trainer.recipes.bundled.fit import Fit
from trainer.recipes.bundled.mels import MelLibrary
from trainer.recipes.bundled.music import Music, Part
from trainer.recipes.bundled.network import embed_power
from trainer.recipes.bundled.recipe import Recipe, TrainingRecipe
from trainer.training.checkpoint import BEST, LAST

PART = Part(0, 0)


class Interrupted(Exception):
    pass


def fit_in(folder: Path, music: Music, recipe: TrainingRecipe, **changes: object) -> Fit:
    fit = Fit(
        name="test",
        folder=folder,
        library=music.library,
        labels=music.labels,
        rows=music.outside(PART),
        recipe=recipe,
        seed=0,
        held_out=music.held_out(PART),
    )
    return replace(fit, **changes)  # type: ignore[arg-type]  # the tests give what fits


def interrupt_at(step: int) -> "list[int]":
    """Ticks of a training that is interrupted after ``step`` steps."""

    class Ticks(list[int]):
        def append(self, steps: int) -> None:
            super().append(steps)
            if sum(self) >= step:
                raise Interrupted

    return Ticks()


@pytest.fixture(scope="module")
def finished(bundle_music: Music, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Fit:
    fit = fit_in(tmp_path_factory.mktemp("fit"), bundle_music, recipe.training)
    fit.run(lambda steps: None)
    return fit


@pytest.mark.slow
def test_learns_and_leaves_its_traces(finished: Fit) -> None:
    assert finished.is_finished()
    names = {path.name for path in finished.folder.iterdir()}
    assert names >= {BEST, LAST, "fit.json", "history.jsonl", "curves.png", "tensorboard"}
    lines = (finished.folder / "history.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["step"] for record in records] == [50, 60]
    assert records[1]["loss"] < records[0]["loss"]
    assert records[1]["genre_triplets"] > 0.7  # on artists that it never heard


def test_the_training_clips_lie_around_the_origin(finished: Fit, bundle_music: Music) -> None:
    network, library = finished.network(), MelLibrary(bundle_music.library)
    with torch.no_grad():
        clips = [torch.from_numpy(library.whole(row))[None] for row in finished.rows]
        pooled = torch.cat([embed_power(network, power)[1] for power in clips])
        raw = network.head(pooled)
    assert raw.mean(0).abs().max() < 1e-5
    assert raw.norm(dim=1).min() > 0.05


@pytest.mark.slow
def test_going_on_ends_at_the_same_weights(
    finished: Fit, bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    fit = fit_in(tmp_path, bundle_music, recipe.training)
    with pytest.raises(Interrupted):
        fit.run(interrupt_at(55).append)
    assert not fit.is_finished()
    ticks: list[int] = []
    fit.run(ticks.append)
    assert ticks[0] == 50
    assert sum(ticks) == 60
    ours, theirs = fit.network(), finished.network()
    assert (ours.body_hash(), ours.head_hash()) == (theirs.body_hash(), theirs.head_hash())
    for name in ("history.jsonl",):
        records = [
            [json.loads(line) for line in (folder / name).read_text().splitlines()]
            for folder in (fit.folder, finished.folder)
        ]
        for record in (*records[0], *records[1]):
            del record["seconds"]
        assert records[0] == records[1]


@pytest.mark.slow
def test_another_seed_is_another_network(
    finished: Fit, bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    short = replace(recipe.training, steps=2)
    hashes = set()
    for seed in (0, 1):
        fit = fit_in(tmp_path / str(seed), bundle_music, short, seed=seed)
        fit.run(lambda steps: None)
        hashes.add(fit.network().body_hash())
    assert len(hashes | {finished.network().body_hash()}) == 3


@pytest.mark.slow
def test_going_on_with_other_settings_is_refused(
    bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    with pytest.raises(Interrupted):
        fit_in(tmp_path, bundle_music, recipe.training).run(interrupt_at(51).append)
    changed = replace(recipe.training, learning_rate=1e-4)
    with pytest.raises(TrainingError, match="other settings or other clips"):
        fit_in(tmp_path, bundle_music, changed).run(lambda steps: None)


def test_a_damaged_state_is_named(bundle_music: Music, recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / LAST).write_bytes(b"PK\x03\x04 no state")
    with pytest.raises(TrainingError, match=r"last\.pt: cannot go on from it"):
        fit_in(tmp_path, bundle_music, recipe.training).run(lambda steps: None)


def test_a_loss_that_is_no_number_stops(
    bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    relations = replace(recipe.training.relations, artist_weight=float("inf"))
    sick = replace(recipe.training, relations=relations)
    with pytest.raises(TrainingError, match=r"the loss is (nan|inf) in step 0"):
        fit_in(tmp_path, bundle_music, sick).run(lambda steps: None)


@pytest.mark.nightly
@pytest.mark.slow
def test_a_student_comes_close_to_its_teachers(
    finished: Fit, bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    second = replace(recipe.training, seed=7)
    changed = fit_in(tmp_path / "other", bundle_music, second)
    changed.run(lambda steps: None)
    teaching = replace(recipe.training.teaching, relation_weight=1.0)
    student = fit_in(
        tmp_path / "student",
        bundle_music,
        replace(recipe.training, teaching=teaching),
        seed=3,
        teachers=(finished.folder, changed.folder),
    )
    student.run(lambda steps: None)
    lines = (student.folder / "history.jsonl").read_text().splitlines()
    first, last = (json.loads(line) for line in lines)
    assert last["match"] < first["match"]
    assert last["taught relations"] < first["taught relations"]
    about = json.loads((student.folder / "fit.json").read_text())
    assert about["teachers"] == [finished.folder.name, "other"]


def test_half_precision_keeps_the_weights_in_full(
    bundle_music: Music, recipe: Recipe, tmp_path: Path
) -> None:
    half = replace(recipe.training, half_precision=True, steps=2)
    fit = fit_in(tmp_path, bundle_music, half)
    fit.run(lambda steps: None)
    weights = fit.network().state_dict().values()
    assert not any(weight.dtype == torch.bfloat16 for weight in weights)
