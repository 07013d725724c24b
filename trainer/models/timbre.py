"""Timbre as one Gaussian over the cepstrum and one over its change, in a space that is flat.

A Gaussian a track is the classic description of timbre (Mandel & Ellis, *Song-level features and
support vector machines for music classification*, 2005). Covariances are positive, so differences
between them mean little as they are; here each, relative to the mean of the training data, goes
through A → (A + I)⁻¹, which is affine in its Cayley transform 2 (A + I)⁻¹ (A − I) and near the
mean half its logarithm, but bounded, and needs matrix products alone.
"""

import numpy as np
import torch
from torch import Tensor, nn

from mecomp_desktop.arrays import Doubles
from trainer.config import SpectralConfig

_NEWTON_STEPS = 10


class Timbre(nn.Module):
    """Log-mel ``[batch, frames, bands]`` and its mask to ``[batch, width]``.

    In this order: upper triangle and diagonal of the transformed covariance of the cepstrum, then
    of its change, both row by row, then the mean of the cepstrum.

    Attributes:
        whitening: ``[n, n]``, what makes the training data's covariance of the cepstrum the
            identity; see :meth:`standardise`.
        change_whitening: Likewise of the change, applied after ``whitening``.
    """

    cosine: Tensor
    identity: Tensor
    whitening: Tensor
    change_whitening: Tensor

    def __init__(self, config: SpectralConfig) -> None:
        super().__init__()
        self.size = config.coefficients
        self.ridge = config.ridge
        self.triangle = self.size * (self.size + 1) // 2
        self.width = 2 * self.triangle + self.size
        cosine = torch.from_numpy(cosine_transform(config.bands, self.size)).float()
        self.register_buffer("cosine", cosine)
        self.register_buffer("identity", torch.eye(self.size))
        self.register_buffer("whitening", torch.eye(self.size))
        self.register_buffer("change_whitening", torch.eye(self.size))

    def forward(self, log_mel: Tensor, mask: Tensor) -> Tensor:
        """The description."""
        # Both matrices are constants of the file: their product is folded, and the transform costs
        # one.
        whitened = log_mel @ (self.cosine @ self.whitening.T)
        mean, covariance = _moments(whitened, mask)
        # The change between neighbouring frames; a pair counts if its second frame belongs to the
        # recording, since the first then does as well.
        _, spread = _moments(whitened[:, 1:] - whitened[:, :-1], mask[:, 1:])
        change = self.change_whitening @ self.whitening
        parts = [
            covariance + self.ridge * (self.whitening @ self.whitening.T),
            self.change_whitening @ spread @ self.change_whitening.T
            + self.ridge * (change @ change.T),
        ]
        bounded = _shifted_inverse(torch.stack(parts, dim=1), self.identity)
        return torch.cat([_triangles(bounded, self.size), mean], dim=1)

    @torch.no_grad()
    def standardise(self, log_mel: Tensor, mask: Tensor) -> None:
        """Takes the mean covariances from some recordings of the training data."""
        cepstrum = (log_mel @ self.cosine).double()
        ridge = self.ridge * torch.eye(self.size, dtype=torch.double)
        mask = mask.double()
        _, covariance = _moments(cepstrum, mask)
        _, spread = _moments(cepstrum[:, 1:] - cepstrum[:, :-1], mask[:, 1:])
        # In double: the smallest eigenvalues of a cepstral covariance lie orders of magnitude below
        # the largest.
        first = torch.linalg.inv(torch.linalg.cholesky(covariance.mean(0) + ridge))
        second = torch.linalg.inv(torch.linalg.cholesky(spread.mean(0) + ridge))
        self.whitening.copy_(first)
        self.change_whitening.copy_(second @ torch.linalg.inv(first))


def _moments(values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Mean ``[batch, n]`` and covariance ``[batch, n, n]`` over what the mask lets in."""
    # A recording of one frame has no pair of frames.
    count = mask.sum(dim=1).clamp(min=1.0)[:, None, None]
    mean = mask[:, None] @ values / count
    centred = (values - mean) * mask[:, :, None]
    return mean[:, 0], centred.transpose(1, 2) @ centred / count


def _shifted_inverse(covariance: Tensor, identity: Tensor) -> Tensor:
    """``(A + I)⁻¹`` of ``[batch, 2, n, n]`` by Newton's iteration (Schulz 1933).

    There is no operator for it in ONNX. The eigenvalues of ``A + I`` are 1 or more, and those of
    music, relative to the mean, stay below some hundreds: then the result is exact to float32. It
    starts from the best polynomial of degree one between 1 and a bound of them (Chebyshev's).
    """
    shifted = covariance + identity
    # Gershgorin's bound of the largest eigenvalue. Newton's iteration needs a start whose error is
    # below 1 in every direction: from the identity it diverges as soon as an eigenvalue passes 2.
    bound = shifted.abs().sum(dim=3, keepdim=True).amax(dim=2, keepdim=True)
    total, width = bound + 1.0, bound - 1.0
    inverse = (total * identity - shifted) * (8.0 / (2.0 * total * total - width * width))
    twice = 2.0 * identity
    for _ in range(_NEWTON_STEPS):
        inverse = inverse @ (twice - shifted @ inverse)
    return inverse


def _triangles(pair: Tensor, size: int) -> Tensor:
    """Upper triangles with the diagonals of ``[batch, 2, size, size]``, beside each other."""
    row, column = np.triu_indices(size)
    places = row * size + column
    both = torch.from_numpy(np.concatenate([places, places + size * size]))
    return pair.flatten(1)[:, both.to(pair.device)]


def cosine_transform(bands: int, coefficients: int) -> Doubles:
    """DCT-II, ``[bands, coefficients]``; all are scaled as the orthonormal ones but the first."""
    middle, order = np.arange(bands)[:, None] + 0.5, np.arange(coefficients)
    table: Doubles = np.cos(np.pi / bands * middle * order) * np.sqrt(2 / bands)
    return table
