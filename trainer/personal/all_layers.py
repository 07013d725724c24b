"""The whole network, fine-tuned with audio on one listener's answers; kept only if it is better.

The training is stage 2 of 001 (III.B) on the listener's answers. Before and after are measured
as the app embeds: the exported files, run over the same excerpts, on answers kept from learning.
"""

import dataclasses
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mecomp_desktop.analysis.embedder import SoundEmbedder
from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import evaluation, model_file
from mecomp_desktop.contracts.training_job import MODEL_FILE, RESULT_FILE
from mecomp_desktop.domain.model_version import Verdict
from trainer.config import DataConfig, StageConfig
from trainer.data.answers import Answer
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip, MusicSet
from trainer.data.loader import readable
from trainer.data.prepare import Prepared
from trainer.data.splits import Split
from trainer.errors import DataError, TrainingError
from trainer.export.onnx_export import export_onnx
from trainer.personal import agreement, head_graph
from trainer.personal.answer_split import split_answers
from trainer.training.checkpoint import BEST, Checkpoint, load_checkpoint
from trainer.training.stages import StageJob, run_stage

if TYPE_CHECKING:
    from lightning_fabric import Fabric


@dataclass(frozen=True, slots=True)
class FineTuningJob:
    """What is learned from.

    Attributes:
        start: Where it goes on from: a run's folder, a checkpoint, or an exported model file.
        answers: The listener's answers.
        clips: The songs, by what the answers call them; answers about others are left out.
        stage: How it is trained.
        cache: Decoded audio.
        out: The run's folder.
        resume: Go on from the last checkpoint there.
    """

    start: Path
    answers: Sequence[Answer]
    clips: dict[str, Clip]
    stage: StageConfig
    cache: AudioCache
    out: Path
    resume: bool


def fine_tune(task: FineTuningJob, fabric: "Fabric") -> Verdict:
    """Trains, measures, and writes ``model.onnx`` if it is better; the verdict says so, or why not.

    Raises:
        DataError: There are too few answers about songs that can be decoded.
        TrainingError: There is nothing to start from, or see :func:`trainer.training.epochs.train`.
        ExportError: See :func:`trainer.export.onnx_export.export_onnx`.
    """
    start = find_start(task.start)
    good, broken = readable(task.cache, list(task.clips.values()))
    clips = {clip.key: clip for clip in good}
    answers = [answer for answer in task.answers if set(answer.songs) <= clips.keys()]
    if not answers:
        raise DataError(f"of {len(task.answers)} answers none is about songs that were found")
    measured, triplets = split_answers(answers, task.stage.seed)
    music = MusicSet("answers", good, skipped=broken)
    prepared = Prepared(music, task.cache, clips, Split(good, (), ()), triplets, broken)
    job = StageJob(
        fabric=fabric,
        model=start.model(),
        model_config=start.model_config,
        data_config=DataConfig(),
        stage=task.stage,
        prepared=prepared,
        triplets=triplets,
        folder=task.out,
        parent=str(task.start),
    )
    run_stage(job, task.resume)
    return _conclude(task, start, clips, measured, len(triplets.train) // 2)


def find_start(path: Path) -> Checkpoint:
    """Loads what an exported file was made from, or a run's best checkpoint.

    Beside an exported file lie its weights, ``.pt``; the hash in the file tells whether they are.

    Raises:
        TrainingError: There are none, or they are another model's.
    """
    if path.suffix != ".onnx":
        return load_checkpoint(path / BEST if path.is_dir() else path)
    candidates = [path.with_suffix(".pt"), path.parent / BEST]
    weights = next((path for path in candidates if path.is_file()), None)
    if weights is None:
        raise TrainingError(
            f"{path}: its weights for training ({candidates[0].name}) do not lie beside it; give "
            "the run that it was exported from"
        )
    checkpoint = load_checkpoint(weights)
    info = load_model(path).info
    if checkpoint.model().body_hash() != info.body_hash:
        raise TrainingError(f"{weights}: these are not the weights of {path.name}")
    return checkpoint


def _conclude(
    task: FineTuningJob,
    start: Checkpoint,
    clips: dict[str, Clip],
    measured: list[Answer],
    learned: int,
) -> Verdict:
    best = load_checkpoint(task.out / BEST)
    drafts = [task.out / "before" / MODEL_FILE, task.out / "after" / MODEL_FILE]
    config = start.model_config
    recipe = f"all layers, from {learned} answers of one listener, with audio"
    name = f"{config.architecture}, tuned by {learned} answers"
    # Both through the exporter: the listener compares what the app would compute, and rounding to 8
    # bits is part of it.
    for checkpoint, draft in zip((start, best), drafts, strict=True):
        export_onnx(checkpoint.model(), config, draft, name, recipe, trained=True)
    outcomes = _outcomes(drafts[0], drafts[1], clips, measured)
    verdict = evaluation.judge(outcomes)
    _write_result(task.out, verdict)
    target = task.out / MODEL_FILE
    # One of an earlier run: if this one is not better there must be none to import.
    target.unlink(missing_ok=True)
    if verdict.adopted:
        model = head_graph.load(drafts[1])
        text = evaluation.pack_verdict(verdict, learned)
        head_graph.add_property(model, model_file.META_VERDICT, text)
        head_graph.save(model, drafts[1])
        drafts[1].with_suffix(".pt").replace(target.with_suffix(".pt"))
        drafts[1].replace(target)
    for draft in drafts:
        shutil.rmtree(draft.parent)
    return verdict


def _outcomes(
    before: Path, after: Path, clips: dict[str, Clip], measured: list[Answer]
) -> list[evaluation.Outcome]:
    """Asks both files every question that was kept from learning."""
    songs = sorted({song for answer in measured for song in answer.songs})
    row_of = {song: row for row, song in enumerate(songs)}
    trios = np.array([[row_of[song] for song in answer.songs] for answer in measured])
    chosen = np.array([int(answer.closest) for answer in measured])
    # Folds here only choose the sharpness that each answer is judged with, on the other answers.
    folds = np.arange(len(chosen)) % agreement.FOLDS
    sides = [
        agreement.squared_distances(_embed(model, [clips[song] for song in songs]), trios)
        for model in (before, after)
    ]
    expected = [agreement.log_likelihood(squares, chosen, folds) for squares in sides]
    agreed = [agreement.agrees(squares, chosen) for squares in sides]
    return [
        evaluation.Outcome(answer.held_back, bool(was), bool(now), float(more))
        for answer, was, now, more in zip(measured, *agreed, expected[1] - expected[0], strict=True)
    ]


def _embed(path: Path, clips: Sequence[Clip]) -> Floats:
    model = load_model(path)
    return np.stack([SoundEmbedder(model, DEFAULT_POLICY).embed(clip.path)[0] for clip in clips])


def _write_result(folder: Path, verdict: Verdict) -> None:
    draft = folder / f"{RESULT_FILE}.part"
    draft.write_text(json.dumps(dataclasses.asdict(verdict), indent=2) + "\n", "utf-8")
    draft.replace(folder / RESULT_FILE)
