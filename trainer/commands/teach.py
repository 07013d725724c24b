"""``python -m trainer teach MUSIC OUT --teachers DIR``: what other networks say to music.

Their tags and embeddings are computed once for each excerpt of 29 s and kept as float16. A run
that was stopped goes on where it was; files that cannot be read are listed at the end.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from mecomp_desktop.errors import UnreadableFile
from trainer.commands.common import add_machine_options, open_cache, prepare_machine, print_line
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.data.read import read_music
from trainer.data.teacher_outputs import TeacherStore
from trainer.errors import DataError
from trainer.models.teachers.front_end import RATE_HZ
from trainer.models.teachers.load import TEACHERS
from trainer.models.teachers.panel import Panel

_SOME_FAILED = 1


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("data", type=Path, help="a data folder")
    parser.add_argument("out", type=Path, help="where the outputs go; made when missing")
    parser.add_argument("--teachers", type=Path, required=True, help="the folder of their arrays")
    parser.add_argument(
        "--only", nargs="+", choices=tuple(TEACHERS), default=list(TEACHERS), help="(default: all)"
    )
    add_machine_options(parser)


def run(args: argparse.Namespace) -> int:
    """Asks the teachers about every clip that they have not heard; 1 if a file cannot be read."""
    prepare_machine(args)
    music = read_music(args.data)
    store = TeacherStore(args.out, args.only)
    waiting = [clip for clip in music.clips if not store.has(clip)]
    print_line(f"{len(music.clips)} clips, {len(music.clips) - len(waiting)} of them done before")
    failed = {}
    if waiting:
        panel = Panel(args.teachers, args.only, _device(args.device))
        failed = teach(panel, waiting, open_cache(args, RATE_HZ), store)
    store.write_index(music.clips)
    for path, reason in failed.items():
        print_line(f"  {path}: {reason}")
    print_line(
        f"{args.out}: {len(music.clips) - len(failed)} clips, {len(failed)} could not be read"
    )
    if len(failed) == len(music.clips):
        raise DataError(f"{args.data}: no file could be read")
    return _SOME_FAILED if failed else 0


def teach(
    panel: Panel, clips: Sequence[Clip], cache: AudioCache, store: TeacherStore
) -> dict[Path, str]:
    """Writes what the panel says to each clip; returns the files that cannot be read, and why."""
    failed = {}
    for clip in tqdm(clips, "teachers", unit="clip", disable=None):
        try:
            samples = cache.samples(clip.path)
        except UnreadableFile as problem:
            failed[clip.path] = str(problem)
            continue
        audio = samples.astype(np.float32) / np.float32(np.iinfo(np.int16).max)
        store.write(clip, panel.outputs(audio))
    return failed


def _device(wanted: str) -> str:
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return wanted
