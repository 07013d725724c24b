"""What every teacher gives: tags and an embedding for pieces of a fixed length."""

from abc import ABC, abstractmethod
from typing import NamedTuple

from torch import Tensor, nn

TAGS = 50


class TeacherOutput(NamedTuple):
    """What a teacher says to a batch of pieces.

    Attributes:
        logits: Before the sigmoid, ``[batch, 50]``.
        embedding: ``[batch, dimension]``.
    """

    logits: Tensor
    embedding: Tensor


class Teacher(nn.Module, ABC):
    """A tagging network of others.

    Attributes:
        piece_samples: The length that it was trained on, at 16 kHz.
        dimension: Values of its embedding.
    """

    piece_samples: int
    dimension: int

    @abstractmethod
    def forward(self, audio: Tensor) -> TeacherOutput:
        """Tags and embedding of ``[batch, piece_samples]`` at 16 kHz."""
