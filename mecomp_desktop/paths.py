"""Where things live on this system, and where the program's own resources are."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

HOME_VARIABLE = "MECOMP_DESKTOP_HOME"
_APP_NAME = "mecomp-desktop"


@dataclass(frozen=True, slots=True)
class Paths:
    """The directories of one installation.

    Attributes:
        config: The settings file.
        data: The library database and personal models: what must not be lost.
        cache: Everything derived (neighbour index, covers, waveforms); may be deleted at any time.
        state: Logs.
    """

    config: Path
    data: Path
    cache: Path
    state: Path

    @classmethod
    def of_user(cls) -> "Paths":
        """Return the directories of this user, or those below ``MECOMP_DESKTOP_HOME``."""
        home = os.environ.get(HOME_VARIABLE)
        if home:
            return cls.below(Path(home).expanduser().absolute())
        dirs = platformdirs.PlatformDirs(_APP_NAME, appauthor=False)
        return cls(
            config=dirs.user_config_path,
            data=dirs.user_data_path,
            cache=dirs.user_cache_path,
            state=dirs.user_state_path,
        )

    @classmethod
    def below(cls, home: Path) -> "Paths":
        """Return directories that all lie below ``home``."""
        return cls(home / "config", home / "data", home / "cache", home / "state")

    def create(self) -> None:
        """Create the directories that are missing."""
        for directory in (self.config, self.data, self.cache, self.state):
            directory.mkdir(parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        """The library database."""
        return self.data / "library.sqlite3"

    @property
    def personal_models(self) -> Path:
        """The models that were learned from the listener, or brought in."""
        return self.data / "models"

    @property
    def settings_file(self) -> Path:
        """The settings file."""
        return self.config / "settings.toml"


def resource(name: str) -> Path:
    """Return the path of a bundled resource.

    Args:
        name: A path relative to ``resources``, such as ``"model/similarity.onnx"``.

    Raises:
        FileNotFoundError: There is no such resource; the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    # A wheel carries the resources inside the package, a checkout beside it.
    for root in (package / "resources", package.parent / "resources"):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"the installation is incomplete: no resource {name!r}")
