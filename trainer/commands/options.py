"""Command-line options made from the configuration dataclasses: one place for name and default."""

import argparse
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from trainer.config import Settings

S = TypeVar("S", bound=Settings)

HELP: dict[str, str] = {
    "architecture": "the network; 001 compares Tiny and GRU, 002 uses PRCNN, ours is spectral",
    "frame_size": "samples a frame; 001 tried 1,024, 2,048 and 4,096",
    "overlap": "frames over a sample: 1 is none, 2 is 50 %% (001, III.C)",
    "hidden": "width of the GRU; 001 tried 128 and 256",
    "dropout": "in the head; 001 tried 0.1 and 0.2",
    "dimension": "of the embedding; 001 tried 16, 32, 64 and 128",
    "pooling": "over frames (001, equation 1, and its ablation)",
    "sample_rate_hz": "of the audio that the network takes (001, II.A)",
    "subset": "of the FMA set; the largest one that is there if none is named",
    "split": "paper: over triplets, artists in several parts (001, II.B); artist: apart",
    "clip_shares": "clips for training, validation and test in the artist split",
    "triplet_file": "the paper's synthetic_triplets.csv, or one that `triplets` wrote",
    "triplets": "synthetic triplets in all (001, II.B)",
    "triplet_shares": "5,600, 792 and 1,608 of 8,000 (001, II.B)",
    "relations": "how often each relation makes a triplet, as genre=1 artist=0.5",
    "objective": "triplet loss, or cross-entropy by genre as in 002, section 2.4",
    "clip_s": "seconds of a clip that are used; 15 in stage 1, 29 in stage 2 (001, III.B)",
    "batch_triplets": "triplets a step; 12 in stage 1, 4 in stage 2 (001, III.B)",
    "pool_clips": "draw a batch's triplets among so many clips, anew each epoch; 0: from the list",
    "arrange": "sharing: batches of the list's triplets that share clips, which is faster",
    "mining": "who chooses the triplets of a batch (002, section 2.4)",
    "margin": "of the triplet loss (001, equation 2)",
    "learning_rate": "of AdamW; 1e-3 in stage 1, 1e-5 in stage 2 (001, III.B)",
    "weight_decay": "of AdamW (its own default)",
    "plateau_factor": "of ReduceLROnPlateau (001, III.B)",
    "plateau_patience": "of ReduceLROnPlateau, in epochs (001, III.B)",
    "early_stop": "epochs without a better validation accuracy (001, III.B)",
    "max_epochs": "at most",
    "augment": "excerpt, gain, equaliser, noise, pitch-shift, time-stretch (001, V.D)",
    "frozen": "body: train the head alone",
    "seed": "of everything random",
}


def add_settings(
    parser: argparse.ArgumentParser, defaults: Settings, leave_out: tuple[str, ...] = ()
) -> None:
    """Adds one option for every field of ``defaults`` that has a help text."""
    group = parser.add_argument_group(type(defaults).__name__)
    hints = get_type_hints(type(defaults))
    for each in fields(defaults):  # type: ignore[arg-type]  # every Settings is a dataclass
        if each.name in HELP and each.name not in leave_out:
            default = getattr(defaults, each.name)
            group.add_argument(
                "--" + each.name.replace("_", "-"),
                default=default,
                help=f"{HELP[each.name]} (default: {_shown(default)})",
                **_parsing(hints[each.name]),
            )


def settings_from(kind: type[S], args: argparse.Namespace, **fixed: object) -> S:
    """Builds a settings object from parsed options."""
    values = {
        each.name: getattr(args, each.name)
        for each in fields(kind)  # type: ignore[arg-type]  # as above
        if hasattr(args, each.name)
    }
    return kind.from_dict(values | fixed)


def _parsing(hint: object) -> dict[str, Any]:
    origin = get_origin(hint)
    if origin is Literal:
        return {"choices": get_args(hint)}
    if origin is dict:
        return {"action": _Weights, "nargs": "+", "metavar": "NAME=WEIGHT"}
    if origin is tuple:
        # tuple[str, ...] takes any number of words, tuple[float, float, float] exactly three.
        inner = get_args(hint)
        count: Any = "*" if Ellipsis in inner else len(inner)
        return {"type": inner[0], "nargs": count}
    return {"type": hint}


def _shown(default: object) -> str:
    if isinstance(default, dict):
        return " ".join(f"{name}={weight:g}" for name, weight in default.items())
    if isinstance(default, tuple):
        return " ".join(str(value) for value in default) or "none"
    return str(default) or "none"


class _Weights(argparse.Action):
    """``genre=1 artist=0.5`` as a dictionary."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Sequence[str] | str | None,
        option_string: str | None = None,
    ) -> None:
        weights = {}
        for text in values or ():
            name, _, weight = text.partition("=")
            try:
                weights[name] = float(weight)
            except ValueError:
                parser.error(f"{option_string}: {text!r} is not NAME=WEIGHT")
        setattr(namespace, self.dest, weights)
