"""The child process that decodes and embeds tracks.

Started with ``{"model": path, "policy": …}``, it greets with ``{"body": hash, "head": hash}``. A
job ``{"path": …}`` is answered with ``{"embedding": …, "pooled": …}``, base64 of float32.

Nothing here may import Qt or the store: a worker is small and starts fast.
"""

import base64
from pathlib import Path

import numpy as np

from mecomp_desktop.analysis.excerpts import Excerpts, Policy, WholeTrack, embed_track
from mecomp_desktop.analysis.model import Model, load_model
from mecomp_desktop.arrays import Floats
from mecomp_desktop.audio.decode import load_decoders
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.workers.worker_main import Handler, serve
from mecomp_desktop.workers.worker_protocol import Message

INAUDIBLE = np.float32(1e-10)
"""Samples nearer to zero than this are taken for silence (-200 dB)."""


def main() -> None:
    """Serve until the input ends."""
    serve(_open)


def _open(settings: Message) -> tuple[Handler, Message]:
    """Load the model; raises ``ModelFileError``, which is sent to the parent."""
    model, policy = load_model(Path(settings["model"])), read_policy(settings["policy"])
    load_decoders()  # before it is counted what a file makes the process grow by

    def embed(job: Message) -> Message:
        embedding, pooled = embed_file(model, policy, Path(job["path"]))
        return {"embedding": pack(embedding), "pooled": pack(pooled)}

    return embed, {"body": model.info.body_hash, "head": model.info.head_hash}


def embed_file(model: Model, policy: Policy, path: Path) -> tuple[Floats, Floats]:
    """Return the embedding ``[dimension]`` and the summary ``[width]`` of one file.

    Raises:
        UnreadableFile: It cannot be decoded, or the model makes nothing finite of it.
    """
    audio = flushed(embed_track(path, model.info.sample_rate_hz, policy))
    embedding, pooled = model.embed(audio[np.newaxis])
    if not (np.isfinite(embedding).all() and np.isfinite(pooled).all()):
        raise UnreadableFile(path, Reason.NOT_FINITE, "the vector is not finite")
    return embedding[0], pooled[0]


def flushed(audio: Floats) -> Floats:
    """Return audio ``[n]`` with silence in place of what no one could ever hear; in place.

    Below 1e-38 float32 numbers are denormal, and a processor takes many times as long for each:
    a fade into digital silence makes the model five times slower. The power of a sound of 1e-20
    is as small already. The limit lies a thousand times below the last bit of a 24-bit recording,
    so that what a listener can hear gives the same vector to the last bits.
    """
    audio[np.abs(audio) < INAUDIBLE] = 0.0
    return audio


def pack(vector: Floats) -> str:
    """Return a vector as text."""
    return base64.b64encode(np.ascontiguousarray(vector, "<f4").tobytes()).decode("ascii")


def unpack(text: str) -> Floats:
    """Return the float32 ``[n]`` that ``pack`` made text of."""
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


def write_policy(policy: Policy) -> Message:
    """Return a policy as a message."""
    if isinstance(policy, WholeTrack):
        return {"limit_s": policy.limit_s}
    return {"count": policy.count, "length_s": policy.length_s}


def read_policy(message: Message) -> Policy:
    """Return the policy that ``write_policy`` made a message of."""
    return WholeTrack(**message) if "limit_s" in message else Excerpts(**message)


if __name__ == "__main__":
    main()
