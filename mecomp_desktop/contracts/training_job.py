"""The training job: what the app gives the trainer's child process, and what comes back.

The app writes the answers (see ``answers_file``) and the stored vectors into a folder, starts
``python -m trainer finetune`` with :func:`arguments`, reads one JSON object a line from its
standard output while it runs, and in the end :data:`RESULT_FILE` and the three model files. Both
sides use the functions here, so that neither can change a name alone.
"""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts.evaluation import Outcome

MODEL_FILE, HEAD_FILE, BASE_HEAD_FILE = "model.onnx", "head.onnx", "base-head.onnx"
RESULT_FILE = "result.json"
_ANSWERS_FILE, _VECTORS_FILE = "answers.csv", "pooled.npz"

COMMAND = "finetune"
OPTION_ANSWERS, OPTION_VECTORS = "--judgments", "--pooled"
OPTION_MODEL, OPTION_OUT = "--model", "--out"


@dataclass(frozen=True, slots=True)
class CheckedAnswer(Outcome):
    """What two models that had not seen an answer make of it.

    Attributes:
        line: Its row in the file of answers, counted from 1 below the header.
    """

    line: int


@dataclass(frozen=True, slots=True)
class JobResult:
    """What was learned.

    Attributes:
        head_hash: Names the new head.
        answers: Those that could be checked.
    """

    head_hash: str
    answers: list[CheckedAnswer]


def answers_path(folder: Path) -> Path:
    """Return where a job's answers lie."""
    return folder / _ANSWERS_FILE


def vectors_path(folder: Path) -> Path:
    """Return where a job's stored vectors lie."""
    return folder / _VECTORS_FILE


def arguments(folder: Path, model: Path) -> list[str]:
    """Return the trainer's command line for the job in a folder, without the interpreter.

    Args:
        folder: Holds answers and vectors; the result goes there as well.
        model: The model file to build upon.
    """
    files = {
        OPTION_ANSWERS: answers_path(folder),
        OPTION_VECTORS: vectors_path(folder),
        OPTION_MODEL: model,
        OPTION_OUT: folder,
    }
    return [COMMAND, *(part for option, path in files.items() for part in (option, str(path)))]


def write_vectors(path: Path, ids: Sequence[str], pooled: Floats) -> None:
    """Write the library's vectors: ``pooled [n, width]``, and what answers call each recording."""
    np.savez(path, ids=np.array(ids, dtype=np.str_), pooled=pooled)


def read_vectors(path: Path) -> tuple[list[str], Floats]:
    """Read what :func:`write_vectors` wrote.

    Raises:
        OSError: It cannot be opened.
        KeyError: It lacks one of the two.
        ValueError: It is no such file, or holds Python objects.
    """
    with np.load(path, allow_pickle=False) as file:
        return [str(name) for name in file["ids"]], file["pooled"].astype(np.float32)


def progress_line(share: float, stage: str) -> str:
    """Return a line for standard output: how far the job is, 0 to 1, and what it does."""
    return json.dumps({"progress": round(share, 3), "stage": stage})


def read_progress(line: str) -> float | None:
    """Return the share of a progress line; ``None`` for what a library prints in between."""
    try:
        return float(json.loads(line)["progress"])
    except (ValueError, KeyError, TypeError):
        return None


def write_result(folder: Path, result: JobResult) -> None:
    """Write the result, after everything else that the job leaves.

    In one step: a folder without it is that of a job that did not end.
    """
    values = {
        "head_hash": result.head_hash,
        "outcomes": [dataclasses.asdict(answer) for answer in result.answers],
    }
    draft = folder / f"{RESULT_FILE}.part"
    draft.write_text(json.dumps(values), encoding="utf-8")
    draft.replace(folder / RESULT_FILE)


def read_result(folder: Path) -> JobResult:
    """Read what :func:`write_result` wrote."""
    values = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
    return JobResult(values["head_hash"], [CheckedAnswer(**each) for each in values["outcomes"]])
