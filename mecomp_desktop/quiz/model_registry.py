"""The listener's models: their files, their history, and changing from one to another.

Files come first and each in one step; then one short transaction writes the version and that it
is in use; then the library's vectors follow, slice by slice. Whatever ends the program in between,
`ModelRegistry.align` goes on at the next start: vectors of two heads are never compared.
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
# One product over so many summaries takes some milliseconds, and so does writing them: nobody who
# wants to write meanwhile (an answer, a play) waits longer.
_SLICE_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Bundled:
    """The model that came with the program.

    Attributes:
        path: Its file.
        body_hash: The part that listens.
        head_hash: The part that projects summaries to embeddings.
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

    def missing_model(self) -> ModelVersion | None:
        """Return the version that was chosen and cannot be used, since its file is gone."""
        number = self._versions.active()
        version = None if number is None else self._versions.get(number)
        gone = version is not None and not self.model_path(version).is_file()
        return version if gone else None

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
        """Add a version whose files are kept, and use it from now on. Blocks.

        Raises:
            UserError: Its head's file is gone.
            ModelFileError: Its head cannot be run over the library.
        """
        self._check_head(version.body_hash, version.head_hash)
        with self._database.write():
            number = self._versions.add(version)
            self._versions.activate(number)
        self.align(version.body_hash, version.head_hash)
        return number

    def use(self, number: VersionId | None, bundled: Bundled) -> None:
        """Go to a version of the history, or with ``None`` to the bundled model. Blocks.

        Raises:
            UserError: There is no such version, or its file is gone.
            ModelFileError: Its head cannot be run over the library.
        """
        version = None if number is None else self._existing(number)
        body, head = (
            (bundled.body_hash, bundled.head_hash)
            if version is None
            else (version.body_hash, version.head_hash)
        )
        self._check_head(body, head)
        self._versions.activate(number)
        self.align(body, head)

    def align(self, body_hash: str, head_hash: str) -> int:
        """Place anew what other heads of this body have placed; return how many. Blocks.

        It happens where the program ended while a model was adopted, where a recording was
        being analysed at that moment, and where the file of the model in use is gone. If the
        head has no file of its own, these recordings are to be analysed again. A read-only
        library stays as it is: the vectors that there are serve.
        """
        if self._database.read_only:
            return 0
        path = self.head_path(body_hash, head_hash)
        if not path.is_file():
            return self._embeddings.retire_other_heads(body_hash, head_hash)
        stale = self._embeddings.of_other_heads(body_hash, head_hash, _SLICE_ROWS)
        projection: Head | None = None
        count = 0
        for audio_ids, pooled in stale:
            projection = projection or Head(path)  # opened only if there is anything to do
            vectors = projection.embed(pooled)
            self._embeddings.rehead(body_hash, head_hash, audio_ids, vectors)
            count += len(audio_ids)
        return count

    def tidy(self) -> None:
        """Delete drafts that an interrupted run has left."""
        for draft in self._directory.glob(f"*{DRAFT_SUFFIX}"):
            draft.unlink(missing_ok=True)

    def _check_head(self, body_hash: str, head_hash: str) -> None:
        """See that the library can follow a head, before anything is changed."""
        stale = self._embeddings.of_other_heads(body_hash, head_hash, 1)
        _, pooled = next(stale, (None, None))
        if pooled is None:
            return
        path = self.head_path(body_hash, head_hash)
        if not path.is_file():
            raise UserError(
                "This model's place in the library cannot be found: its file "
                f"{path.name} is gone. Nothing has changed."
            )
        Head(path).embed(pooled)

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
