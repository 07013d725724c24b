import json
from pathlib import Path

import pytest

from trainer.errors import DataError
from trainer.recipes.bundled.recipe import Recipe, changed, read_recipe


def test_changes_go_as_deep_as_they_are_given() -> None:
    recipe = changed(
        Recipe(),
        {"training": {"steps": 7, "network": {"dimension": 16, "spectral": {"pools": [2, 1, 1]}}}},
    )
    assert recipe.training.steps == 7
    assert recipe.training.network.dimension == 16
    assert recipe.training.network.spectral.pools == (2, 1, 1)
    assert recipe.training.network.architecture == "audio-embedding-spectral"
    assert recipe.training.batch == Recipe().training.batch


def test_teachers_are_changes_to_the_training() -> None:
    changes = {
        "training": {"steps": 9},
        "teachers": [{"seed": 1}, {"relations": {"artist_weight": 2.0}}],
    }
    first, second = changed(Recipe(), changes).teachers
    assert (first.steps, first.seed) == (9, 1)
    assert (second.steps, second.relations.artist_weight) == (9, 2.0)


def test_a_file_changes_the_default(tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps({"folds": {"divisions": [3, 4]}}))
    assert read_recipe(path).folds.divisions == (3, 4)
    assert read_recipe(None) == Recipe()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"training": {"step": 3}}', "has no setting 'step'; it has .*steps"),
        ("[1]", "not a JSON object"),
        ("{", "not a JSON file"),
    ],
)
def test_a_wrong_file_is_named_with_the_reason(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(text)
    with pytest.raises(DataError, match=f"recipe.json: .*{problem}"):
        read_recipe(path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_recipe(tmp_path / "none.json")
