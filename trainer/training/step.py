"""What one step computes: clips in, a loss out; alone or shared between processes.

Every process embeds its share of the clips. The summaries are gathered, with gradients, and head
and loss are computed on all of them in every process: the same numbers as one process would get,
dropout included, since all of them start from the same seed.
"""

from collections.abc import Callable

import torch
import torch.distributed as dist
import torch.distributed.nn.functional as dist_functional
from torch import Generator, Tensor, nn

from trainer.config import StageConfig
from trainer.models.embedder import Embedder
from trainer.models.synced_norm import process_count
from trainer.training.losses import triplet_distances, triplet_loss
from trainer.training.mining import MINERS


class TrainingStep(nn.Module):
    """A model with its objective; ``forward`` gives ``(loss, accuracy)`` of a batch.

    Accuracy is the share of triplets, or of clips in cross-entropy, that come out right.
    """

    def __init__(self, model: Embedder, stage: StageConfig, classes: int) -> None:
        super().__init__()
        self.model = model
        self.stage = stage
        crossed = stage.objective == "cross-entropy"
        dimension = model.dimension
        self.classifier = nn.Linear(dimension, classes) if crossed else None
        self.rng = Generator().manual_seed(stage.seed)

    def forward(self, audio: Tensor, triplets: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and accuracy of a batch, ``audio [clips, samples]``; see :meth:`objective`."""
        # Only the body is divided between processes; it is nearly all of the time. Triplets and
        # mining have to see the whole batch, or two processes would choose others than one does.
        pooled = gathered(self.model.pool(_share(audio)))
        # Past the batch stand the rows that were repeated to divide it evenly.
        return self.objective(pooled[: len(audio)], triplets, labels, self.stage.mining != "given")

    def objective(
        self, pooled: Tensor, triplets: Tensor, labels: Tensor, mine: bool
    ) -> tuple[Tensor, Tensor]:
        """Loss and accuracy, given each clip's summary.

        Args:
            pooled: ``[clips, width]``.
            triplets: ``[n, 3]`` rows of the batch.
            labels: ``[clips]``, numbers of genres.
            mine: Whether the stage's mining chooses the triplets instead.
        """
        if self.classifier is not None:
            scores = self.classifier(self.model.head(pooled))
            right = (scores.argmax(1) == labels).float().mean()
            return nn.functional.cross_entropy(scores, labels), right
        # In full precision: distances are small differences.
        embeddings = self.model.project(pooled).float()
        if mine:
            triplets = self._mined(embeddings, labels)
        if len(triplets) == 0:  # nothing is semi-hard: a step that changes nothing
            # Not a constant: without a graph behind it, backward() would fail, and with several
            # processes the others would wait for this one's gradients for ever.
            return embeddings.sum() * 0.0, embeddings.new_tensor(1.0)
        near, far = triplet_distances(embeddings, triplets)
        return triplet_loss(near, far, self.stage.margin), (near < far).float().mean()

    def _mined(self, embeddings: Tensor, labels: Tensor) -> Tensor:
        # Detached: which triplets are chosen is no function that gradients go through.
        mine: Callable[..., Tensor] = MINERS[self.stage.mining]
        return mine(embeddings.detach(), labels, self.stage.margin, self.rng)


def _share(audio: Tensor) -> Tensor:
    """This process's rows; the last rows are repeated where they do not divide evenly."""
    count = process_count()
    if count == 1:
        return audio
    # Rounded up, so that all shares are of one length, which is what all_gather takes.
    size = -(-len(audio) // count)
    rows = torch.arange(dist.get_rank() * size, (dist.get_rank() + 1) * size)
    return audio[rows.clamp(max=len(audio) - 1)]


def gathered(pooled: Tensor) -> Tensor:
    """The rows of all processes in order; gradients find their way back."""
    if process_count() == 1:
        return pooled
    parts = dist_functional.all_gather(pooled)  # type: ignore[no-untyped-call]  # torch has no types here
    return torch.cat(parts)
