"""The whole network tuned to one listener, on real audio, through the command itself."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.contracts import model_file
from mecomp_desktop.contracts.answers_file import write_all_columns
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.library.identity import audio_id
from tests.trainer.music import make_manifest_set
from trainer.cli import main
from trainer.config import ModelConfig
from trainer.data.answers import Answer
from trainer.errors import DataError, TrainingError
from trainer.export import onnx_export
from trainer.models import build_model
from trainer.personal.all_layers import find_start
from trainer.personal.answer_split import split_answers

FAST = [
    "--device=cpu",
    "--threads=1",
    "--clip-s=1",
    "--batch-triplets=40",
    "--arrange=sharing",
    "--max-epochs=4",
    "--learning-rate=0.001",
]


@pytest.fixture(autouse=True)
def few_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_export, "CHECK_LENGTHS_S", (1.0, 2.5))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_manifest_set(tmp_path_factory.mktemp("music"), artists=6, seconds=2.0)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported model that has not learned anything yet."""
    path = tmp_path_factory.mktemp("start") / "similarity.onnx"
    torch.manual_seed(0)
    config = ModelConfig()
    model = build_model(config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(onnx_export, "CHECK_LENGTHS_S", (1.0,))
        onnx_export.export_onnx(model, config, path, "start", "none", trained=True)
    return path


# What this listener finds alike is not what the network tells apart by itself.
KIND = {"Bells": "one", "Drone": "one", "Hiss": "other", "Pulse": "other"}


def answers_by_kind(folder: Path, table: Path, count: int, *, at_random: bool = False) -> Path:
    """Answers of somebody who hears two kinds of music, or nothing; every fourth is held back."""
    rng = np.random.default_rng(3)
    songs = [(audio_id(path), path) for path in sorted(folder.rglob("*.wav"))]
    genre = {song: path.parent.name.split()[0] for song, path in songs}
    judgments: list[Judgment] = []
    while len(judgments) < count:
        trio = [songs[row][0] for row in rng.choice(len(songs), 3, replace=False)]
        if len({genre[song] for song in trio}) < 3:
            continue
        kinds = [KIND[genre[song]] for song in trio]
        alike = next(pair for pair in Pair if len({kinds[place] for place in pair.members}) == 1)
        closest = Pair(int(rng.integers(3))) if at_random else alike
        held_back = len(judgments) % 4 == 3
        first, second, third = map(AudioId, trio)
        judgments.append(
            Judgment(
                JudgmentId(0), (first, second, third), closest, held_back, "quiz", "", 1.0, 1.0
            )
        )
    write_all_columns(table, judgments, dict(songs))
    return table


def finetune(start: Path, table: Path, out: Path, cache: Path) -> int:
    options = [f"--judgments={table}", f"--out={out}", f"--cache={cache}"]
    return main(["finetune", str(start), "--all-layers", *options, *FAST])


@pytest.mark.slow
def test_a_listener_of_two_kinds_gets_a_better_model(
    folder: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = answers_by_kind(folder, tmp_path / "answers.csv", 120)
    out = tmp_path / "out"
    assert finetune(start, table, out, tmp_path / "cache") == 0
    assert "had not seen; now on" in capsys.readouterr().out
    result = json.loads((out / "result.json").read_text())
    assert result["adopted"]
    assert result["questions"] >= result["held_back"] > 20
    assert result["after"] >= result["before"] + 4
    before, after = load_model(start).info, load_model(out / "model.onnx").info
    assert after.body_hash != before.body_hash
    assert after.dimension == before.dimension
    written = json.loads(after.metadata[model_file.META_VERDICT])
    assert written == result | {"answers": written["answers"]}
    # It can be gone on from, and is known by its weights.
    assert find_start(out / "model.onnx").model().body_hash() == after.body_hash


@pytest.mark.slow
def test_what_is_not_better_is_not_written(
    folder: Path, start: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = answers_by_kind(folder, tmp_path / "answers.csv", 100, at_random=True)
    out = tmp_path / "out"
    assert finetune(start, table, out, tmp_path / "cache") == 1
    assert not json.loads((out / "result.json").read_text())["adopted"]
    assert not list(out.rglob("*.onnx"))
    assert capsys.readouterr().out.strip()


def test_a_file_without_its_weights_is_reported(start: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.onnx"
    alone.write_bytes(start.read_bytes())
    with pytest.raises(TrainingError, match=r"alone\.pt.*do not lie beside it"):
        find_start(alone)


def test_weights_of_another_model_are_reported(start: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    config = ModelConfig()
    path = tmp_path / "m.onnx"
    onnx_export.export_onnx(build_model(config), config, path, "m", "none", trained=True)
    (tmp_path / "m.onnx").write_bytes(start.read_bytes())
    with pytest.raises(TrainingError, match="not the weights"):
        find_start(tmp_path / "m.onnx")


def answer(songs: str, row: int, *, held_back: bool = False) -> Answer:
    first, second, third = songs
    return Answer((first, second, third), ("", "", ""), Pair.FIRST_SECOND, held_back, row)


def test_what_is_held_back_is_never_learned_from() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    every = [
        answer(letters[n % 20] + letters[20 + n % 3] + letters[23 + n % 2], n) for n in range(90)
    ]
    answers = [answer("".join(each.songs), each.row, held_back=each.row % 4 == 0) for each in every]
    measured, triplets = split_answers(answers, 0)
    learned = {frozenset((t.anchor, t.positive, t.negative)) for t in triplets.train}
    learned |= {frozenset((t.anchor, t.positive, t.negative)) for t in triplets.validation}
    assert {each.row for each in measured} >= {each.row for each in answers if each.held_back}
    assert not learned & {frozenset(each.songs) for each in measured}


def test_without_anything_held_back_a_share_is_kept() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    answers = [answer(letters[n // 20] + letters[n % 20 + 5] + "z", n) for n in range(100)]
    measured, triplets = split_answers(answers, 0)
    assert len(measured) == 30
    assert (len(triplets.train), len(triplets.validation)) == (2 * 56, 2 * 14)


def test_too_few_answers_are_reported() -> None:
    answers = [answer("ab" + letter, row) for row, letter in enumerate("cdefghijklmnop")]
    with pytest.raises(DataError, match="the least"):
        split_answers(answers, 0)


def test_the_command_says_what_it_lacks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["finetune", str(tmp_path), "--all-layers"]) == 1
    assert "needs --judgments" in capsys.readouterr().err
    assert main(["finetune", str(tmp_path)]) == 1
    assert "needs a data folder" in capsys.readouterr().err


def test_help_lists_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["finetune", "--help"])
    printed = capsys.readouterr().out
    assert all(each in printed for each in ("--all-layers", "--pooled", "--model", "--judgments"))
