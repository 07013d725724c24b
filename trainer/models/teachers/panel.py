"""All teachers side by side: what they say to the excerpts of a recording."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mecomp_desktop.arrays import Floats
from trainer.models.teachers.front_end import RATE_HZ
from trainer.models.teachers.load import TEACHERS, load_teacher
from trainer.models.teachers.teacher import TAGS, Teacher, TeacherOutput

EXCERPT_S = 29
EXCERPT_SAMPLES = EXCERPT_S * RATE_HZ
# Pieces of 3 s come ten to an excerpt: so many are looked at together that memory stays small.
_BATCH_SIZE = 32


class Panel:
    """The teachers, on one device.

    Args:
        folder: Their arrays.
        names: Which of them.
        device: "cpu", "cuda", …

    Raises:
        DataError: See :func:`trainer.models.teachers.load.load_teacher`.
    """

    def __init__(
        self, folder: Path, names: Sequence[str] = tuple(TEACHERS), device: str = "cpu"
    ) -> None:
        self.device = torch.device(device)
        self.teachers: Mapping[str, Teacher] = {
            name: load_teacher(folder, name).to(self.device) for name in names
        }

    def outputs(self, audio: Floats) -> dict[str, tuple[Floats, Floats]]:
        """What each teacher says to a recording.

        Args:
            audio: Mono at 16 kHz, ``[samples]``, of any length but none.

        Returns:
            By teacher, logits ``[excerpts, 50]`` and embeddings ``[excerpts, dimension]``.
        """
        excerpts = torch.from_numpy(cut(audio, EXCERPT_SAMPLES)).to(self.device)
        with _without_denormals(), torch.inference_mode():
            outputs = {name: judge(teacher, excerpts) for name, teacher in self.teachers.items()}
        return {
            name: (output.logits.cpu().numpy(), output.embedding.cpu().numpy())
            for name, output in outputs.items()
        }


@contextmanager
def _without_denormals() -> Iterator[None]:
    """Count denormal numbers as 0, and no longer afterwards.

    Quiet music leads to them, and they make these networks 10 to 25 times slower. Left on, it
    would change the arithmetic of whatever else the thread does.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def judge(teacher: Teacher, excerpts: Tensor) -> TeacherOutput:
    """One teacher's words on excerpts ``[count, samples]``: its pieces are averaged (as logits)."""
    count = excerpts.shape[1] // teacher.piece_samples
    pieces = excerpts[:, : count * teacher.piece_samples].reshape(-1, teacher.piece_samples)
    parts = [teacher(part) for part in torch.split(pieces, _BATCH_SIZE)]
    logits = torch.cat([part.logits for part in parts]).reshape(-1, count, TAGS)
    embeddings = torch.cat([part.embedding for part in parts]).reshape(-1, count, teacher.dimension)
    return TeacherOutput(logits.mean(1), embeddings.mean(1))


def cut(audio: Floats, samples: int) -> Floats:
    """Cuts audio ``[n]`` into excerpts ``[count, samples]``.

    What is shorter than one excerpt is repeated, as the teachers' authors did; of what is left
    behind the last whole excerpt, an excerpt that ends with the audio is made if it is more than
    half of one.
    """
    if len(audio) < samples:
        return np.resize(audio, samples)[None]
    whole = len(audio) // samples
    starts = [row * samples for row in range(whole)]
    if len(audio) - whole * samples > samples // 2:
        starts.append(len(audio) - samples)
    return np.stack([audio[start : start + samples] for start in starts])
