"""What teachers said to a music set, on disk: one file a clip, float16, so that it is asked once.

``index.csv`` names the file of each clip; ``teachers.json`` which teachers were asked. Both, and
each clip's file, are written in one step: a run that was cut off is taken up where it was.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mecomp_desktop.arrays import Floats
from mecomp_desktop.files import write_atomically
from trainer.data.clip import Clip
from trainer.errors import DataError

Halves = npt.NDArray[np.float16]

_ABOUT = "teachers.json"
_INDEX = "index.csv"
_CLIPS = "clips"
_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class TeacherOutputs:
    """What all teachers said to one clip.

    Attributes:
        logits: By teacher, before the sigmoid, ``[excerpts, 50]``.
        embeddings: By teacher, ``[excerpts, dimension]``.
    """

    logits: Mapping[str, Halves]
    embeddings: Mapping[str, Halves]


class TeacherStore:
    """A folder of teachers' outputs.

    Args:
        folder: Made when missing.
        teachers: Their names, in order; the folder holds the outputs of no others.

    Raises:
        DataError: The folder was made with other teachers.
    """

    def __init__(self, folder: Path, teachers: Sequence[str]) -> None:
        self.folder = folder
        self.teachers = tuple(teachers)
        metadata = {"version": _VERSION, "teachers": list(teachers)}
        described = folder / _ABOUT
        (folder / _CLIPS).mkdir(parents=True, exist_ok=True)
        if not described.exists():
            write_atomically(described, json.dumps(metadata, indent=2).encode())
        elif json.loads(described.read_text(encoding="utf-8")) != metadata:
            raise DataError(
                f"{folder} holds what other teachers said ({described.name}); name another folder"
            )

    def has(self, clip: Clip) -> bool:
        """Whether this clip, as its file is now, has been looked at."""
        return self._file(clip).exists()

    def write(self, clip: Clip, outputs: Mapping[str, tuple[Floats, Floats]]) -> None:
        """Keeps what each teacher said, ``(logits, embeddings)`` as of ``Panel.outputs``."""
        arrays: dict[str, Halves] = {}
        for name, (logits, embeddings) in outputs.items():
            arrays[f"{name}.logits"] = logits.astype(np.float16)
            arrays[f"{name}.embeddings"] = embeddings.astype(np.float16)
        packed = io.BytesIO()
        # NumPy types the keywords as its own option too; no teacher is called allow_pickle.
        np.savez(packed, **arrays)  # type: ignore[arg-type]
        write_atomically(self._file(clip), packed.getvalue())

    def read(self, clip: Clip) -> TeacherOutputs:
        """Returns what was said to a clip.

        Raises:
            DataError: It has not been looked at.
        """
        try:
            with np.load(self._file(clip)) as file:
                return TeacherOutputs(
                    {name: file[f"{name}.logits"] for name in self.teachers},
                    {name: file[f"{name}.embeddings"] for name in self.teachers},
                )
        except FileNotFoundError as error:
            raise DataError(f"no teacher has listened to {clip.path} yet") from error

    def write_index(self, clips: Sequence[Clip]) -> None:
        """Writes which file holds which clip, for other programs."""
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(("key", "path", "outputs"))
        for clip in clips:
            if self.has(clip):
                file = self._file(clip).relative_to(self.folder).as_posix()
                rows.writerow((clip.key, clip.path, file))
        write_atomically(self.folder / _INDEX, table.getvalue().encode())

    def _file(self, clip: Clip) -> Path:
        # A file that has changed since is another recording: size and time are part of its name.
        try:
            stat = clip.path.stat()
            facts = f"{clip.path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
        except OSError:
            facts = f"{clip.path}|missing"
        name = hashlib.sha256(facts.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return self.folder / _CLIPS / f"{name}.npz"
