"""Pictures of a run: curves, a map, histograms, a confusion table. All of them PNG files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mecomp_desktop.arrays import Doubles
from trainer.evaluation.similarity import TITLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def new_figure(width_in: float, height_in: float) -> "Figure":
    """Return an empty figure, with its size in inches."""
    # Here, and scikit-learn below: most commands draw nothing, and to import both takes longer
    # than many of them run.
    from matplotlib.figure import Figure

    return Figure(figsize=(width_in, height_in))


def _save(figure: "Figure", path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def plot_curves(records: Sequence[Mapping[str, float]], path: Path, title: str) -> None:
    """Loss and accuracy over the epochs, in training and validation.

    Args:
        records: One an epoch, the fields of ``training.epochs.EpochRecord`` by name.
        path: A PNG file.
        title: Above both.
    """
    figure = new_figure(9, 3.6)
    loss, accuracy = figure.subplots(1, 2)
    for axes, name, label in ((loss, "loss", "loss"), (accuracy, "accuracy", "triplet accuracy")):
        _two_lines(
            axes,
            [record["epoch"] for record in records],
            [record[f"train_{name}"] for record in records],
            [record[f"validation_{name}"] for record in records],
            label,
        )
    figure.suptitle(title)
    _save(figure, path)


def _two_lines(
    axes: "Axes", epochs: list[float], train: list[float], validation: list[float], name: str
) -> None:
    axes.plot(epochs, train, label="training")
    axes.plot(epochs, validation, label="validation")
    axes.set_xlabel("epoch")
    axes.set_ylabel(name)
    axes.grid(alpha=0.3)
    axes.legend()


def plot_history(records: Sequence[Mapping[str, float]], path: Path, title: str) -> None:
    """Every part of the loss over the steps, and beside it what was measured on held-out clips.

    Args:
        records: Figures by name, ``step`` among them; what was not measured at a step is missing.
        path: A PNG file.
        title: Above both.
    """
    figure = new_figure(11, 4)
    loss, quality = figure.subplots(1, 2)
    names = list(dict.fromkeys(name for record in records for name in record))
    for name in names:
        if name in ("step", "seconds", "learning_rate"):
            continue
        known = [(record["step"], record[name]) for record in records if name in record]
        axes = quality if name in TITLES else loss
        axes.plot(*zip(*known, strict=True), marker=".", label=TITLES.get(name, name))
    loss.set_ylabel("loss")
    quality.set_ylabel("unseen artists")
    for axes in (loss, quality):
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        if axes.lines:
            axes.legend(fontsize=7)
    figure.suptitle(title)
    _save(figure, path)


def plot_map(vectors: Doubles, labels: Sequence[str], path: Path, seed: int = 0) -> None:
    """A t-SNE map of the clips, coloured by label; nothing for fewer than five clips."""
    if len(vectors) < 5:
        return
    # t-SNE refuses a perplexity that the number of points does not allow.
    perplexity = min(30.0, (len(vectors) - 1) / 3)
    from sklearn.manifold import TSNE

    places = TSNE(perplexity=perplexity, random_state=seed, init="pca").fit_transform(vectors)
    figure = new_figure(6, 5)
    axes = figure.subplots()
    names = np.asarray(labels)
    for label in sorted(set(labels)):
        mine = places[names == label]
        axes.scatter(mine[:, 0], mine[:, 1], s=18, label=label)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.legend(fontsize=8)
    _save(figure, path)


def plot_distances(near: Doubles, far: Doubles, path: Path) -> None:
    """Histograms of the distances to positives and to negatives."""
    figure = new_figure(6, 3.6)
    axes = figure.subplots()
    top = float(max(near.max(initial=0.0), far.max(initial=0.0), 1e-6))
    edges = np.linspace(0.0, top, 40).tolist()
    axes.hist(near, edges, alpha=0.6, label="anchor to positive", density=True)
    axes.hist(far, edges, alpha=0.6, label="anchor to negative", density=True)
    axes.set_xlabel("distance")
    axes.legend()
    _save(figure, path)


def plot_confusion(classes: Sequence[str], table: Doubles, path: Path) -> None:
    """Of each genre's clips (rows), the genre of the nearest clip by another artist."""
    figure = new_figure(1.5 + 0.7 * len(classes), 1.2 + 0.6 * len(classes))
    axes = figure.subplots()
    axes.imshow(table, vmin=0.0, vmax=1.0, cmap="Blues")
    for (row, column), share in np.ndenumerate(table):
        colour = "white" if share > 0.5 else "black"
        axes.text(column, row, f"{share:.2f}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(classes)), classes, rotation=45, ha="right")
    axes.set_yticks(range(len(classes)), classes)
    _save(figure, path)
