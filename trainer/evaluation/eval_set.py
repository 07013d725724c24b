"""Which questions a set of held-out clips can ask."""

from pathlib import Path

from trainer.data.human_triplets import has_human, human_triplets
from trainer.data.prepare import Prepared
from trainer.evaluation.evaluate import EvalSet


def make_eval_set(
    prepared: Prepared, judgments: Path | None, judgments_count: int, repeats: int
) -> EvalSet:
    """Retrieval among the test clips, the synthetic test triplets, and human ones if there are.

    Raises:
        DataError: The judgments file cannot be used.
    """
    triplets = {"genre": prepared.triplets.test}
    if has_human(prepared, judgments):
        human, _ = human_triplets(prepared, judgments, judgments_count, 0)
        triplets["human"] = human.test
    return EvalSet(prepared.split.test, triplets, prepared.clips, repeats)
