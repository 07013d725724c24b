"""Learning a head from answers: the maths, the files, and what it brings to known listeners."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from mecomp_desktop.analysis.model import load_model
from tests.support.listeners import HEAD, Listener, World, any_questions, make_world
from trainer.errors import DataError, ExportError
from trainer.personal import head_graph
from trainer.personal.agreement import HELD_BACK, folds_of
from trainer.personal.finetune import Library, learn, read_library
from trainer.personal.head import PersonalHead, build_head
from trainer.personal.metric_learner import LearnerConfig
from trainer.personal.questions import Questions, read_questions
from trainer.personal.space import build_space

UNSEEN = 2000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world"))


def library(world: World) -> Library:
    return Library(world.pooled, world.embedding)


def answered(world: World, listener: Listener, count: int, seed: int) -> Questions:
    trios = any_questions(count, len(world.pooled), seed)
    chosen = np.array([listener.answer(trio) for trio in trios], np.int64)
    held_back = np.arange(count) % 5 == 4
    return Questions(trios, chosen, held_back, np.arange(1, count + 1))


def quiet(done: float, stage: str) -> None:
    """Progress that nobody reads."""


@pytest.mark.nightly
@pytest.mark.slow
def test_learns_what_listeners_weigh(world: World) -> None:
    gains: dict[int, list[float]] = {60: [], 200: []}
    for seed in range(4):
        listener = Listener(world, seed)
        unseen = any_questions(UNSEEN, len(world.pooled), 1000 + seed)
        before = listener.agreement(world.embedding, unseen)
        for count, gained in gains.items():
            questions = answered(world, listener, count, seed)
            learned = learn(library(world), questions, HEAD, LearnerConfig(), 0, quiet)
            vectors = learned.head.embed(world.embedding, world.pooled)
            gained.append(listener.agreement(vectors, unseen) - before)
    assert np.mean(gains[60]) >= 0.06
    assert np.mean(gains[200]) >= 0.12


@pytest.mark.slow
def test_few_answers_cannot_wreck_the_model(world: World) -> None:
    losses = []
    for seed in range(4):
        listener = Listener(world, seed, slip=1.0)
        honest = Listener(world, seed)
        unseen = any_questions(UNSEEN, len(world.pooled), 1000 + seed)
        questions = answered(world, listener, 30, seed)
        learned = learn(library(world), questions, HEAD, LearnerConfig(), 0, quiet)
        vectors = learned.head.embed(world.embedding, world.pooled)
        losses.append(honest.agreement(world.embedding, unseen) - honest.agreement(vectors, unseen))
    assert np.mean(losses) < 0.03


@pytest.mark.slow
def test_answers_held_back_are_not_learned_from(world: World) -> None:
    listener = Listener(world, 1)
    questions = answered(world, listener, 60, 1)
    chosen = (questions.chosen + questions.held_back) % 3
    changed = Questions(questions.trios, chosen, questions.held_back, questions.lines)
    first, second = (
        learn(library(world), variant, HEAD, LearnerConfig(), 0, quiet)
        for variant in (questions, changed)
    )
    assert first.head_hash == second.head_hash
    assert [outcome.held_back for outcome in first.outcomes] == list(questions.held_back)


def test_answers_about_the_same_songs_share_a_fold() -> None:
    trios = np.array([[0, 1, 2], [3, 4, 5], [2, 0, 1], [6, 7, 8], [5, 4, 3], [9, 10, 11]])
    questions = Questions(
        trios, np.zeros(6, np.int64), np.array([0, 0, 0, 0, 0, 1], np.bool_), np.arange(6)
    )
    folds = folds_of(questions, 0)
    assert folds[0] == folds[2]
    assert folds[1] == folds[4]
    assert folds[5] == HELD_BACK


def test_too_few_answers_are_reported(world: World) -> None:
    questions = answered(world, Listener(world, 0), 8, 0)
    with pytest.raises(DataError, match="too few"):
        learn(library(world), questions, HEAD, LearnerConfig(), 0, quiet)


@pytest.mark.parametrize("width", [3, 48, 320])
def test_space_takes_any_width(width: int) -> None:
    rng = np.random.default_rng(0)
    pooled = (100 * rng.standard_normal((500, width)) + 7).astype(np.float32)
    embedding = rng.standard_normal((500, 16)).astype(np.float32)
    places = build_space(embedding, pooled, 0.4).place(embedding, pooled)
    sides = places[::2] - places[1::2]
    assert (sides**2).sum(axis=1).mean() == pytest.approx(1.0, abs=0.1)
    assert np.abs(places.mean(axis=0)).max() < 1e-3


def test_head_keeps_the_metric(world: World) -> None:
    space = build_space(world.embedding, world.pooled, 0.4)
    head = build_head(space, world.embedding, world.pooled)
    vectors = head.embed(world.embedding, world.pooled)
    places = space.place(world.embedding, world.pooled)
    assert vectors.shape == world.embedding.shape
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    questions = any_questions(UNSEEN, len(places), 0)
    same = _closest(vectors, questions) == _closest(places, questions)
    assert same.mean() > 0.9


def _closest(vectors: np.ndarray, questions: np.ndarray) -> np.ndarray:
    a, b, c = (vectors[questions[:, corner]] for corner in range(3))
    sides = [((x - y) ** 2).sum(axis=1) for x, y in ((a, b), (a, c), (b, c))]
    return np.argmin(sides, axis=0)


def test_file_computes_what_was_learned(world: World, tmp_path: Path) -> None:
    model = head_graph.load(world.model)
    head = _some_head()
    for name in ("head", "again"):
        source = head_graph.extract_head(model)
        onnx.save(head_graph.build_upon(source, head), str(tmp_path / f"{name}.onnx"))
    session = onnxruntime.InferenceSession(str(tmp_path / "head.onnx"))
    (found,) = session.run(["embedding"], {"pooled": world.pooled})
    np.testing.assert_allclose(found, head.embed(world.embedding, world.pooled), atol=1e-5)


def test_a_personal_model_can_be_built_upon(world: World, tmp_path: Path) -> None:
    once = head_graph.build_upon(head_graph.load(world.model), _some_head())
    twice = head_graph.build_upon(once, _some_head())
    path = tmp_path / "twice.onnx"
    onnx.save(twice, str(path))
    assert load_model(path).info.dimension == 32


def test_a_head_that_reads_the_audio_cannot_be_extracted(world: World) -> None:
    model = head_graph.load(world.model)
    model.graph.node[4].input[0] = "strength"
    with pytest.raises(ExportError, match="summary alone"):
        head_graph.extract_head(model)


def _some_head() -> PersonalHead:
    rng = np.random.default_rng(3)
    return PersonalHead(
        rng.standard_normal((32, 32)).astype(np.float32),
        rng.standard_normal((48, 32)).astype(np.float32),
        rng.standard_normal(32).astype(np.float32),
    )


def test_reads_answers_that_the_library_knows(tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    table.write_text(
        "song1,song2,song3,anchor,positive,held_back\n"
        "a,b,c,1,3,0\na,b,x,1,2,0\nb,c,d,,,0\nd,c,a,2,3,1\n"
    )
    questions = read_questions(table, {"a": 0, "b": 1, "c": 2, "d": 3})
    assert questions.trios.tolist() == [[0, 1, 2], [3, 2, 0]]
    assert questions.chosen.tolist() == [1, 2]
    assert questions.held_back.tolist() == [False, True]
    assert questions.lines.tolist() == [1, 4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "lacks the column"),
        ("song1,song2\na,b\n", "lacks the column"),
        ("song1,song2,song3,anchor,positive\na,b,c,1,1\n", "line 2"),
        ("song1,song2,song3,anchor,positive\nx,y,z,1,2\n", "no answer in it"),
    ],
)
def test_answers_that_cannot_be_used_are_reported(tmp_path: Path, text: str, expected: str) -> None:
    table = tmp_path / "answers.csv"
    table.write_text(text)
    with pytest.raises(DataError, match=expected):
        read_questions(table, {"a": 0, "b": 1, "c": 2})


def test_summaries_of_another_model_are_reported(world: World, tmp_path: Path) -> None:
    head = tmp_path / "head.onnx"
    onnx.save(head_graph.extract_head(head_graph.load(world.model)), str(head))
    pooled = tmp_path / "pooled.npz"
    np.savez(pooled, ids=np.array(["a", "b", "c"]), pooled=np.zeros((3, 7), np.float32))
    with pytest.raises(DataError, match="not of this model"):
        read_library(pooled, head)


@pytest.mark.slow
def test_command_writes_model_head_and_result(world: World, tmp_path: Path) -> None:
    songs = [f"song {row}" for row in range(len(world.pooled))]
    questions = answered(world, Listener(world, 2), 40, 2)
    with (tmp_path / "answers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["song1", "song2", "song3", "anchor", "positive", "held_back"])
        for trio, chosen, held in zip(
            questions.trios, questions.chosen, questions.held_back, strict=True
        ):
            answer = ((1, 2), (1, 3), (2, 3))[chosen]
            writer.writerow([*(songs[row] for row in trio), *answer, int(held)])
    np.savez(tmp_path / "pooled.npz", ids=np.array(songs), pooled=world.pooled)
    out = tmp_path / "out"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "trainer", "finetune"),
            *("--judgments", str(tmp_path / "answers.csv")),
            *("--pooled", str(tmp_path / "pooled.npz")),
            *("--model", str(world.model), "--out", str(out)),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    shares = [json.loads(line)["progress"] for line in done.stdout.splitlines()]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    result = json.loads((out / "result.json").read_text())
    assert len(result["outcomes"]) == 40
    info = load_model(out / "model.onnx").info
    assert (info.body_hash, info.head_hash) == ("world-body", result["head_hash"])
    assert "32 answers" in info.name
