"""The child process that decodes and embeds tracks.

Started with ``{"kind": "sound", "model": path, "policy": …}``, it greets with
``{"body": hash, "head": hash}``. A job ``{"path": …, "part": [start, end] or null}``
is answered with ``{"embedding": …, "pooled": …}``, base64 of float32, and ``"duration_s"`` and
``"ends_early"`` as decoding has told them.

Nothing here may import Qt or the store: a worker is small and starts fast.
"""

import base64
from pathlib import Path

import numpy as np

from mecomp_desktop.analysis.embedder import EMBEDDERS
from mecomp_desktop.arrays import Floats
from mecomp_desktop.audio.decode import load_decoders
from mecomp_desktop.domain.part import part_from_message
from mecomp_desktop.workers.worker_main import Handler, serve
from mecomp_desktop.workers.worker_protocol import Message


def main() -> None:
    """Serve until the input ends."""
    serve(open_handler)


def open_handler(settings: Message) -> tuple[Handler, Message]:
    """Open the embedder of a kind; raises ``ModelFileError``, which is sent to the parent."""
    embedder = EMBEDDERS[settings["kind"]](settings)
    load_decoders()  # before it is counted what a file makes the process grow by

    def embed(job: Message) -> Message:
        made = embedder.embed(Path(job["path"]), part_from_message(job.get("part")))
        return {
            "embedding": pack(made.embedding),
            "pooled": pack(made.pooled),
            "duration_s": made.duration_s,
            "ends_early": made.ends_early,
        }

    return embed, {"body": embedder.body_hash, "head": embedder.head_hash}


def pack(vector: Floats) -> str:
    """Return a vector as text."""
    return base64.b64encode(np.ascontiguousarray(vector, "<f4").tobytes()).decode("ascii")


def unpack(text: str) -> Floats:
    """Return the float32 ``[n]`` that ``pack`` made text of."""
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


if __name__ == "__main__":
    main()
