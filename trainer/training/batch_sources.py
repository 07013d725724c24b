"""Where the batches of an epoch come from: a list of triplets, or pools of clips drawn anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from trainer.config import StageConfig
from trainer.data.batches import Batch, gather, list_batches, pool_batches
from trainer.data.clip import Clip
from trainer.data.triplets import Triplet


class BatchSource(Protocol):
    """Where the batches of an epoch come from; the same epoch gives the same batches."""

    def training(self, epoch: int) -> Iterable[Batch]:
        """The batches to learn from."""
        ...

    def validation(self) -> Batch:
        """What is measured, as one batch; always the same."""
        ...


@dataclass(frozen=True, slots=True)
class TripletSource:
    """Triplets of a list, or as many from pools, for training; a list for validation.

    Attributes:
        training_clips: What pools are drawn from; used when ``stage.pool_clips`` is not 0.
    """

    clips: dict[str, Clip]
    train: Sequence[Triplet]
    held_out: Sequence[Triplet]
    training_clips: Sequence[Clip]
    stage: StageConfig

    def training(self, epoch: int) -> Iterable[Batch]:
        """See :class:`BatchSource`."""
        # A generator for every epoch: resuming in epoch 7 draws the batches that epoch 7 would have
        # had.
        rng = np.random.default_rng((self.stage.seed, epoch))
        size = self.stage.batch_triplets
        if self.stage.pool_clips:
            # As many triplets an epoch as the list has, so that epochs, patience and schedule mean
            # the same with and without pools.
            count = max(1, round(len(self.train) / size))
            return pool_batches(self.training_clips, self.stage.pool_clips, size, count, rng)
        return list_batches(self.train, self.clips, size, rng, self.stage.arrange == "sharing")

    def validation(self) -> Batch:
        """See :class:`BatchSource`."""
        return gather(self.held_out, self.clips)
