"""Building blocks that several architectures share."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

Pooling = Literal["attention", "mean", "last"]


def split_frames(audio: Tensor, frame_size: int, overlap: int = 1) -> Tensor:
    """Cuts audio into frames; the last one is filled up with zeros.

    Built from pad, slice and reshape alone, so that the exported graph has no loop and the
    length stays free.

    Args:
        audio: ``[batch, samples]``, at least one sample.
        frame_size: Samples in a frame.
        overlap: How many frames cover a sample: 1 is none, 2 is 50 %.

    Returns:
        ``[batch, frames, frame_size]``.
    """
    hop = frame_size // overlap
    batch, samples = audio.shape
    hops = (samples + hop - 1) // hop + overlap - 1
    # One sample short of a whole frame: enough for the last started one, and no further, empty
    # frame for a length that divides.
    padded = nn.functional.pad(audio, (0, overlap * hop - 1))
    pieces = padded[:, : hops * hop].reshape(batch, -1, hop)
    if overlap == 1:
        return pieces
    frames = pieces.shape[1] - overlap + 1
    return torch.cat([pieces[:, shift : shift + frames] for shift in range(overlap)], dim=2)


class AttentionPooling(nn.Module):
    """Equation 1 of the paper: a weighted sum over frames, the weights learned.

    Input ``[batch, frames, width]``, output ``[batch, width]``.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, states: Tensor) -> Tensor:
        """States of all frames to one vector."""
        weights = torch.softmax(self.score(states), dim=1)
        return (weights * states).sum(dim=1)


class MeanPooling(nn.Module):
    """The plain average over frames: the ablation of the attention."""

    def forward(self, states: Tensor) -> Tensor:
        """States of all frames to one vector."""
        return states.mean(dim=1)


class LastState(nn.Module):
    """The state after the last frame: the other ablation of the attention."""

    def forward(self, states: Tensor) -> Tensor:
        """States of all frames to one vector."""
        return states[:, -1]


def make_pooling(kind: Pooling, width: int) -> nn.Module:
    """Builds the pooling over frames called ``kind``."""
    makers: dict[Pooling, Callable[[], nn.Module]] = {
        "attention": lambda: AttentionPooling(width),
        "mean": MeanPooling,
        "last": LastState,
    }
    return makers[kind]()


class ProjectionHead(nn.Sequential):
    """Two linear layers with GELU and dropout between: ``pooled`` to the unnormalised embedding."""

    def __init__(self, width: int, dimension: int, dropout: float) -> None:
        super().__init__(
            nn.Linear(width, width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(width, dimension),
        )


class ResidualHead(nn.Module):
    """A placement, corrected by what a linear map and one hidden layer make of a summary.

    ``pooled`` holds the summary and after it the placement, ``[batch, width + dimension]``. At
    first the embedding is nearly the placement alone.

    Attributes:
        centre: ``[dimension]``, taken from every embedding of unit length; zero until
            :meth:`centre_on`.
    """

    centre: Tensor

    def __init__(self, width: int, hidden: int, dimension: int, dropout: float) -> None:
        super().__init__()
        self.width = width
        self.register_buffer("centre", torch.zeros(dimension))
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(width, hidden)
        self.out = nn.Linear(hidden, dimension)
        self.skip = nn.Linear(width, dimension, bias=False)
        with torch.no_grad():
            # At first the head passes the placement on: training starts from what the statistics
            # know, and the first steps do not throw it away.
            self.out.weight.zero_()
            self.out.bias.zero_()
            self.skip.weight.mul_(0.1)

    def forward(self, pooled: Tensor) -> Tensor:
        """The unnormalised embedding, ``[batch, dimension]``."""
        summary = self.dropout(pooled[:, : self.width])
        change = self.out(nn.functional.gelu(self.hidden(summary))) + self.skip(summary)
        # Of unit length before the centre is taken off, since the centre is a mean of unit vectors.
        placed = nn.functional.normalize(pooled[:, self.width :] + change, dim=1)
        return placed - self.centre

    @torch.no_grad()
    def centre_on(self, pooled: Tensor) -> None:
        """Makes the mean of what these recordings are mapped to the origin.

        Embeddings crowd around their mean, and the tracks nearest to it are near to everything;
        without it, fewer are (Suzuki et al., *Centering similarity measures to reduce hubs*, 2013).
        """
        self.centre.zero_()
        self.centre.copy_(self(pooled).mean(dim=0))
