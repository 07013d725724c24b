from pathlib import Path

import numpy as np
import pytest

from tests.trainer.models.teachers.arrays import write_teachers
from tests.trainer.music import make_manifest_set
from trainer.cli import main
from trainer.data.read import read_music
from trainer.data.teacher_outputs import TeacherStore

ONLY = ("crnn_msd", "musicnn_msd")


@pytest.fixture(scope="module")
def teachers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_teachers(tmp_path_factory.mktemp("teachers"))


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return make_manifest_set(tmp_path / "music", artists=1)


def teach(music: Path, out: Path, teachers: Path, only: tuple[str, ...] = ONLY) -> int:
    options = ["--cache", str(out.parent / "cache"), "--device", "cpu"]
    return main(
        ["teach", str(music), str(out), "--teachers", str(teachers), "--only", *only, *options]
    )


@pytest.mark.slow
def test_writes_what_the_teachers_say_once(
    music: Path, teachers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert teach(music, out, teachers) == 0
    clips = read_music(music).clips
    store = TeacherStore(out, ONLY)
    outputs = [store.read(clip) for clip in clips]
    assert all(output.logits["crnn_msd"].shape == (1, 50) for output in outputs)
    assert all(output.embeddings["musicnn_msd"].dtype == np.float16 for output in outputs)
    assert len((out / "index.csv").read_text().splitlines()) == 1 + len(clips)

    files = {file: file.stat().st_mtime_ns for file in (out / "clips").iterdir()}
    next(iter(files)).unlink()
    capsys.readouterr()
    assert teach(music, out, teachers) == 0
    assert f"{len(clips) - 1} of them done before" in capsys.readouterr().out
    again = {file: file.stat().st_mtime_ns for file in (out / "clips").iterdir()}
    assert len(again) == len(clips)
    assert sum(files[file] == time for file, time in again.items()) == len(clips) - 1


@pytest.mark.slow
def test_a_broken_file_is_listed_and_costs_only_itself(
    music: Path, teachers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = read_music(music).clips
    clips[0].path.write_bytes(b"no sound")
    assert teach(music, tmp_path / "out", teachers) == 1
    assert str(clips[0].path) in capsys.readouterr().out
    assert sum(TeacherStore(tmp_path / "out", ONLY).has(clip) for clip in clips) == len(clips) - 1


@pytest.mark.slow
def test_outputs_of_other_teachers_are_not_mixed(
    music: Path, teachers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert teach(music, tmp_path / "out", teachers) == 0
    assert teach(music, tmp_path / "out", teachers, ("crnn_msd",)) == 1
    assert "other teachers" in capsys.readouterr().err
