"""The files of the listener's models: their names, and taking them in."""

import shutil
from pathlib import Path

from mecomp_desktop.domain.model_version import ModelVersion
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.files import DRAFT_SUFFIX, replacing

# Hashes are shortened in names: 24 hexadecimal digits do not meet by chance.
_NAME_LENGTH = 24


class ModelFiles:
    """A directory of complete models, and of heads that place stored summaries.

    Args:
        directory: Where the files of personal models are.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def model_path(self, version: ModelVersion) -> Path:
        """Return the complete model file of a version."""
        return self._directory / version.model_file

    def head_path(self, body_hash: str, head_hash: str) -> Path:
        """Return where the head with this hash is kept, whether it is there or not."""
        return self._directory / f"{_stem(body_hash, head_hash)}.head.onnx"

    def keep_head(self, source: Path, body_hash: str, head_hash: str) -> str:
        """Take a head's file in and return its name.

        Raises:
            BrokenEnvironment: The directory cannot be written.
        """
        return self._take_in(source, self.head_path(body_hash, head_hash).name)

    def keep_model(self, source: Path, body_hash: str, head_hash: str) -> str:
        """Take a complete model's file in and return its name.

        Raises:
            BrokenEnvironment: The directory cannot be written.
        """
        return self._take_in(source, f"{_stem(body_hash, head_hash)}.onnx")

    def tidy(self) -> None:
        """Delete drafts that an interrupted run has left."""
        for draft in self._directory.glob(f"*{DRAFT_SUFFIX}"):
            draft.unlink(missing_ok=True)

    def _take_in(self, source: Path, name: str) -> str:
        try:
            with replacing(self._directory / name) as draft:
                shutil.copyfile(source, draft)
        except OSError as error:
            raise BrokenEnvironment(
                f"the model cannot be kept in {self._directory}: {error.strerror}"
            ) from error
        return name


def _stem(body_hash: str, head_hash: str) -> str:
    return f"{body_hash[:_NAME_LENGTH]}-{head_hash[:_NAME_LENGTH]}"
