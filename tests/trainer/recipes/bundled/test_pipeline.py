"""``python -m trainer bundle`` from a miniature music set to the file, its card and its place."""

import json
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest

from mecomp_desktop.contracts import model_file
from tests.trainer.recipes.conftest import SMALL
from trainer.cli import main
from trainer.data.cache import AudioCache
from trainer.errors import TrainingError
from trainer.evaluation.cost_curve import COST_TARGETS_MS, CostCurve, CostPoint
from trainer.evaluation.similarity import SimilarityScores
from trainer.export import onnx_export
from trainer.recipes.bundled import release
from trainer.recipes.bundled.pipeline import INSTALLED, install

Run = Callable[..., int]
OURS = "this recipe"


@pytest.fixture
def run(small_music: Path, cache: AudioCache, tmp_path_factory: pytest.TempPathFactory) -> Run:
    recipe = tmp_path_factory.mktemp("recipe") / "recipe.json"
    short = SMALL | {"training": SMALL["training"] | {"steps": 12}}
    recipe.write_text(json.dumps(short))

    def start(out: Path, *options: str) -> int:
        places = [f"--out={out}", f"--recipe={recipe}", f"--cache={cache.folder}"]
        return main(["bundle", str(small_music), *places, "--jobs=1", *options])

    return start


def made_up_curve(*_: object, **__: object) -> CostCurve:
    scores = SimilarityScores(0.8, 0.7, 0.5, 0.6, 0.6)
    costs = dict.fromkeys(COST_TARGETS_MS, 50.0)
    points = [CostPoint(name, 30.0, scores, 0.0, 0.0, costs) for name in ("some", "all")]
    return CostCurve(24, 3.0, tuple(points), costs)


@pytest.mark.nightly
@pytest.mark.slow
def test_from_music_to_the_place_where_the_program_finds_it(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # The ten lengths have a test of their own, and so has the cost, which takes long to measure.
    monkeypatch.setattr(onnx_export, "CHECK_LENGTHS_S", (1.0, 3.3))
    monkeypatch.setattr(release, "_SPEED_ROUNDS", 1)
    monkeypatch.setattr(release, "measure_cost_curve", made_up_curve)
    out, place = tmp_path / "run", tmp_path / "resources"
    assert run(out, "--until=folds") == 0
    assert not (out / "final").exists()
    scores = json.loads((out / "validation.json").read_text())
    assert list(scores) == [
        "chance",
        "MFCC mean and deviation",
        "AudioEmbeddingTiny, same data",
        OURS,
    ]
    assert len(scores[OURS]["rounds"]) == 2
    assert scores[OURS]["mean"]["genre_triplets"] > 0.6
    before = (out / "validation.json").stat().st_mtime_ns

    tried = tmp_path / "tried.md"
    tried.write_text("| less | 0.5 |\n")
    assert run(out, f"--install={place}", "--note=It is small.", f"--tried={tried}") == 0
    assert (out / "validation.json").stat().st_mtime_ns == before
    assert {path.name for path in place.iterdir()} == set(INSTALLED)
    card = json.loads((place / "similarity.json").read_text())
    proto = onnx.load(str(place / "similarity.onnx"))
    properties = {each.key: each.value for each in proto.metadata_props}
    assert properties[model_file.META_BODY_HASH] == card["body_hash"]
    assert card["metrics"][OURS] == scores[OURS]
    assert "not trained on" in card["metrics"]["measured on"]
    assert "It is small." in card["known weaknesses"]
    assert card["size and speed"]["times as fast"] > 0
    assert card["data"]["clips by genre"]["without a genre"] == 2
    assert card["what was tried"] == ["| less | 0.5 |"]
    text = (place / "similarity.md").read_text()
    assert "## Robustness: the file itself, on music that it has learnt from" in text
    assert text in capsys.readouterr().out


def test_a_run_with_another_recipe_is_not_mixed_with_it(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "recipe.json").write_text('{"training": {"steps": 7}}')
    assert run(tmp_path) == 1
    assert "holds a run with another recipe" in capsys.readouterr().err


def test_nothing_is_installed_before_the_end(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"similarity\.onnx is missing"):
        install(tmp_path / "run", tmp_path / "resources")
    assert not (tmp_path / "resources").exists()
