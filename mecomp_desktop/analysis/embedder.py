"""From a track's file to a vector of one kind, in a worker process.

Nothing here may import Qt or the store: a worker is small and starts fast.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from mecomp_desktop.analysis.excerpts import Excerpts, Policy, WholeTrack, decode_excerpts
from mecomp_desktop.analysis.model import Model, load_model
from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.workers.worker_protocol import Message

INAUDIBLE = np.float32(1e-10)
"""Samples nearer to zero than this are taken for silence (-200 dB)."""


class MadeVectors(NamedTuple):
    """What an embedder makes of a file.

    Attributes:
        embedding: float32 ``[dimension]``, of length 1.
        pooled: The summary it is made from, float32 ``[width]``.
        duration_s: The file's real length, where decoding has told it.
        ends_early: Whether the sound ends clearly before the end that the header promises.
    """

    embedding: Floats
    pooled: Floats
    duration_s: float | None = None
    ends_early: bool = False


class Embedder(Protocol):
    """What makes vectors of one kind. Belongs to one process and thread.

    A vector carries both hashes: another body means embedding anew, another head is one product
    over the stored summaries.
    """

    @property
    def body_hash(self) -> str:
        """What decides the summary."""
        ...

    @property
    def head_hash(self) -> str:
        """What makes the embedding from the summary."""
        ...

    def embed(self, path: Path, part: Part | None = None) -> MadeVectors:
        """Return what is made of a file.

        Args:
            path: The file.
            part: The stretch of it that is the track; all of it if ``None``.

        Raises:
            UnreadableFile: Nothing can be made of it.
        """
        ...


class SoundEmbedder:
    """The model's vectors; see `Embedder`.

    Args:
        model: What embeds.
        policy: Which excerpts of a track.
    """

    def __init__(self, model: Model, policy: Policy) -> None:
        self._model = model
        self._policy = policy

    @classmethod
    def open(cls, settings: Message) -> "SoundEmbedder":
        """Load the model that a worker is started with; raises ``ModelFileError``."""
        return cls(load_model(Path(settings["model"])), read_policy(settings["policy"]))

    @property
    def body_hash(self) -> str:
        """The part of the model that makes summaries."""
        return self._model.info.body_hash

    @property
    def head_hash(self) -> str:
        """The part that projects them."""
        return self._model.info.head_hash

    def embed(self, path: Path, part: Part | None = None) -> MadeVectors:
        """Decode the excerpts of a file, or of a part of it, and embed them.

        Raises:
            UnreadableFile: It cannot be decoded, or the model makes nothing finite of it.
        """
        decoded = decode_excerpts(path, self._model.info.sample_rate_hz, self._policy, part)
        embedding, pooled = self._model.embed(flushed(decoded.audio)[np.newaxis])
        if not (np.isfinite(embedding).all() and np.isfinite(pooled).all()):
            raise UnreadableFile(path, Reason.NOT_FINITE, "the vector is not finite")
        return MadeVectors(embedding[0], pooled[0], decoded.duration_s, decoded.ends_early)


EMBEDDERS: Mapping[str, Callable[[Message], Embedder]] = {"sound": SoundEmbedder.open}
"""How each kind of vector is made, from what its worker is started with; a new kind is a line."""


def flushed(audio: Floats) -> Floats:
    """Return audio ``[n]`` with silence in place of what no one could ever hear; in place.

    Below 1e-38 float32 numbers are denormal, and a processor takes many times as long for each:
    a fade into digital silence makes the model five times slower. The power of a sound of 1e-20
    is as small already. The limit lies a thousand times below the last bit of a 24-bit recording,
    so that what a listener can hear gives the same vector to the last bits.
    """
    audio[np.abs(audio) < INAUDIBLE] = 0.0
    return audio


def write_policy(policy: Policy) -> Message:
    """Return a policy as a message."""
    if isinstance(policy, WholeTrack):
        return {"limit_s": policy.limit_s}
    return {"count": policy.count, "length_s": policy.length_s}


def read_policy(message: Message) -> Policy:
    """Return the policy that ``write_policy`` made a message of."""
    return WholeTrack(**message) if "limit_s" in message else Excerpts(**message)
