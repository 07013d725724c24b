"""The listener's models: their history, which is in use, and changing from one to another.

Files come first and each in one step; then one short transaction writes the version and that it
is in use; then the library's vectors follow (`alignment`). Whatever ends the program in between,
the next start finds either the old model whole or the new one with vectors still to be aligned.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.domain.model_version import ModelVersion, VersionId
from mecomp_desktop.errors import UserError
from mecomp_desktop.quiz.alignment import align, check_head
from mecomp_desktop.quiz.model_files import ModelFiles
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.model_versions import ModelVersions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BaseModel:
    """What is built upon: a model that was not learned from answers.

    Attributes:
        path: Its file.
        info: What it says of itself.
    """

    path: Path
    info: ModelInfo


class ModelRegistry:
    """The models of one listener. Every method may be called from any thread.

    Args:
        database: The library database.
        directory: Where the files of personal models are.
        bundled: The file of the model that came with the program.

    Attributes:
        files: The files of the personal models.
    """

    def __init__(self, database: Database, directory: Path, bundled: Path) -> None:
        self.files = ModelFiles(directory)
        self._database = database
        self._versions = ModelVersions(database)
        self._bundled_path = bundled
        self._bundled: BaseModel | None = None

    def history(self) -> list[ModelVersion]:
        """Return the listener's models, oldest first; the bundled one is not among them."""
        return self._versions.all()

    def active(self) -> ModelVersion | None:
        """Return the version in use; ``None`` for the bundled model.

        A version whose file is gone cannot be in use: then it is the bundled model.
        """
        version = self._chosen()
        if version is not None and self._is_gone(version):
            _log.warning("the file of the personal model %s is gone", version.name)
            return None
        return version

    def missing_model(self) -> ModelVersion | None:
        """Return the version that was chosen and cannot be used, since its file is gone."""
        version = self._chosen()
        return version if version is not None and self._is_gone(version) else None

    def path(self) -> Path:
        """Return the file of the model in use."""
        version = self.active()
        return self._bundled_path if version is None else self.files.model_path(version)

    def bundled(self) -> BaseModel:
        """Return the model that came with the program. Blocks while it is opened first."""
        if self._bundled is None:
            self._bundled = BaseModel(self._bundled_path, load_model(self._bundled_path).info)
        return self._bundled

    def base(self) -> BaseModel:
        """Return what learning builds upon: the imported model in use, or the bundled one."""
        version = self.active()
        if version is not None and version.kind == "imported":
            path = self.files.model_path(version)
            return BaseModel(path, load_model(path).info)
        return self.bundled()

    def hashes(self) -> tuple[str, str]:
        """Return the hashes of body and head of the model in use."""
        return self._hashes_of(self.active())

    def adopt(self, version: ModelVersion) -> VersionId:
        """Add a version whose files are kept, and use it from now on. Blocks.

        Raises:
            UserError: Its head's file is gone.
            ModelFileError: Its head cannot be run over the library.
        """
        check_head(self._database, self.files, version.body_hash, version.head_hash)
        with self._database.write():
            number = self._versions.add(version)
            self._versions.activate(number)
        self.align(version.body_hash, version.head_hash)
        return number

    def use(self, number: VersionId | None) -> None:
        """Go to a version of the history, or with ``None`` to the bundled model. Blocks.

        Raises:
            UserError: There is no such version, or its file is gone.
            ModelFileError: Its head cannot be run over the library.
        """
        body, head = self._hashes_of(None if number is None else self._existing(number))
        check_head(self._database, self.files, body, head)
        self._versions.activate(number)
        self.align(body, head)

    def align(self, body_hash: str, head_hash: str) -> int:
        """Bring the stored vectors to a head; return how many were changed. Blocks."""
        return align(self._database, self.files, body_hash, head_hash)

    def _chosen(self) -> ModelVersion | None:
        number = self._versions.active()
        return None if number is None else self._versions.get(number)

    def _is_gone(self, version: ModelVersion) -> bool:
        return not self.files.model_path(version).is_file()

    def _hashes_of(self, version: ModelVersion | None) -> tuple[str, str]:
        if version is not None:
            return version.body_hash, version.head_hash
        info = self.bundled().info
        return info.body_hash, info.head_hash

    def _existing(self, number: VersionId) -> ModelVersion:
        version = self._versions.get(number)
        if version is None:
            raise UserError("There is no such model in the history.")
        if self._is_gone(version):
            raise UserError(
                f"The file of {version.name} is gone ({self.files.model_path(version)}). "
                "Nothing has changed."
            )
        return version
