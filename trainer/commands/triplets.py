"""``python -m trainer triplets DATA``: draw triplets and write them down."""

import argparse
from pathlib import Path

import numpy as np

from mecomp_desktop.contracts.answers_file import PAPER_COLUMNS
from mecomp_desktop.contracts.model_file import DEFAULT_SAMPLE_RATE_HZ
from trainer.commands.common import EVAL_JUDGMENTS, add_machine_options, open_cache, print_line
from trainer.commands.options import add_settings, settings_from
from trainer.config import DataConfig
from trainer.data.human_triplets import human_triplets
from trainer.data.prepare import Prepared, prepare
from trainer.data.triplets import write_triplets


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("--out", type=Path, default=Path("triplets"), help="where the files go")
    parser.add_argument(
        "--candidates", type=int, default=2_000, help="threes to be judged by people (001, II.C)"
    )
    add_settings(parser, DataConfig())
    add_machine_options(parser)


def run(args: argparse.Namespace) -> int:
    """Writes train, validation and test triplets, and candidates for people to judge."""
    config = settings_from(DataConfig, args, folder=str(args.data))
    prepared = prepare(config, open_cache(args, DEFAULT_SAMPLE_RATE_HZ))
    args.out.mkdir(parents=True, exist_ok=True)
    for name, part in prepared.triplets.by_part().items():
        write_triplets(args.out / f"{name}.csv", part)
        print_line(f"{name}.csv: {len(part)} triplets")
    _write_candidates(prepared, args.candidates, config.seed, args.out / "human_candidates.csv")
    if prepared.music.emotions:
        human, source = human_triplets(prepared, None, EVAL_JUDGMENTS, config.seed)
        write_triplets(args.out / "human.csv", [*human.train, *human.validation, *human.test])
        print_line(f"human.csv: {source}")
    return 0


def _write_candidates(prepared: Prepared, count: int, seed: int, path: Path) -> None:
    """Threes of different clips, nobody's judgment yet."""
    keys = sorted(prepared.clips)
    rng = np.random.default_rng(seed)
    lines = [",".join(PAPER_COLUMNS)]
    for _ in range(count if len(keys) >= 3 else 0):
        songs = [_quoted(keys[index]) for index in rng.choice(len(keys), 3, replace=False)]
        lines.append(",".join([*songs, "", ""]))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    print_line(f"{path.name}: {len(lines) - 1} threes to be judged")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text
