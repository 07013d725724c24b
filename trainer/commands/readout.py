"""``python -m trainer readout MODEL DATA``: teach a model file what can be named in a sound.

Whoever learns from a listener's answers begins with these qualities (brightness, onsets,
dynamics …), and so needs fewer answers. Body, head and their hashes stay as they are.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from mecomp_desktop.analysis import model_file
from mecomp_desktop.analysis.hearing import hear
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.analysis.readout import pack_readout
from mecomp_desktop.errors import UnreadableFile
from trainer.commands.common import say
from trainer.data.clip import Clip
from trainer.data.read import read_music
from trainer.errors import DataError
from trainer.personal import graph
from trainer.personal.descriptors import NAMES, describe, normal_scores, teach_readout

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
_FEWEST = 50
_SHARE_HELD_OUT = 0.25


def add_parser(parser: argparse.ArgumentParser) -> None:
    """Adds this command's options."""
    parser.add_argument("model", type=Path, help="a model file; it is replaced in one step")
    parser.add_argument("data", type=Path, help="a data folder")


def run(args: argparse.Namespace) -> int:
    """Teaches on all music; prints how well it reads artists that a trial run left out."""
    clips, pooled, described = hear_all(args.model, list(read_music(args.data).clips))
    if len(clips) < _FEWEST:
        raise DataError(f"{args.data}: {len(clips)} readable clips are too few; {_FEWEST} are not")
    for name, value in zip(NAMES, _trial(clips, pooled, described), strict=True):
        say(f"{name}: correlation {value:+.2f} on artists left out")
    columns, _ = teach_readout(pooled, described)
    model = graph.load(args.model)
    graph.add_property(model, model_file.META_READOUT, pack_readout(NAMES, columns))
    draft = args.model.with_suffix(".onnx.part")
    graph.save(model, draft)
    draft.replace(args.model)
    say(f"{args.model}: reads {len(NAMES)} qualities, learned from {len(clips)} clips")
    return 0


def hear_all(model_path: Path, clips: list[Clip]) -> tuple[list[Clip], Floats, Doubles]:
    """Hears clips as the app does: those that can be read, their summaries and qualities."""
    model = load_model(model_path)
    rate = model.info.sample_rate_hz
    kept, summaries, qualities = [], [], []
    for clip in tqdm(clips, "hearing", unit="clip", disable=None):
        try:
            audio = hear(clip.path, rate)
        except UnreadableFile as problem:
            say(f"skipped {problem}")
            continue
        kept.append(clip)
        summaries.append(model.embed(audio[None])[1][0])
        qualities.append(describe(audio, rate))
    if not kept:
        return [], np.zeros((0, 0), np.float32), np.zeros((0, len(NAMES)))
    return kept, np.stack(summaries), np.stack(qualities)


def _trial(clips: list[Clip], pooled: Floats, described: Doubles) -> list[float]:
    """Correlations with the true values on a quarter of the artists, after learning on the rest."""
    artists = sorted({clip.artist for clip in clips})
    order = np.random.default_rng(0).permutation(len(artists))
    out = {artists[place] for place in order[: round(_SHARE_HELD_OUT * len(artists))]}
    held = np.array([clip.artist in out for clip in clips])
    if held.all() or not held.any():
        return [float("nan")] * len(NAMES)
    columns, centre = teach_readout(pooled[~held], described[~held])
    read = (pooled[held] - centre) @ columns
    return [
        float(np.corrcoef(read[:, place], normal_scores(described[held, place]))[0, 1])
        for place in range(len(NAMES))
    ]
