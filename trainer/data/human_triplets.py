"""Human judgments as triplets for stage 2: from a file, or from ratings in the data set."""

from collections.abc import Iterable
from pathlib import Path

from trainer.config import HUMAN_SHARES
from trainer.data.clip import Clip
from trainer.data.judgments import (
    Judgment,
    from_emotions,
    known_judgments,
    read_judgments,
    split_judgments,
)
from trainer.data.prepare import Prepared, TripletSplit
from trainer.data.splits import split_counts
from trainer.data.triplets import Triplet
from trainer.errors import DataError


def human_triplets(
    prepared: Prepared, file: Path | None, count: int, seed: int
) -> tuple[TripletSplit, str]:
    """Two triplets of every judgment, divided 50 / 30 / 20; and a sentence on their source.

    Judgments of a file are divided at random, as the paper does; those derived from ratings
    keep the artists apart, since each part is drawn from its own clips.

    Raises:
        DataError: There are no human judgments, or too few.
    """
    if file is not None:
        parts, source = _from_file(prepared, file, seed)
    elif prepared.music.emotions:
        parts = _from_ratings(prepared, count, seed)
        source = "derived from the listeners' ratings in the data set, artists apart"
    else:
        raise DataError(f"{prepared.music.name}: no human judgments, neither file nor ratings")
    train, validation, test = (_triplets(part) for part in parts)
    return TripletSplit(train, validation, test), source


def has_human(prepared: Prepared, file: Path | None) -> bool:
    """Whether there is anything for stage 2."""
    return file is not None or bool(prepared.music.emotions)


def _from_file(prepared: Prepared, file: Path, seed: int) -> tuple[list[list[Judgment]], str]:
    judged, open_rows = read_judgments(file)
    kept, foreign = known_judgments(judged, prepared.clips)
    if not kept:
        raise DataError(
            f"{file}: of {len(judged)} judgments none is about music in {prepared.music.name}"
        )
    source = (
        f"{len(kept)} judgments of {file.name} ({open_rows} rows unjudged, "
        f"{foreign} about other music)"
    )
    return list(split_judgments(kept, HUMAN_SHARES, seed)), source


def _from_ratings(prepared: Prepared, count: int, seed: int) -> list[list[Judgment]]:
    split = prepared.split
    parts: Iterable[tuple[Clip, ...]] = (split.train, split.validation, split.test)
    counts = split_counts(count, HUMAN_SHARES)
    found = [
        from_emotions(clips, prepared.music.emotions, wanted, seed + number)
        for number, (clips, wanted) in enumerate(zip(parts, counts, strict=True))
    ]
    if not all(found):
        raise DataError(f"{prepared.music.name}: too few rated clips for human judgments")
    return found


def _triplets(judgments: list[Judgment]) -> list[Triplet]:
    return [triplet for judgment in judgments for triplet in judgment.triplets()]
