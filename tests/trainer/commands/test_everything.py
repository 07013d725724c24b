"""``python -m trainer`` from a miniature FMA to a model file, and the commands by themselves."""

import contextlib
import io
import json
from pathlib import Path

import pytest

from tests.trainer.music import GENRES, make_fma, write_judgments
from trainer.cli import main
from trainer.data.judgments import Judgment
from trainer.export import onnx_export

FAST = (
    "--device=cpu --threads=1 --clip-s=1 --pool-clips=12 --batch-triplets=60 --triplets=900 "
    "--max-epochs=3 --clip-shares 0.5 0.25 0.25 --augment excerpt"
)


@pytest.fixture(autouse=True)
def few_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ten lengths have a test of their own."""
    monkeypatch.setattr(onnx_export, "CHECK_LENGTHS_S", (1.0, 3.3))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run over a miniature FMA with sixty judgments."""
    folder = tmp_path_factory.mktemp("whole")
    data = make_fma(folder / "fma", artists=8, each=2, seconds=1.5)
    first = [2 + 16 * genre for genre in range(4)]
    sixty = [
        Judgment(str(first[n % 4] + 2 * (n % 5)), str(first[n % 4] + 11), str(first[(n + 1) % 4]))
        for n in range(60)
    ]
    write_judgments(folder / "judgments.csv", sixty)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(_command(folder, data)) == 0
    assert "MB (paper: 0.82 MB)" in out.getvalue()
    assert "ms (paper: 27.03 ms)" in out.getvalue()
    return folder


def _command(folder: Path, data: Path) -> list[str]:
    places = [f"--out={folder / 'run'}", f"--cache={folder / 'cache'}"]
    second = [f"--judgments={folder / 'judgments.csv'}", "--stage-2-epochs=2", "--stage-2-clip-s=1"]
    return [str(data), *places, *FAST.split(" "), *second, "--repeats=2"]


@pytest.mark.nightly
@pytest.mark.slow
def test_goes_the_whole_way_and_beats_chance(whole: Path) -> None:
    results = json.loads((whole / "run" / "metrics.json").read_text())
    assert list(results) == ["MFCC, 140 values", "stage 1", "stage 2"]
    for stage in ("stage 1", "stage 2"):
        assert results[stage]["triplets"]["genre"]["accuracy"]["mean"] > 0.75
        assert results[stage]["retrieval"]["P@1"]["mean"] > 0.5
        assert results[stage]["triplets"]["human"]["count"] > 10


@pytest.mark.nightly
@pytest.mark.slow
def test_leaves_model_card_and_pictures(whole: Path) -> None:
    names = {path.name for path in (whole / "run").iterdir()}
    assert names >= {"similarity.onnx", "similarity.json", "map.png", "confusion.png", "test.csv"}
    card = json.loads((whole / "run" / "similarity.json").read_text())
    assert card["parameters"] == 213_352
    assert card["stage"]["name"] == "stage-2"
    assert card["data"]["skipped"]["98565"] == "known to be broken"


@pytest.mark.nightly
@pytest.mark.slow
def test_a_second_start_has_nothing_left_to_do(whole: Path) -> None:
    best = whole / "run" / "stage-1" / "best.pt"
    before = best.stat().st_mtime_ns
    assert main(_command(whole, whole / "fma")) == 0
    assert best.stat().st_mtime_ns == before


@pytest.mark.nightly
@pytest.mark.slow
def test_compare_always_has_the_baseline(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [str(whole / "run" / stage) for stage in ("stage-1", "stage-2")]
    command = ["compare", str(whole / "fma"), *runs, f"--out={tmp_path}", "--repeats=1"]
    assert main([*command, f"--cache={whole / 'cache'}", "--clip-s=1"]) == 0
    table, classes = (part.splitlines() for part in capsys.readouterr().out.split("\n\n"))
    assert table[0].startswith("| model | genre triplets | MRR | MAP | P@1 | P@5 | P@9 |")
    names = [row.split(" | ")[0].removeprefix("| ") for row in table[2:]]
    assert names == ["MFCC, 140 values", *runs]
    assert [row.split(" | ")[0] for row in classes[2:]] == [f"| {genre}" for genre in GENRES]
    assert (tmp_path / "comparison.md").read_text().splitlines() == [*table, "", *classes]


@pytest.mark.nightly
@pytest.mark.slow
def test_evaluate_and_export_by_themselves(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(whole / "run" / "stage-1")
    command = ["evaluate", run, str(whole / "fma"), f"--cache={whole / 'cache'}", "--clip-s=1"]
    assert main([*command, "--repeats=1", f"--out={tmp_path}", "--no-pictures"]) == 0
    metrics = tmp_path / "metrics.json"
    assert json.loads(metrics.read_text())["split"] == "artist"
    target = tmp_path / "model.onnx"
    assert main(["export", run, f"--out={target}", f"--metrics={metrics}", "--note=small"]) == 0
    card = json.loads((tmp_path / "model.json").read_text())
    assert card["known weaknesses"] == ["small"]
    assert card["metrics"]["retrieval"]["MAP"]["mean"] > 0
    printed = capsys.readouterr().out
    assert f"{target}: {target.stat().st_size / 1e6:.2f} MB (paper: 0.82 MB)" in printed
    assert "ms (paper: 27.03 ms)" in printed
    assert "parameters: 213,352 (paper: 213,352)" in printed


@pytest.mark.nightly
@pytest.mark.slow
def test_finetune_trains_the_head_alone(whole: Path, tmp_path: Path) -> None:
    command = ["finetune", str(whole / "run" / "stage-1"), str(whole / "fma"), "--frozen=body"]
    command += [f"--judgments={whole / 'judgments.csv'}", f"--out={tmp_path}", "--max-epochs=1"]
    command += [f"--cache={whole / 'cache'}", "--device=cpu", "--clip-s=1", "--threads=1"]
    assert main(command) == 0
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["parent"] == str(whole / "run" / "stage-1")


@pytest.mark.nightly
@pytest.mark.slow
def test_triplets_command_writes_candidates(whole: Path, tmp_path: Path) -> None:
    command = ["triplets", str(whole / "fma"), f"--out={tmp_path}", "--candidates=10"]
    assert main([*command, f"--cache={whole / 'cache'}", "--triplets=100"]) == 0
    lines = (tmp_path / "human_candidates.csv").read_text().splitlines()
    assert lines[0] == "song1,song2,song3,anchor,positive"
    assert len(lines) == 11
    assert len((tmp_path / "train.csv").read_text().splitlines()) == 71


@pytest.mark.parametrize("arguments", [["nowhere"], ["evaluate", "nowhere", "nowhere"]])
def test_an_error_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("trainer: ")
    assert error.count("\n") == 1


def test_help_shows_defaults_and_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["train", "--help"])
    assert done.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "(001, III.B) (default: 15.0)" in text
    assert "of the triplet loss (001, equation 2) (default: 0.2)" in text
