"""What several commands share: options, the processes, the cache."""

import argparse
from pathlib import Path

import torch
from lightning_fabric import Fabric

from trainer.data.cache import AudioCache
from trainer.memory import keep_freed_memory
from trainer.prepare import default_cache_folder


def add_machine_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options about this machine rather than about the training."""
    group = parser.add_argument_group("machine")
    group.add_argument("--cache", type=Path, help="decoded audio (default: the user's cache)")
    group.add_argument("--cache-gb", type=float, default=32.0, help="its bound (default: 32)")
    group.add_argument("--threads", type=int, default=0, help="CPU threads (default: torch's)")
    group.add_argument("--device", default="auto", help="cpu, cuda or auto (default: auto)")
    group.add_argument(
        "--precision",
        default="32-true",
        choices=("32-true", "bf16-mixed", "16-mixed"),
        help="(default: 32-true)",
    )


def start_fabric(args: argparse.Namespace) -> Fabric:
    """Prepares the processes: one, or as many as torchrun has started."""
    if args.threads:
        torch.set_num_threads(args.threads)
    keep_freed_memory()
    fabric = Fabric(accelerator=args.device, devices="auto", precision=args.precision)
    fabric.launch()
    return fabric


def open_cache(args: argparse.Namespace, sample_rate_hz: int) -> AudioCache:
    """Opens the decoded-audio cache that the options name."""
    folder = args.cache or default_cache_folder()
    return AudioCache(folder, sample_rate_hz, max_bytes=round(args.cache_gb * 1024**3))
