"""The quiz's facade on a real store, a real child process and real model files."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.errors import UserError
from mecomp_desktop.paths import Paths
from mecomp_desktop.quiz import trainer_process
from mecomp_desktop.quiz.service import ROUND
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.judgments import Judgments
from tests.support.listeners import BODY, HEAD, WIDTH, Listener, World, make_world, write_model
from tests.support.personal_library import Personal, furnish, one_state, opened, say

SONGS = 200
KILLS = 4
# About as long as it takes to learn, adopt and go back, over and over.
LEARNS_AND_GOES_BACK_S = 8.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world"), SONGS)


@pytest.fixture
def program(paths: Paths, world: World) -> Iterator[Personal]:
    furnish(paths, world)
    with opened(paths, world.model) as made:
        yield made


@pytest.mark.slow
def test_learns_adopts_and_goes_back(program: Personal, world: World, paths: Paths) -> None:
    before = [program.neighbours(row) for row in range(5)]
    say(program.database, Listener(world, 3), SONGS, 150)
    shares: list[float] = []
    program.quiz.learning_changed.connect(lambda: shares.append(program.quiz.learning().share))
    program.learn()
    status = program.quiz.learning()
    assert status.error == ""
    assert status.verdict is not None
    assert status.verdict.adopted, status.verdict
    assert status.verdict.after > status.verdict.before
    assert max(shares) > 0.9
    after = [program.neighbours(row) for row in range(5)]
    assert after != before
    (version,) = program.quiz.registry.history()
    assert program.quiz.registry.active() == version
    assert version.answers == 120
    assert program.quiz.registry.path().parent == paths.personal_models
    shown = program.quiz.comparison.last()
    assert len(shown) == 5
    assert any(row.before != row.after for row in shown)

    program.quiz.models.use(None)
    program.settle()
    assert program.quiz.registry.active() is None
    assert [program.neighbours(row) for row in range(5)] == before

    program.quiz.models.use(version.id)
    program.settle()
    assert [program.neighbours(row) for row in range(5)] == after


@pytest.mark.slow
def test_what_was_adopted_is_there_after_a_restart(
    program: Personal, world: World, paths: Paths
) -> None:
    say(program.database, Listener(world, 3), SONGS, 150)
    program.learn()
    after = program.neighbours(7)
    with opened(paths, world.model) as again:
        assert again.quiz.registry.active() is not None
        assert again.neighbours(7) == after


@pytest.mark.slow
def test_answers_at_random_are_refused_with_a_reason(program: Personal, world: World) -> None:
    before = program.neighbours(0)
    say(program.database, Listener(world, 0, slip=1.0), SONGS, 60)
    program.learn()
    status = program.quiz.learning()
    assert status.verdict is not None
    assert not status.verdict.adopted
    assert status.verdict.reason
    assert program.quiz.registry.history() == []
    assert program.neighbours(0) == before


@pytest.mark.slow
def test_too_few_answers_are_reported(program: Personal, world: World) -> None:
    say(program.database, Listener(world, 0), SONGS, 8)
    program.learn()
    assert "too few" in program.quiz.learning().error


@pytest.mark.slow
def test_learning_can_be_cancelled(program: Personal, world: World) -> None:
    say(program.database, Listener(world, 3), SONGS, 150)
    program.quiz.learning_changed.connect(program.quiz.cancel_learning)
    program.learn()
    status = program.quiz.learning()
    assert not status.running
    assert "stopped" in status.error
    assert Embeddings(program.database).heads(BODY) == {HEAD: SONGS}


def test_without_the_trainer_all_else_works(
    program: Personal, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_process, "_NEEDED", ("torch", "a_package_that_nobody_has"))
    say(program.database, Listener(world, 3), SONGS, 40)
    assert program.quiz.progress().install_command == 'pip install "mecomp-desktop[train]"'
    program.learn()
    error = program.quiz.learning().error
    assert "a_package_that_nobody_has" in error
    assert 'pip install "mecomp-desktop[train]"' in error


@pytest.mark.slow
def test_progress_counts_toward_the_next_round(program: Personal, world: World) -> None:
    assert program.quiz.progress().new == 0
    say(program.database, Listener(world, 3), SONGS, 40)
    progress = program.quiz.progress()
    assert (progress.new, progress.wanted) == (40, ROUND)
    assert (progress.counts.learnable, progress.counts.held_back) == (32, 8)
    program.learn()
    assert program.quiz.progress().new == 0


def test_answers_can_be_listed_changed_and_removed(program: Personal, world: World) -> None:
    say(program.database, Listener(world, 3), SONGS, 3)
    newest, *_, oldest = program.quiz.answers.all()
    assert newest.tracks[0] is not None
    assert newest.tracks[0].audio_id == newest.judgment.trio[0]
    program.quiz.answers.change(newest.judgment.id, None)
    program.quiz.answers.remove([oldest.judgment.id])
    assert program.quiz.answers.settle(10)
    left = program.quiz.answers.all()
    assert len(left) == 2
    assert left[0].judgment.closest is None


@pytest.mark.parametrize("form", ["full", "paper"])
def test_answers_survive_export_and_import(
    program: Personal, world: World, tmp_path: Path, form: str
) -> None:
    say(program.database, Listener(world, 3), SONGS, 20)
    before = [(judgment.trio, judgment.closest) for judgment in Judgments(program.database).all()]
    path = tmp_path / "answers.csv"
    assert program.quiz.answers.export_to(path, form) == 20  # type: ignore[arg-type]
    program.quiz.answers.remove([judgment.judgment.id for judgment in program.quiz.answers.all()])
    assert program.quiz.answers.settle(10)
    assert program.quiz.answers.import_from(path) == "20 answers added."
    assert [
        (judgment.trio, judgment.closest) for judgment in Judgments(program.database).all()
    ] == before


def test_the_same_file_twice_adds_nothing(program: Personal, world: World, tmp_path: Path) -> None:
    say(program.database, Listener(world, 3), SONGS, 20)
    path = tmp_path / "answers.csv"
    program.quiz.answers.export_to(path, "full")
    counts_text = program.quiz.answers.import_from(path)
    assert counts_text == "0 answers added. 20 answers had been there already."
    assert len(program.quiz.answers.all()) == 20


def test_a_foreign_file_loses_nothing(program: Personal, world: World, tmp_path: Path) -> None:
    say(program.database, Listener(world, 3), SONGS, 5)
    path = tmp_path / "photo.csv"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(UserError, match="nothing was imported"):
        program.quiz.answers.import_from(path)
    assert len(program.quiz.answers.all()) == 5


def test_contradictions_are_kept_and_counted(program: Personal, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    rows = ["audio 1,audio 2,audio 3,1,2", "audio 3,audio 1,audio 2,2,3"]
    rows += ["audio 2,audio 1,audio 3,1,3"]
    path.write_text("\n".join(["song1,song2,song3,anchor,positive", *rows]))
    assert program.quiz.answers.import_from(path) == "3 answers added."
    counts = program.quiz.progress().counts
    assert (counts.total, counts.repeated, counts.contradictory) == (3, 1, 1)


@pytest.mark.slow
def test_exported_model_runs_by_itself(program: Personal, world: World, tmp_path: Path) -> None:
    say(program.database, Listener(world, 3), SONGS, 150)
    program.learn()
    path = tmp_path / "mine.onnx"
    lines = program.quiz.models.export_to(path)
    assert lines.splitlines() == ['kind = "embedding"', f'model_path = "{path}"']
    session = onnxruntime.InferenceSession(str(path))
    rng = np.random.default_rng(0)
    for batch, seconds in ((1, 1), (1, 180), (3, 5)):
        audio = 0.1 * rng.standard_normal((batch, seconds * 22_050)).astype(np.float32)
        (embedding,) = session.run(["embedding"], {"audio": audio})
        assert embedding.shape == (batch, 32)
        assert np.linalg.norm(embedding, axis=1) == pytest.approx(1, abs=1e-4)
    assert onnx.load(str(path)).opset_import[0].version >= 16


def test_model_with_another_head_is_taken_in(
    program: Personal, world: World, tmp_path: Path
) -> None:
    before = program.neighbours(0)
    head = np.random.default_rng(8).standard_normal((WIDTH, 32)).astype(np.float32)
    path = write_model(tmp_path / "theirs.onnx", head, "their-head")
    messages: list[str] = []
    program.quiz.models.notice.connect(messages.append)
    program.quiz.models.import_from(path)
    program.settle()
    assert messages == ["world is in use."]
    assert Embeddings(program.database).heads(BODY) == {"their-head": SONGS}
    assert program.neighbours(0) != before
    raw = world.pooled @ head
    _, vectors = Embeddings(program.database).matrix(BODY, "their-head")
    assert np.sort(vectors[:, 0]) == pytest.approx(
        np.sort((raw / np.linalg.norm(raw, axis=1, keepdims=True))[:, 0]), abs=1e-5
    )


def test_broken_model_is_refused(program: Personal, world: World, tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(world.model.read_bytes()[:1000])
    messages: list[str] = []
    program.quiz.models.notice.connect(messages.append)
    program.quiz.models.import_from(path)
    program.settle()
    assert len(messages) == 1
    assert "cannot be opened" in messages[0]
    assert program.quiz.registry.history() == []


@pytest.mark.nightly
@pytest.mark.slow
def test_killed_at_any_moment_the_library_is_of_one_model(
    paths: Paths, world: World, tmp_path: Path
) -> None:
    furnish(paths, world)
    with opened(paths, world.model) as program:
        say(program.database, Listener(world, 3), SONGS, 150)
    rng = np.random.default_rng(4)
    seen = set()
    for attempt in range(KILLS):
        home = tmp_path / f"run {attempt}"
        shutil.copytree(paths.config.parent, home)
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.support.personal_library", str(home), str(world.model)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(float(rng.uniform(0.1, LEARNS_AND_GOES_BACK_S)))
        child.kill()
        child.wait()
        child.stdout.close()
        head, vectors = one_state(Paths.below(home), world.model)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
        seen.add(head)
    assert HEAD in seen or len(seen) == 1


def test_undo_takes_back_only_this_sessions_answers(program: Personal, world: World) -> None:
    say(program.database, Listener(world, 3), SONGS, 2)
    assert not program.quiz.answers.undo()
    assert len(program.quiz.answers.all()) == 2
    assert Pair.of(2, 0) is Pair.FIRST_THIRD
