"""``python -m trainer measure`` on a miniature set, from a model file to tables and a picture."""

import json
from pathlib import Path

import pytest

from tests.support.models import make_model
from trainer.cli import main
from trainer.config import DataConfig
from trainer.data.cache import AudioCache
from trainer.data.read import read_music
from trainer.data.splits import split_by_artist
from trainer.evaluation import embedding_cost


@pytest.fixture
def command(music: Path, cache: AudioCache, tmp_path: Path) -> list[str]:
    model = make_model(tmp_path / "ours.onnx")
    return ["measure", str(model), str(music), f"--out={tmp_path}", f"--cache={cache.folder}"]


@pytest.mark.nightly
@pytest.mark.slow
def test_measures_all_of_it(
    command: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedding_cost, "SONG_S", 4.0)
    older = make_model(tmp_path / "other.onnx", seed=1)
    assert main([*command, f"--baseline=an older one={older}"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0] == "8 clips by 8 artists"
    names = [row.split(" | ")[0].removeprefix("| ") for row in table[3:7]]
    assert names == ["chance", "MFCC mean and deviation", "an older one", "ours.onnx"]
    scores = json.loads((tmp_path / "similarity.json").read_text())
    assert scores["ours.onnx"]["genre_triplets"] != scores["an older one"]["genre_triplets"]
    robust = json.loads((tmp_path / "robustness.json").read_text())
    assert (robust["tracks"], robust["library"]) == (8, 32)
    curve = json.loads((tmp_path / "cost-curve.json").read_text())
    assert curve["points"][-1]["policy"] == "whole-300s"
    assert (tmp_path / "cost-curve.png").stat().st_size > 5_000


def test_the_clips_can_be_named(
    command: list[str], music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [clip.key for clip in read_music(music).clips[::4]]
    (tmp_path / "keys.json").write_text(json.dumps(keys))
    assert main([*command, f"--clips={tmp_path / 'keys.json'}", "--parts", "similarity"]) == 0
    assert capsys.readouterr().out.startswith("8 clips by 8 artists\n")
    assert not (tmp_path / "robustness.json").exists()


def test_what_is_measured_by_default_is_not_trained_on(
    command: list[str], music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--parts", "similarity"]) == 0
    split = split_by_artist(read_music(music).clips, DataConfig().clip_shares, 0)
    held = len(split.validation) + len(split.test)
    assert capsys.readouterr().out.startswith(f"{held} clips ")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--baseline=nameless.onnx", "'nameless.onnx' is not NAME=FILE"),
        ("--clips=nowhere.json", "nowhere.json: not a JSON list"),
        ("--clips=none.json", "none.json: only 0 of its clips"),
    ],
)
def test_what_cannot_be_measured_is_reported(
    command: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("none.json").write_text('["a", "b"]')
    assert main([*command, option]) == 1
    assert words in capsys.readouterr().err
