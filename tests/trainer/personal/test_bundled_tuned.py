"""The bundled model, tuned to a listener: the file that comes out, fed as other programs feed it.

Its body leaves out the silence that fills a shorter row of a batch; the new head must too.
"""

import csv
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.contracts.training_job import MODEL_FILE
from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.paths import resource
from tests.support.listeners import any_questions, squared_sides
from tests.trainer.music import GENRES, RATE_HZ, tone
from trainer.personal.finetune import finetune

EACH, CLIP_S, ANSWERS = 8, 3.0, 60
MIXED_S = (2.0, 3.5, 9.25, 9.0)
BASE = resource(BUNDLED_MODEL)


def open_model(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def embed(session: onnxruntime.InferenceSession, audio: Floats) -> Floats:
    """Feeds nothing but ``audio`` and reads nothing but ``embedding``."""
    (embedding,) = session.run(["embedding"], {"audio": audio})
    found: Floats = embedding
    return found


def piece(seconds: float, seed: int) -> Floats:
    """Something of everything: each genre in its turn, a second at a time."""
    parts = [tone(genre, seed, seconds) for genre in GENRES]
    turn = (np.arange(len(parts[0])) // RATE_HZ + seed) % len(parts)
    return np.choose(turn, parts).astype(np.float32)


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> onnxruntime.InferenceSession:
    """The model of somebody who hears nothing but how bright a clip is."""
    folder = tmp_path_factory.mktemp("tuned")
    clips = [tone(genre, seed, CLIP_S) for genre in GENRES for seed in range(EACH)]
    names = [f"clip {number}" for number in range(len(clips))]
    _, pooled = load_model(BASE).embed(np.stack(clips))
    np.savez(folder / "pooled.npz", ids=np.array(names), pooled=pooled)
    bright = np.array([[np.log(np.abs(np.diff(clip)).mean())] for clip in clips])
    trios = any_questions(ANSWERS, len(clips), 0)
    closest = squared_sides(bright.astype(np.float64), trios).argmin(axis=1)
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["song1", "song2", "song3", "anchor", "positive", "held_back"])
        for number, (trio, pair) in enumerate(zip(trios, closest, strict=True)):
            members = [place + 1 for place in Pair(int(pair)).members]
            table.writerow([*(names[row] for row in trio), *members, int(number % 5 == 4)])
    out = folder / "out"
    finetune(BASE, folder / "answers.csv", folder / "pooled.npz", out, 0, lambda *_: None)
    return open_model(out / MODEL_FILE)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1.0, 180.0])
def test_gives_a_unit_vector_for_any_length(
    tuned: onnxruntime.InferenceSession, seconds: float
) -> None:
    audio = piece(seconds, 5)[None]
    found = embed(tuned, audio)
    assert found.shape == (1, load_model(BASE).info.dimension)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    # It has learned something: it is not the base model under another name.
    assert np.abs(found - embed(open_model(BASE), audio)).max() > 0.05


def test_a_batch_of_mixed_lengths_gives_what_each_row_gives_alone(
    tuned: onnxruntime.InferenceSession,
) -> None:
    rows = [piece(seconds, number) for number, seconds in enumerate(MIXED_S)]
    batch = np.zeros((len(rows), max(map(len, rows))), np.float32)
    for place, row in enumerate(rows):
        batch[place, : len(row)] = row
    together = embed(tuned, batch)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    alone = np.concatenate([embed(tuned, row[None]) for row in rows])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    # Rows are told apart, so that equality says something.
    assert np.abs(together[0] - together[1]).max() > 0.01
