"""The papers' experiments: the plan, the runs on a miniature set, and the tables."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from trainer.cli import main, make_parser
from trainer.recipes.papers.plan import ARMS, BASELINE, QUESTIONS, chosen_questions, needed_arms
from trainer.recipes.papers.results import read_results, table_lines
from trainer.recipes.papers.runs import AblationSettings, ArmRun

ALSO = "--clip-shares 0.5 0.25 0.25 --triplets 60"


def settings(folder: Path) -> AblationSettings:
    return AblationSettings(Path("data"), folder, clip_s=15.0, measured_s=29.0, max_epochs=12)


def test_parents_come_before_their_children() -> None:
    names = [arm.name for arm in needed_arms(chosen_questions([]))]
    for name in names:
        assert ARMS[name].parent in ["", *names[: names.index(name)]]
    assert set(names) == set(ARMS)


def test_every_command_is_one_that_the_trainer_knows(tmp_path: Path) -> None:
    for arm in ARMS.values():
        for command in ArmRun(arm, 1).commands(settings(tmp_path)):
            args = make_parser(command[0]).parse_args(command)
            assert args.command in ("train", "finetune", "evaluate")
            if args.command != "evaluate":
                assert (args.seed, args.max_epochs, args.clip_s) == (1, 12, 15.0)


def leave_run(folder: Path, accuracy: float, ap: float) -> None:
    """Leaves what a finished run leaves, as far as a table reads it."""
    folder.mkdir(parents=True)
    (folder / "best.pt").touch()
    training = {"best_validation_accuracy": accuracy + 0.1, "seconds": 120.0, "epochs": 3}
    (folder / "training.json").write_text(json.dumps(training))
    figure = {"mean": ap, "deviation": 0.01}
    retrieval = dict.fromkeys(("MRR", "MAP", "P@1", "P@5", "P@9"), figure)
    triplets = {"genre": {"accuracy": {"mean": accuracy, "deviation": 0.01}}}
    metrics = {"retrieval": retrieval, "triplets": triplets}
    (folder / "metrics.json").write_text(json.dumps(metrics))


def test_figures_are_those_over_the_seeds(tmp_path: Path) -> None:
    accuracy = {"chosen": [0.7, 0.6, 0.8], "pooling-mean": [0.6, 0.55, 0.75]}
    for arm, values in accuracy.items():
        for seed, value in enumerate(values):
            leave_run(tmp_path / arm / f"seed-{seed}", value, 0.5)
    questions = chosen_questions(["pooling"])
    arms = read_results(questions, [0, 1, 2], settings(tmp_path))["pooling"]["arms"]
    for label, arm in (("attention", "chosen"), ("mean", "pooling-mean")):
        measured = arms[label]["measures"]["genre triplets"]
        assert measured["mean"] == pytest.approx(np.mean(accuracy[arm]))
        assert measured["deviation"] == pytest.approx(np.std(accuracy[arm]))
    apart = np.subtract(accuracy["pooling-mean"], accuracy["chosen"])
    assert measured["difference"] == pytest.approx(np.mean(apart))
    assert measured["difference deviation"] == pytest.approx(np.std(apart))
    assert arms["last state"] == {"seeds": [], "measures": {}, "reported": {}}
    text = "\n".join(table_lines(questions, {"pooling": {"arms": arms}}))
    assert "genre triplets: attention 0.700 ± 0.082, mean 0.633 ± 0.085 |" in text
    assert "-0.067 ± 0.024" in text


def test_a_single_run_has_no_deviation(tmp_path: Path) -> None:
    leave_run(tmp_path / "chosen" / "seed-0", 0.7, 0.5)
    leave_run(tmp_path / "pooling-mean" / "seed-0", 0.6, 0.4)
    questions = chosen_questions(["pooling"])
    results = read_results(questions, [0, 1], settings(tmp_path))
    lines = table_lines(questions, results)
    (row,) = [line for line in lines if line.startswith("| mean |")]
    assert row.startswith("| mean | 0.600 | 0.700 |")
    assert "| -0.100 | 1 |" in row


def test_the_table_of_002_stands_beside_ours(tmp_path: Path) -> None:
    for seed in (0, 1):
        leave_run(tmp_path / "semi-hard" / f"seed-{seed}", 0.7, 0.4 + 0.2 * seed)
    leave_run(tmp_path / "spare", 0.6, 0.3)
    (tmp_path / "spare" / "metrics.json").rename(tmp_path / f"{BASELINE}.json")
    questions = chosen_questions(["strategies"])
    results = read_results(questions, [0, 1], settings(tmp_path))
    lines = table_lines(questions, results)
    (ours,) = [line for line in lines if line.startswith("| semi-hard | 0.845")]
    assert ours.startswith("| semi-hard | 0.845 | 0.500 ± 0.100 | 0.900 | 0.500 ± 0.100 |")
    (baseline,) = [line for line in lines if line.startswith("| MFCC |")]
    assert baseline.startswith("| MFCC | 0.664 | 0.300 ± 0.010 | 0.780 |")
    assert baseline.endswith("| -0.200 ± 0.100 | – | – |")  # nothing was trained


def test_dry_run_shows_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ablations", "music", "--seeds", "7", "--only", "pooling", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 * len(QUESTIONS["pooling"].arms)
    assert all(line.startswith("python -m trainer ") for line in lines)
    assert "--pooling mean" in lines[2]


def test_an_unknown_question_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ablations", "music", "--only", "size"]) == 1
    assert "no ablation 'size'; there are pooling, stages" in capsys.readouterr().err


@pytest.mark.nightly
@pytest.mark.slow
def test_runs_measures_names_what_fails_and_does_nothing_twice(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    blocked = out / "hidden-256" / "seed-0" / "config.json"
    blocked.parent.mkdir(parents=True)
    blocked.write_text('{"model": {}, "data": {}, "stage": {}}')
    command = ["ablations", str(music), f"--out={out}", f"--cache={tmp_path / 'cache'}"]
    command += shlex.split("--seeds 0 --max-epochs 1 --clip-s 1 --measured-s 1 --only stages")
    also = ["--also", *shlex.split(ALSO)]

    assert main([*command, "hidden", *also]) == 1
    printed = capsys.readouterr().out
    assert "hidden-256, seed 0: " in printed
    assert "holds a run with other settings" in printed
    assert "| 256 | – |" in printed
    table = (out / "ablations.md").read_text()
    assert printed.endswith(table)
    results = json.loads((out / "ablations.json").read_text())["questions"]
    for arm in results["stages"]["arms"].values():
        assert 0.0 <= arm["measures"]["human triplets"]["mean"] <= 1.0

    weights = {path: path.stat().st_mtime_ns for path in out.glob("*/seed-0/best.pt")}
    assert len(weights) == 3
    assert main([*command, *also]) == 0
    assert {path: path.stat().st_mtime_ns for path in weights} == weights
    assert main([*command, *also[:-1], "80"]) == 1
    assert "other settings (also" in capsys.readouterr().err
