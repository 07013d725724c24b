"""What every architecture is: a body that sums a recording up, and a head that places it."""

import hashlib
from collections.abc import Iterable

from torch import Tensor, nn


class Embedder(nn.Module):
    """Audio ``[batch, samples]`` in, ``(embedding [batch, dimension], pooled [batch, width])`` out.

    A subclass sets ``head`` and implements :meth:`pool`. The embedding is L2-normalised here,
    for all of them alike.

    Attributes:
        stores_compactly: Whether its file holds matrices in 8 bits a value.
    """

    stores_compactly = False

    head: nn.Module
    pooled_width: int
    dimension: int

    def pool(self, audio: Tensor) -> Tensor:
        """Sums each recording up as one vector, ``[batch, pooled_width]``."""
        raise TypeError(f"{type(self).__name__} has no pool()")

    def standardise_to(self, audio: Tensor) -> None:  # most have nothing to do
        """Takes the scale of its inputs from training data, before the first step of training.

        Args:
            audio: ``[clips, samples]``.
        """

    def forward(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """Returns ``(embedding, pooled)``."""
        pooled = self.pool(audio)
        return self.project(pooled), pooled

    def project(self, pooled: Tensor) -> Tensor:
        """Turns ``pooled`` into unit-length embeddings."""
        return nn.functional.normalize(self.head(pooled), dim=1)

    def parameter_count(self) -> int:
        """Trainable parameters."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)

    def head_hash(self) -> str:
        """SHA-256 of the head: names, shapes and bytes of its parameters."""
        return _hash((f"head.{name}", value) for name, value in self.head.state_dict().items())

    def body_hash(self) -> str:
        """SHA-256 of everything that decides ``pooled``."""
        state = self.state_dict().items()
        return _hash((name, value) for name, value in state if not name.startswith("head."))


def _hash(named: Iterable[tuple[str, Tensor]]) -> str:
    digest = hashlib.sha256()
    # Sorted, and with name, shape and type: the same numbers under another name are another
    # network. The app compares these hashes to tell whether stored vectors are still valid.
    for name, value in sorted(named, key=lambda item: item[0]):
        digest.update(f"{name}{tuple(value.shape)}{value.dtype}".encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
