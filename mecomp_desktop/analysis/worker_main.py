"""The child process: reads paths from its input, answers with vectors or a reason.

Nothing here may import Qt or the store: a worker is small and starts fast.

Messages to it: first the settings (see ``Worker.open``), then ``{"path": …}`` for each file.
Messages from it: first ``{"ready": body hash, "head": head hash}`` or ``{"unusable": why}``;
then, for each file, ``{"embedding": …, "pooled": …}`` (base64 of float32) or
``{"reason": name, "detail": …}``.
"""

import base64
import os
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from mecomp_desktop.analysis.excerpts import Excerpts, Policy, WholeTrack, embed_track
from mecomp_desktop.analysis.model import Model, load_model
from mecomp_desktop.audio.decode import load_decoders
from mecomp_desktop.errors import ModelFileError, Reason, UnreadableFile
from mecomp_desktop.workers.worker_protocol import Message, receive, send

Matrix = npt.NDArray[np.float32]


def main() -> None:
    """Serve until the input ends."""
    # What only the child needs; the app takes `listen` and the messages from here.
    from mecomp_desktop.workers.worker_limits import limit_memory, lower_priority

    jobs, answers = _take_pipes()
    settings = receive(jobs)
    if settings is None:
        return
    lower_priority(settings["parent_pid"])
    try:
        model = load_model(Path(settings["model"]))
    except ModelFileError as error:
        send(answers, {"unusable": str(error)})
        return
    policy = read_policy(settings["policy"])
    load_decoders()  # before it is counted what a file makes the process grow by
    limit_memory(settings["memory_bytes"])
    send(answers, {"ready": model.info.body_hash, "head": model.info.head_hash})
    while (job := receive(jobs)) is not None:
        send(answers, answer(model, policy, Path(job["path"])))


def answer(model: Model, policy: Policy, path: Path) -> Message:
    """Hear one file; whatever happens, there is an answer."""
    try:
        embedding, pooled = listen(model, policy, path)
    except UnreadableFile as failure:
        return _failed(failure.reason, failure.detail)
    except MemoryError as error:
        return _failed(Reason.TOO_MUCH_MEMORY, str(error))
    except Exception as error:  # a bug, ours or a library's, costs this file alone
        detail = f"{type(error).__name__}: {error}"
        memory = "alloc" in detail.lower()  # how onnxruntime and FFmpeg say MemoryError
        return _failed(Reason.TOO_MUCH_MEMORY if memory else Reason.DAMAGED, detail)
    return {"embedding": pack(embedding), "pooled": pack(pooled)}


def listen(model: Model, policy: Policy, path: Path) -> tuple[Matrix, Matrix]:
    """Return the embedding ``[dimension]`` and the summary ``[width]`` of one file.

    Raises:
        UnreadableFile: It cannot be decoded, or the model makes nothing finite of it.
    """
    audio = embed_track(path, model.info.sample_rate_hz, policy)
    embedding, pooled = model.embed(audio[np.newaxis])
    if not (np.isfinite(embedding).all() and np.isfinite(pooled).all()):
        raise UnreadableFile(path, Reason.NOT_FINITE, "the vector is not finite")
    return embedding[0], pooled[0]


def pack(vector: Matrix) -> str:
    """Return a vector as text."""
    return base64.b64encode(np.ascontiguousarray(vector, "<f4").tobytes()).decode("ascii")


def unpack(text: str) -> Matrix:
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


def _failed(reason: Reason, detail: str) -> Message:
    return {"reason": reason.name, "detail": detail}


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to ourselves: a library that prints must not talk into the answers."""
    jobs = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, sys.stdin.fileno())
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return jobs, answers


if __name__ == "__main__":
    main()
