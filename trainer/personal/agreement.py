"""How well a model agrees with the listener, on answers it has not learned from."""

import numpy as np

from mecomp_desktop.arrays import Doubles, Flags, Floats, Rows
from trainer.personal.questions import Questions

FOLDS = 10
HELD_BACK = -1
_SHARPNESS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_SLIP = 0.1


def folds_of(questions: Questions, seed: int) -> Rows:
    """Deals the answers into folds, the same songs into the same one; ``HELD_BACK`` stay out.

    Answers about the same three songs share a fold: repeated or contradictory, they would
    otherwise be asked of a model that has seen them.
    """
    keys = np.sort(questions.trios, axis=1)
    _, same = np.unique(keys, axis=0, return_inverse=True)
    groups = np.unique(same)
    dealt = np.empty(len(groups), np.int64)
    # Dealt like cards: the folds differ by one group at most, which drawing a fold for each would
    # not give.
    dealt[np.random.default_rng(seed).permutation(len(groups))] = np.arange(len(groups)) % FOLDS
    folds = dealt[same.reshape(-1)]
    folds[questions.held_back] = HELD_BACK
    return folds


def fold_weights(folds: Rows) -> Floats:
    """Returns ``[FOLDS + 1, questions]``: each fit leaves its fold out, the last one none."""
    usable = folds != HELD_BACK
    rows = [usable & (folds != fold) for fold in range(FOLDS)]
    return np.stack([*rows, usable]).astype(np.float32)


def squared_distances(vectors: Floats, trios: Rows) -> Doubles:
    """Returns ``[questions, 3]``, ordered as ``Pair``, from vectors ``[n, dimension]``."""
    a, b, c = (vectors[trios[:, place]].astype(np.float64) for place in range(3))
    return np.stack([((x - y) ** 2).sum(axis=1) for x, y in ((a, b), (a, c), (b, c))], axis=1)


def agrees(squares: Doubles, chosen: Rows) -> Flags:
    """Returns whether the closest pair is the chosen one, for each question."""
    hits: Flags = squares.argmin(axis=1) == chosen
    return hits


def log_likelihood(squares: Doubles, chosen: Rows, folds: Rows) -> Doubles:
    """Returns how expected each answer was; how decided the listener is comes from the others.

    For each fold the sharpness is the one that suits the answers of the other folds best, so
    that a model is not blamed for the scale of its distances.
    """
    # The mean distance becomes 1, so one range of sharpness suits every model.
    scaled = squares / max(float(squares.mean()), 1e-12)
    levels = np.stack([_log_odds(scaled, chosen, sharpness) for sharpness in _SHARPNESS])
    result = np.empty(len(chosen))
    for fold in np.unique(folds):
        inside = folds == fold
        rest = levels[:, ~inside] if (~inside).any() else levels
        result[inside] = levels[int(rest.mean(axis=1).argmax()), inside]
    return result


def _log_odds(squares: Doubles, chosen: Rows, sharpness: float) -> Doubles:
    exponents = -sharpness * squares
    odds = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    right = odds[np.arange(len(chosen)), chosen]
    logs: Doubles = np.log((1 - 1.5 * _SLIP) * right + _SLIP / 2)
    return logs
