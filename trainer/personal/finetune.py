"""From answers and stored summaries to a personal head and its measurement."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from mecomp_desktop.arrays import Floats, Rows
from mecomp_desktop.contracts import model_file
from mecomp_desktop.contracts.linear_probe import read_linear_probe
from mecomp_desktop.contracts.training_job import (
    BASE_HEAD_FILE,
    HEAD_FILE,
    MODEL_FILE,
    CheckedAnswer,
    read_vectors,
)
from trainer.errors import DataError, ExportError
from trainer.export.onnx_export import open_session
from trainer.personal import agreement, head_graph
from trainer.personal.head import PersonalHead, build_head
from trainer.personal.metric_learner import LearnerConfig, learn_metrics
from trainer.personal.questions import Questions, read_questions
from trainer.personal.space import Space, build_space, side_by_side

# Two spaces that weigh the summaries differently, learned apart and laid side by side: steadier
# than either, and no choice has to be made from a few answers.
_POOLED_SHARES = (0.25, 0.55)
_MIN_ANSWERS = 10

StageReporter = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Library:
    """The app's vectors: ``pooled [n, width]``, and the base model's ``embedding [n, dimension]``.

    Attributes:
        probe: ``[width, qualities]``, reads audible qualities from summaries, if the model can.
    """

    pooled: Floats
    embedding: Floats
    probe: Floats | None = None


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A personal head, the hash that names it, and what was measured."""

    head: PersonalHead
    head_hash: str
    outcomes: list[CheckedAnswer]


def learn(
    library: Library,
    questions: Questions,
    base_head_hash: str,
    config: LearnerConfig,
    seed: int,
    report: StageReporter,
) -> TrainingResult:
    """Learns a head, and measures heads learned without each tenth of the answers.

    Raises:
        DataError: There are too few answers to learn from.
    """
    usable = int((~questions.held_back).sum())
    if usable < _MIN_ANSWERS:
        raise DataError(f"{usable} answers are too few to learn from; {_MIN_ANSWERS} are the least")
    # The head that is kept learns from all answers, so it cannot be judged by any of them: ten
    # others, each without a tenth, are judged in its place.
    folds = agreement.folds_of(questions, seed)
    weights = agreement.fold_weights(folds)
    learned: list[tuple[Space, Floats]] = []
    for number, share in enumerate(_POOLED_SHARES):
        report(0.1 + 0.7 * number / len(_POOLED_SHARES), "learning")
        space = build_space(library.embedding, library.pooled, share, library.probe)
        places = space.place(library.embedding, library.pooled)
        learned.append((space, learn_metrics(places, questions, weights, config)))
    report(0.8, "measuring")
    heads = [_head(library, learned, fit) for fit in range(len(weights))]
    outcomes = _outcomes(library, questions, folds, heads)
    return TrainingResult(heads[-1], heads[-1].digest(base_head_hash), outcomes)


def _head(library: Library, learned: list[tuple[Space, Floats]], fit: int) -> PersonalHead:
    metric = side_by_side([space.then(maps[fit]) for space, maps in learned])
    return build_head(metric, library.embedding, library.pooled)


def _outcomes(
    library: Library, questions: Questions, folds: Rows, heads: list[PersonalHead]
) -> list[CheckedAnswer]:
    rows, inverse = np.unique(questions.trios, return_inverse=True)
    trios = inverse.reshape(questions.trios.shape)
    embedding, pooled = library.embedding[rows], library.pooled[rows]
    before = agreement.squared_distances(embedding, trios)
    after = np.empty_like(before)
    for fold in np.unique(folds):
        # The last head has seen every fold but none of the answers held back.
        vectors = heads[int(fold)].embed(embedding, pooled)
        in_fold = folds == fold
        after[in_fold] = agreement.squared_distances(vectors, trios[in_fold])
    gain = agreement.log_likelihood(after, questions.chosen, folds)
    gain -= agreement.log_likelihood(before, questions.chosen, folds)
    return [
        CheckedAnswer(bool(held), bool(was), bool(now), float(more), int(line))
        for line, held, was, now, more in zip(
            questions.lines,
            questions.held_back,
            agreement.agrees(before, questions.chosen),
            agreement.agrees(after, questions.chosen),
            gain,
            strict=True,
        )
    ]


def read_library(path: Path, base_head: Path) -> tuple[dict[str, int], Library]:
    """Reads ``ids`` and ``pooled`` from an ``.npz`` file and runs the base head over them.

    Raises:
        DataError: The file is not one that the app wrote, or does not fit the model.
    """
    try:
        ids, pooled = read_vectors(path)
    except (OSError, KeyError, ValueError) as problem:
        raise DataError(f"{path}: not a file of summaries ({problem})") from problem
    if pooled.ndim != 2 or len(ids) != len(pooled) or len(ids) < 3:
        raise DataError(f"{path}: {len(ids)} names for summaries of shape {pooled.shape}")
    if not np.isfinite(pooled).all():
        raise DataError(f"{path}: some of its summaries are not finite")
    session = open_session(base_head)
    try:
        (embedding,) = session.run(
            [model_file.OUTPUT_EMBEDDING], {model_file.OUTPUT_POOLED: pooled}
        )
    except onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument as problem:
        raise DataError(f"{path}: its summaries are not of this model ({problem})") from problem
    return {name: row for row, name in enumerate(ids)}, Library(pooled, embedding)


def finetune(
    model_path: Path, judgments: Path, pooled: Path, out: Path, seed: int, report: StageReporter
) -> TrainingResult:
    """Learns from a table of answers; writes the model, its head and the base head to ``out``.

    Raises:
        DataError: Answers or summaries cannot be used.
        ExportError: The model's head cannot be built upon, or the files differ from the maths.
    """
    report(0.02, "reading")
    model = head_graph.load(model_path)
    base_head = head_graph.extract_head(model)
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(base_head, str(out / BASE_HEAD_FILE))
    row_of, library = read_library(pooled, out / BASE_HEAD_FILE)
    questions = read_questions(judgments, row_of)
    properties = head_graph.properties_of(model)
    library = replace(library, probe=read_linear_probe(properties, library.pooled.shape[1]))
    base_hash = properties.get(model_file.META_HEAD_HASH, "")
    learned = learn(library, questions, base_hash, LearnerConfig(), seed, report)
    report(0.9, "writing")
    answers = int((~questions.held_back).sum())
    name = f"{properties.get(model_file.META_NAME, 'model')}, tuned by {answers} answers"
    recipe = f"head learned from {answers} answers of one listener, without audio"
    for source, file in ((model, MODEL_FILE), (base_head, HEAD_FILE)):
        built = head_graph.build_upon(source, learned.head)
        head_graph.describe(built, learned.head_hash, name, recipe)
        onnx.save(built, str(out / file))
    check_files(out, library, learned.head)
    report(1.0, "done")
    return learned


def check_files(out: Path, library: Library, head: PersonalHead) -> None:
    """Compares the head's file with the maths it was written from.

    Raises:
        ExportError: They differ.
    """
    # The file goes into the player; a head that computes something else would place every song
    # wrongly, and nobody would see why.
    sample = replace(library, pooled=library.pooled[:256], embedding=library.embedding[:256])
    (found,) = open_session(out / HEAD_FILE).run(
        [model_file.OUTPUT_EMBEDDING], {model_file.OUTPUT_POOLED: sample.pooled}
    )
    difference = float(np.abs(found - head.embed(sample.embedding, sample.pooled)).max())
    if not difference < 1e-4:
        raise ExportError(f"{out / HEAD_FILE}: differs from what was learned: {difference:.2g}")
