"""``python -m trainer ablations DATA``: the papers' experiments, as one resumable command.

Every run goes through the command that stands in its ``output.txt``, in a process of its own on
one thread. Runs that are finished are not run again; ``--table`` runs nothing at all.
"""

import argparse
import json
import shlex
from pathlib import Path

from mecomp_desktop.contracts.model_file import DEFAULT_SAMPLE_RATE_HZ
from trainer.commands import train
from trainer.commands.common import (
    EVAL_JUDGMENTS,
    EVAL_REPEATS,
    add_cache_options,
    open_cache,
    print_line,
)
from trainer.commands.options import settings_from
from trainer.config import DataConfig
from trainer.data.human_triplets import has_human
from trainer.data.prepare import Prepared, prepare
from trainer.errors import TrainingError
from trainer.evaluation.eval_set import make_eval_set
from trainer.evaluation.evaluate import evaluate, mfcc_embedder
from trainer.recipes.papers.plan import BASELINE, QUESTIONS, Question, chosen_questions, needed_arms
from trainer.recipes.papers.results import read_results, table_lines, write_results
from trainer.recipes.papers.runs import AblationSettings, ArmRun, Report, make_tasks, run_all
from trainer.training.run_folder import RunFolder

SETTINGS = "settings.json"


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("runs/ablations"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="(default: 0 1 2)")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="QUESTION", help=f"of {', '.join(QUESTIONS)}"
    )
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time (default: 1)")
    parser.add_argument("--max-epochs", type=int, default=12, help="of every run (default: 12)")
    parser.add_argument(
        "--clip-s", type=float, default=15.0, help="of a clip, in training (001: 15)"
    )
    parser.add_argument(
        "--measured-s", type=float, default=29.0, help="of a clip, in measuring (001: 29)"
    )
    parser.add_argument("--judgments", type=Path, help="as of `finetune`; for the stages")
    parser.add_argument("--dry-run", action="store_true", help="only show what would be run")
    parser.add_argument("--table", action="store_true", help="only make the tables again")
    add_cache_options(parser.add_argument_group("machine"))
    parser.add_argument(
        "--also", nargs=argparse.REMAINDER, default=[], help="last: further options of `train`"
    )


def run(args: argparse.Namespace) -> int:
    """Runs what is missing, then prints the tables and writes them as Markdown and JSON."""
    questions = chosen_questions(args.only)
    settings = _settings(args)
    tasks = make_tasks(needed_arms(questions), args.seeds)
    if args.dry_run:
        return _show(tasks, settings)
    failed: list[ArmRun] = []
    if not args.table:
        _check_same(settings)
        prepared = _prepare(args)
        questions = _possible(questions, prepared, args.judgments)
        tasks = make_tasks(needed_arms(questions), args.seeds)
        _measure_baseline(prepared, args)
        failed = run_all(tasks, settings, args.jobs, _reporter(len(tasks)))
    results = read_results(questions, args.seeds, settings)
    lines = table_lines(questions, results)
    with RunFolder(args.out) as folder:
        folder.write("ablations.json", {"settings": settings.to_dict(), "questions": results})
    write_results(args.out, lines)
    print_line("\n".join(lines))
    return 1 if failed else 0


def _settings(args: argparse.Namespace) -> AblationSettings:
    cache = ["--cache-gb", str(args.cache_gb)]
    cache += ["--cache", str(args.cache)] if args.cache else []
    return AblationSettings(
        data=args.data,
        folder=args.out,
        clip_s=args.clip_s,
        measured_s=args.measured_s,
        max_epochs=args.max_epochs,
        judgments=args.judgments,
        also=tuple(args.also),
        cache=tuple(cache),
    )


def _show(tasks: list[ArmRun], settings: AblationSettings) -> int:
    for task in tasks:
        done = "  # done" if task.is_done(settings) else ""
        for command in task.commands(settings):
            print_line(f"python -m trainer {shlex.join(command)}{done}")
    return 0


def _check_same(settings: AblationSettings) -> None:
    """Makes sure that a table compares like with like."""
    path, now = settings.folder / SETTINGS, settings.to_dict()
    before = json.loads(path.read_text("utf-8")) if path.is_file() else now
    changed = [
        f"{name} {before.get(name)} → {value}"
        for name, value in now.items()
        if before.get(name) != value
    ]
    if changed:
        raise TrainingError(
            f"{settings.folder} holds ablations with other settings ({', '.join(changed)}); "
            "choose another folder"
        )
    with RunFolder(settings.folder) as folder:
        folder.write(SETTINGS, now)


def _prepare(args: argparse.Namespace) -> Prepared:
    """Prepares the data as every run will, so that what is decoded is decoded once."""
    # Parsed as train itself does, so that split and triplets are those that the runs will have.
    parser = argparse.ArgumentParser("--also")
    train.add_parser(parser)
    options = parser.parse_args([str(args.data), *args.also])
    config = settings_from(DataConfig, options, folder=str(args.data), seed=options.split_seed)
    prepared = prepare(config, open_cache(args, DEFAULT_SAMPLE_RATE_HZ))
    for place, trouble in prepared.skipped.items():
        print_line(f"skipped {place}: {trouble}")
    return prepared


def _possible(
    questions: list[Question], prepared: Prepared, judgments: Path | None
) -> list[Question]:
    """Leaves out what takes human judgments where there are none."""
    if has_human(prepared, judgments):
        return questions
    for question in questions:
        if question.human:
            print_line(f"{question.name}: left out, {prepared.music.name} has no human judgments")
    return [question for question in questions if not question.human]


def _measure_baseline(prepared: Prepared, args: argparse.Namespace) -> None:
    """Measures MFCC as every run is measured; nothing is learned, so once will do."""
    eval_set = make_eval_set(prepared, args.judgments, EVAL_JUDGMENTS, EVAL_REPEATS)
    with RunFolder(args.out) as folder:
        found = evaluate(mfcc_embedder(prepared.cache, args.measured_s), eval_set)
        folder.write(f"{BASELINE}.json", found)


def _reporter(total: int) -> Report:
    """Says of every task that it is done, or what went wrong."""
    count = 0

    def report(task: ArmRun, trouble: str) -> None:
        nonlocal count
        count += 1
        print_line(f"{count}/{total} {task.arm.name}, seed {task.seed}: {trouble or 'done'}")

    return report
