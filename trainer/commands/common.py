"""What several commands share: options, the processes, the cache."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from trainer.config import DataConfig
from trainer.data.cache import AudioCache
from trainer.data.prepare import Prepared, default_cache_folder, prepare
from trainer.training.checkpoint import BEST, Checkpoint, load_checkpoint
from trainer.training.memory import keep_freed_memory

if TYPE_CHECKING:
    from lightning_fabric import Fabric

EVAL_JUDGMENTS = 600
EVAL_REPEATS = 3


def print_line(text: str) -> None:
    """One line on standard output: the trainer's user watches a console."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def add_machine_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options about this machine rather than about the training."""
    group = parser.add_argument_group("machine")
    add_cache_options(group)
    group.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch's)")
    group.add_argument("--device", default="auto", help="cpu, cuda or auto (default: auto)")
    group.add_argument(
        "--precision",
        default="32-true",
        choices=("32-true", "bf16-mixed", "16-mixed"),
        help="(default: 32-true)",
    )


def add_cache_options(group: argparse._ArgumentGroup) -> None:
    """Adds where decoded audio is kept, see :func:`open_cache`."""
    group.add_argument("--cache", type=Path, help="decoded audio (default: the user's cache)")
    group.add_argument("--cache-gb", type=float, default=32.0, help="its bound (default: 32)")


def add_human_options(parser: argparse.ArgumentParser) -> None:
    """Adds where human judgments come from."""
    group = parser.add_argument_group("human judgments")
    group.add_argument(
        "--judgments",
        type=Path,
        help="song1,song2,song3,anchor,positive: the paper's file or the app's export "
        "(default: derived from the data set's ratings, if it has some)",
    )
    group.add_argument(
        "--judgments-count",
        type=int,
        default=EVAL_JUDGMENTS,
        help="how many to derive from ratings (default: 600; the paper had 60 of its own)",
    )


def start_fabric(args: argparse.Namespace) -> "Fabric":
    """Prepares the processes: one, or as many as torchrun has started."""
    # Here: what only measures or exports does not wait the seconds that it takes to import.
    from lightning_fabric import Fabric

    prepare_machine(args)
    fabric = Fabric(accelerator=args.device, devices="auto", precision=args.precision)
    if args.device == "cpu" or not torch.cuda.is_available():
        # On a CPU auto is one process; torchrun may have started several.
        fabric = Fabric(accelerator="cpu", devices=_local_processes(), precision=args.precision)
    fabric.launch()
    return fabric


def prepare_machine(args: argparse.Namespace) -> None:
    """Sets the number of threads, and how memory is reused."""
    if args.threads:
        torch.set_num_threads(args.threads)
    keep_freed_memory()


def _local_processes() -> int:
    """As many as torchrun says it has started here; 1 without it."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1"))


def open_cache(args: argparse.Namespace, sample_rate_hz: int) -> AudioCache:
    """Opens the decoded-audio cache that the options name."""
    folder = args.cache or default_cache_folder()
    return AudioCache(folder, sample_rate_hz, max_bytes=round(args.cache_gb * 1024**3))


def find_checkpoint(path: Path) -> Checkpoint:
    """Loads a checkpoint: the file itself, or the best one of a run's folder.

    Raises:
        TrainingError: There is none.
    """
    return load_checkpoint(path / BEST if path.is_dir() else path)


def prepare_like(checkpoint: Checkpoint, data: Path, args: argparse.Namespace) -> Prepared:
    """Prepares ``data`` with the split that a checkpoint was trained on.

    Raises:
        DataError: See :func:`trainer.data.prepare.prepare`.
    """
    # The split is computed again from its seed: what the run was not trained on is the same as
    # then, as long as the data is.
    config = DataConfig.from_dict(checkpoint.metadata["data"] | {"folder": str(data)})
    return prepare(config, open_cache(args, checkpoint.model_config.sample_rate_hz))
