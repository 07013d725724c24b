"""The training job: what one side writes, the other reads."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.contracts import training_job
from mecomp_desktop.contracts.training_job import CheckedAnswer, JobResult
from trainer.personal.command import add_arguments


def test_vectors_come_back_as_they_were(tmp_path: Path) -> None:
    path = training_job.vectors_path(tmp_path)
    pooled = np.random.default_rng(0).standard_normal((3, 5)).astype(np.float32)
    training_job.write_vectors(path, ["a", "ü", "c"], pooled)
    ids, found = training_job.read_vectors(path)
    assert ids == ["a", "ü", "c"]
    assert np.array_equal(found, pooled)
    assert found.dtype == np.float32


def test_vectors_with_python_objects_are_refused(tmp_path: Path) -> None:
    """Loading them would run code of whoever wrote the file."""
    path = tmp_path / "pooled.npz"
    np.savez(path, ids=np.array([{"a": 1}], dtype=object), pooled=np.zeros((1, 2)))
    with pytest.raises(ValueError, match="pickle"):
        training_job.read_vectors(path)


def test_a_result_comes_back_as_it_was(tmp_path: Path) -> None:
    result = JobResult("5eed", [CheckedAnswer(True, False, True, 0.25, line=7)])
    training_job.write_result(tmp_path, result)
    assert training_job.read_result(tmp_path) == result
    assert [path.name for path in tmp_path.iterdir()] == [training_job.RESULT_FILE]


def test_progress_comes_back_and_remarks_of_libraries_do_not() -> None:
    line = training_job.progress_line(1 / 3, "learning")
    assert training_job.read_progress(line) == 0.333
    assert json.loads(line)["stage"] == "learning"
    for remark in ("", "warning: something", "[1, 2]", "3", '{"progress": null}', '{"stage": 1}'):
        assert training_job.read_progress(remark) is None


def test_the_trainer_understands_the_apps_command_line(tmp_path: Path) -> None:
    command, *options = training_job.arguments(tmp_path, tmp_path / "base.onnx")
    assert command == training_job.COMMAND
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args(options)
    assert args.judgments == training_job.answers_path(tmp_path)
    assert args.pooled == training_job.vectors_path(tmp_path)
    assert (args.model, args.out) == (tmp_path / "base.onnx", tmp_path)
