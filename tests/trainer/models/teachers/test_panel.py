import numpy as np
import pytest
import torch

from tests.trainer.models.teachers.arrays import write_teachers
from trainer.models.teachers.panel import EXCERPT_SAMPLES, Panel, cut, judge


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    return Panel(write_teachers(tmp_path_factory.mktemp("teachers")), ("crnn_msd", "musicnn_msd"))


@pytest.mark.slow
def test_every_excerpt_gets_an_answer_of_every_teacher(panel: Panel) -> None:
    audio = np.random.default_rng(1).standard_normal(EXCERPT_SAMPLES * 2).astype(np.float32) * 0.1
    outputs = panel.outputs(audio)
    assert {name: pair[1].shape for name, pair in outputs.items()} == {
        "crnn_msd": (2, 32),
        "musicnn_msd": (2, 200),
    }
    alone = panel.outputs(audio[EXCERPT_SAMPLES:])
    for name, (logits, embeddings) in outputs.items():
        np.testing.assert_allclose(logits[1:], alone[name][0], atol=1e-4)
        np.testing.assert_allclose(embeddings[1:], alone[name][1], atol=1e-4)


def test_denormal_numbers_count_again_afterwards(panel: Panel) -> None:
    """Whatever else the thread computes must not change: a query may compare with 0."""
    panel.outputs(np.full(EXCERPT_SAMPLES, 1e-3, np.float32))
    smallest = torch.tensor(5e-324, dtype=torch.float64)
    assert bool(smallest * 1.0 > 0)


def test_pieces_are_averaged_as_a_loop_does(panel: Panel) -> None:
    teacher = panel.teachers["musicnn_msd"]
    excerpts = torch.randn(2, 3 * teacher.piece_samples + 5) * 0.1
    with torch.inference_mode():
        got = judge(teacher, excerpts)
        length = teacher.piece_samples
        for row in range(2):
            pieces = [
                teacher(excerpts[row : row + 1, start * length : (start + 1) * length])
                for start in range(3)
            ]
            expected = torch.stack([piece.logits[0] for piece in pieces]).mean(0)
            torch.testing.assert_close(got.logits[row], expected, atol=1e-4, rtol=1e-4)


def test_excerpts_cover_what_is_there() -> None:
    audio = np.arange(25, dtype=np.float32)
    assert cut(audio, 10)[:, 0].tolist() == [0, 10]
    assert cut(np.arange(26, dtype=np.float32), 10)[:, 0].tolist() == [0, 10, 16]
    assert cut(np.arange(4, dtype=np.float32), 10)[0].tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]


def test_quiet_music_is_judged_too(panel: Panel) -> None:
    outputs = panel.outputs(np.full(1_000, 1e-20, np.float32))
    assert all(np.isfinite(logits).all() for logits, _ in outputs.values())
