"""From finished runs to tables: what the paper found, and what came out here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trainer.recipes.papers.plan import ARMS, BASELINE, Question
from trainer.recipes.papers.runs import METRICS, AblationSettings, ArmRun

RETRIEVAL = ("MRR", "MAP", "P@1", "P@5", "P@9")
Values = dict[str, float]


def read_results(
    questions: Sequence[Question], seeds: Sequence[int], settings: AblationSettings
) -> dict[str, Any]:
    """Every question with what its arms came to, as plain values.

    An arm's ``measures`` hold mean and deviation over the seeds that are done, and the mean
    difference from the paper's choice over the seeds that both have. One seed has no deviation.
    """
    return {question.name: _answer(question, seeds, settings) for question in questions}


def _answer(question: Question, seeds: Sequence[int], settings: AblationSettings) -> dict[str, Any]:
    every = {
        label: {seed: values for seed in seeds if (values := _measured(arm, seed, settings))}
        for label, arm in question.arms.items()
        if arm != BASELINE
    }
    chosen = next(iter(every.values()))
    measures = {
        label: {
            name: _spread(runs, name) | _difference(runs, chosen, name) for name in _known(runs)
        }
        for label, runs in every.items()
    }
    if BASELINE in question.arms:
        measures[BASELINE] = _baseline(settings, chosen)
    return {
        "source": question.source,
        "the paper found": question.found,
        "arms": {
            label: {
                "seeds": sorted(every.get(label, {})),
                "measures": measures[label],
                "reported": dict(question.reported.get(label, {})),
            }
            for label in question.arms
        },
    }


def _measured(arm: str, seed: int, settings: AblationSettings) -> Values | None:
    """What one run came to; None while it is not done."""
    task = ArmRun(ARMS[arm], seed)
    if not task.is_done(settings):
        return None
    folder = task.folder(settings)
    training = json.loads((folder / "training.json").read_text("utf-8"))
    metrics = json.loads((folder / METRICS).read_text("utf-8"))
    values = {name: each["mean"] for name, each in _from_metrics(metrics).items()}
    return values | {
        "validation": training["best_validation_accuracy"],
        "minutes": training["seconds"] / 60,
        "epochs": training["epochs"],
    }


def _baseline(settings: AblationSettings, chosen: Mapping[int, Values]) -> dict[str, Values]:
    """What MFCC came to; nothing is learned, so the deviation is that over excerpts."""
    path = settings.folder / f"{BASELINE}.json"
    if not path.is_file():
        return {}
    figures = _from_metrics(json.loads(path.read_text("utf-8")))
    every = {name: dict.fromkeys(chosen, each["mean"]) for name, each in figures.items()}
    return {
        name: each
        | _difference({seed: {name: mean} for seed, mean in every[name].items()}, chosen, name)
        for name, each in figures.items()
    }


def _from_metrics(metrics: Mapping[str, Any]) -> dict[str, Values]:
    """By measure, mean and deviation over excerpts."""
    kinds = metrics["triplets"]
    triplets = {f"{kind} triplets": scores["accuracy"] for kind, scores in kinds.items()}
    return triplets | {name: metrics["retrieval"][name] for name in RETRIEVAL}


def _known(runs: Mapping[int, Values]) -> list[str]:
    return list(next(iter(runs.values()))) if runs else []


def _spread(runs: Mapping[int, Values], name: str) -> Values:
    values = [run[name] for run in runs.values()]
    return {"mean": float(np.mean(values))} | _deviation("deviation", values)


def _difference(runs: Mapping[int, Values], chosen: Mapping[int, Values], name: str) -> Values:
    """How far from the paper's choice, over the seeds that both have."""
    both = [seed for seed in runs if seed in chosen and name in chosen[seed]]
    # Differences are taken seed by seed: what a seed does to the split of batches is then in both,
    # and cancels.
    if runs is chosen or not both:
        return {}
    apart = [runs[seed][name] - chosen[seed][name] for seed in both]
    return {"difference": float(np.mean(apart))} | _deviation("difference deviation", apart)


def _deviation(name: str, values: Sequence[float]) -> Values:
    """Under that name, if there is more than one: a single run says nothing about it."""
    return {name: float(np.std(values))} if len(values) > 1 else {}


def table_lines(questions: Sequence[Question], results: Mapping[str, Any]) -> list[str]:
    """Markdown: first all answers side by side, then a table for each question."""
    lines = ["| question | what the paper found | what we found |", "|" + " --- |" * 3]
    lines += [
        f"| {question.name} ({question.source}) | {question.found} | "
        f"{_in_short(question, results[question.name]['arms'])} |"
        for question in questions
    ]
    for question in questions:
        lines += ["", f"### {question.name}", ""]
        lines += _details(question, results[question.name]["arms"])
    return lines


def _in_short(question: Question, arms: Mapping[str, Any]) -> str:
    deciding = question.measures[0]
    parts = [
        f"{label} {_cell(arm['measures'].get(deciding))}"
        for label, arm in arms.items()
        if deciding in arm["measures"]
    ]
    return f"{deciding}: {', '.join(parts)}" if parts else "not run yet"


def _details(question: Question, arms: Mapping[str, Any]) -> list[str]:
    chosen, deciding = next(iter(arms)), question.measures[0]
    header = [question.name]
    for name in question.measures:
        header += [f"{name}, the paper"] if _is_reported(question, name) else []
        header.append(name)
    header += [f"{deciding} against {chosen}", "seeds", "minutes a run"]
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for label, arm in arms.items():
        cells = [label]
        for name in question.measures:
            if _is_reported(question, name):
                cells.append(_figure(arm["reported"].get(name)))
            cells.append(_cell(arm["measures"].get(name)))
        measured = arm["measures"]
        cells += [_signed(measured.get(deciding)), str(len(arm["seeds"]) or "–")]
        cells.append(f"{measured['minutes']['mean']:.1f}" if "minutes" in measured else "–")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _is_reported(question: Question, measure: str) -> bool:
    return any(measure in figures for figures in question.reported.values())


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _cell(value: Values | None) -> str:
    if value is None:
        return "–"
    return f"{value['mean']:.3f}" + _give_or_take(value.get("deviation"))


def _signed(value: Values | None) -> str:
    if value is None or "difference" not in value:
        return "–"
    return f"{value['difference']:+.3f}" + _give_or_take(value.get("difference deviation"))


def _give_or_take(deviation: float | None) -> str:
    return "" if deviation is None else f" ± {deviation:.3f}"


def write_results(folder: Path, lines: Sequence[str]) -> Path:
    """Writes the tables as ``ablations.md``."""
    path = folder / "ablations.md"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
