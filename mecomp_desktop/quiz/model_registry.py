"""The listener's models: their files, their history, and changing from one to another.

Files come first and each in one step; then one transaction writes the version, the vectors of
the whole library and which version is in use. Whatever ends the program, the library is of one
model, before or after.
"""

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.analysis.projection_head import Head
from mecomp_desktop.domain.model_version import ModelVersion, VersionId
from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.files import DRAFT_SUFFIX, replacing
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.model_versions import ModelVersions

_log = logging.getLogger(__name__)
_NAME_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Bundled:
    """The model that came with the program.

    Attributes:
        path: Its file.
        body_hash: The part that listens.
        head_hash: The part that places what was heard.
    """

    path: Path
    body_hash: str
    head_hash: str


class ModelRegistry:
    """The models of one listener.

    Args:
        database: The library database.
        directory: Where the files of personal models are.
    """

    def __init__(self, database: Database, directory: Path) -> None:
        self._database = database
        self._directory = directory
        self._versions = ModelVersions(database)
        self._embeddings = Embeddings(database)

    def history(self) -> list[ModelVersion]:
        """Return all versions, oldest first."""
        return self._versions.all()

    def active(self) -> ModelVersion | None:
        """Return the version in use; ``None`` for the bundled model.

        A version whose file is gone cannot be in use: then it is the bundled model.
        """
        number = self._versions.active()
        version = None if number is None else self._versions.get(number)
        if version is not None and not self.model_path(version).is_file():
            _log.warning("the file of the personal model %s is gone", version.name)
            return None
        return version

    def model_path(self, version: ModelVersion) -> Path:
        """Return the complete model file of a version."""
        return self._directory / version.model_file

    def head_path(self, body_hash: str, head_hash: str) -> Path:
        """Return where the head with this hash is kept, whether it is there or not."""
        return self._directory / f"{body_hash[:_NAME_LENGTH]}-{head_hash[:_NAME_LENGTH]}.head.onnx"

    def keep_head(self, source: Path, body_hash: str, head_hash: str) -> str:
        """Take a head's file in and return its name."""
        return self._take_in(source, self.head_path(body_hash, head_hash).name)

    def keep_model(self, source: Path, body_hash: str, head_hash: str) -> str:
        """Take a complete model's file in and return its name."""
        name = f"{body_hash[:_NAME_LENGTH]}-{head_hash[:_NAME_LENGTH]}.onnx"
        return self._take_in(source, name)

    def adopt(self, version: ModelVersion) -> VersionId:
        """Add a version whose files are kept, and use it from now on: all of it or nothing.

        Raises:
            ModelFileError: Its head cannot be run over the library.
        """
        with self._database.write():
            number = self._versions.add(version)
            self._place_library(version.body_hash, version.head_hash)
            self._versions.activate(number)
        return number

    def use(self, number: VersionId | None, bundled: Bundled) -> None:
        """Go to a version of the history, or with ``None`` to the bundled model, at once.

        Raises:
            UserError: There is no such version, or its file is gone.
            ModelFileError: Its head cannot be run over the library.
        """
        with self._database.write():
            version = None if number is None else self._existing(number)
            body, head = (
                (bundled.body_hash, bundled.head_hash)
                if version is None
                else (version.body_hash, version.head_hash)
            )
            self._place_library(body, head)
            self._versions.activate(number)

    def align(self, body_hash: str, head_hash: str) -> int:
        """Place anew what another head of this body has placed; return how many.

        A recording that was being heard while the model changed got the old head's vector.
        """
        with self._database.write():
            heads = self._embeddings.heads(body_hash)
            stale = sum(count for head, count in heads.items() if head != head_hash)
            if stale and self.head_path(body_hash, head_hash).is_file():
                self._place_library(body_hash, head_hash)
                return stale
        return 0

    def tidy(self) -> None:
        """Delete drafts that an interrupted run has left."""
        for draft in self._directory.glob(f"*{DRAFT_SUFFIX}"):
            draft.unlink(missing_ok=True)

    def _place_library(self, body_hash: str, head_hash: str) -> None:
        """Run a head over all summaries of its body; without its file the vectors stay."""
        heads = self._embeddings.heads(body_hash)
        if set(heads) <= {head_hash}:
            return
        path = self.head_path(body_hash, head_hash)
        if not path.is_file():
            raise UserError(
                "This model's place in the library cannot be found: its file "
                f"{path.name} is gone. Nothing has changed."
            )
        ids, pooled = self._embeddings.pooled_matrix(body_hash)
        self._embeddings.rehead(body_hash, head_hash, ids, Head(path).embed(pooled))

    def _existing(self, number: VersionId) -> ModelVersion:
        version = self._versions.get(number)
        if version is None:
            raise UserError("There is no such model in the history.")
        if not self.model_path(version).is_file():
            raise UserError(
                f"The file of {version.name} is gone ({self.model_path(version)}). "
                "Nothing has changed."
            )
        return version

    def _take_in(self, source: Path, name: str) -> str:
        target = self._directory / name
        try:
            with replacing(target) as draft:
                shutil.copyfile(source, draft)
        except OSError as error:
            raise BrokenEnvironment(
                f"the model cannot be kept in {self._directory}: {error.strerror}"
            ) from error
        return name
