"""One frozen, validated settings object, and the TOML file it lives in."""

import dataclasses
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import tomli_w

from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import SettingsError

THEMES = ("system", "light", "dark")
_MAX_WORKERS = 64


def _number(default: float, low: float, high: float) -> Any:  # noqa: ANN401 (a dataclass field)
    return field(default=default, metadata={"range": (low, high)})


@dataclass(frozen=True, slots=True)
class RadioSettings:
    """What a radio may play.

    Attributes:
        songs: How many songs a radio starts with.
        keep_ahead: It adds songs when fewer than this many are still to come.
        artist_window: An artist comes back only after this many other songs; 0 for no limit.
        album_window: The same for an album.
        recent_plays: The last so many plays are not repeated.
        min_duration_s: Shorter tracks (skits, intros) are left out.
        max_duration_s: Longer tracks (mixes, audio books) are left out.
        adventure: 0 plays the closest songs; 1 wanders widest.
    """

    songs: int = _number(25, 5, 200)
    keep_ahead: int = _number(10, 1, 100)
    artist_window: int = _number(5, 0, 100)
    album_window: int = _number(8, 0, 100)
    recent_plays: int = _number(100, 0, 10_000)
    min_duration_s: float = _number(45.0, 0.0, 3600.0)
    max_duration_s: float = _number(1200.0, 1.0, 360_000.0)
    adventure: float = _number(0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the listener has chosen.

    Attributes:
        output_device: The id of the sound card; empty for the system's own choice.
        theme: One of ``THEMES``.
        workers: How many processes listen to the library; 0 lets the program choose.
        watch_folders: Whether changes in the music folders are noticed at once.
        radio: What a radio may play.
    """

    output_device: str = ""
    theme: str = field(default="system", metadata={"choices": THEMES})
    workers: int = _number(0, 0, _MAX_WORKERS)
    watch_folders: bool = True
    radio: RadioSettings = RadioSettings()


class SettingsStore:
    """The settings and their file.

    Thread-safe. Keys that this version does not know are kept in the file.

    Args:
        path: The TOML file; it need not exist, its directory must.

    Attributes:
        changed: Fires with the new settings after each update.
        problems: What was wrong with the file when it was loaded, one plain sentence each; the
            defaults are used instead.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changed: Event[[Settings]] = Event()
        self.problems: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._document: dict[str, Any] = {}
        self._current = Settings()

    @property
    def current(self) -> Settings:
        """The settings in force."""
        return self._current

    def load(self) -> Settings:
        """Read the file. What cannot be used is told in ``problems`` and replaced by defaults.

        A file that is no TOML is kept beside the new one as ``settings.toml.broken``.
        """
        with self._lock:
            problems: list[str] = []
            self._document = self._read(problems)
            self._current = _build(Settings, self._document, "", problems)
            self.problems = tuple(problems)
            return self._current

    def update(self, **changes: object) -> Settings:
        """Change some settings, write the file and tell everyone.

        Args:
            changes: Fields of ``Settings``; ``radio`` takes a whole ``RadioSettings``.

        Raises:
            SettingsError: A value is not allowed, or the file cannot be written. Nothing changed.
        """
        with self._lock:
            settings = dataclasses.replace(self._current, **changes)  # type: ignore[arg-type]
            problems: list[str] = []
            _build(Settings, dataclasses.asdict(settings), "", problems)
            if problems:
                raise SettingsError(" ".join(problems))
            self._save(settings)
            self._current = settings
        self.changed.emit(settings)
        return settings

    def _read(self, problems: list[str]) -> dict[str, Any]:
        try:
            return tomllib.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            problems.append(f"The settings file {self.path} cannot be read: {error.strerror}.")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            kept = self.path.with_name(self.path.name + ".broken")
            try:
                self.path.replace(kept)
                place = f"kept as {kept}"
            except OSError:
                place = "left where it is"
            problems.append(
                f"The settings file {self.path} is damaged ({error}); it was {place}, "
                "and the defaults are used."
            )
        return {}

    def _save(self, settings: Settings) -> None:
        document = _merged(self._document, dataclasses.asdict(settings))
        partial = self.path.with_name(self.path.name + ".part")
        try:
            partial.write_text(tomli_w.dumps(document), encoding="utf-8")
            partial.replace(self.path)
        except OSError as error:
            raise SettingsError(
                f"the settings cannot be saved to {self.path}: {error.strerror}"
            ) from error
        self._document = document


def _merged(kept: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(kept)
    for key, value in known.items():
        below = kept.get(key)
        if isinstance(value, Mapping):
            value = _merged(below if isinstance(below, Mapping) else {}, value)
        merged[key] = value
    return merged


def _build(kind: type[Any], values: Mapping[str, Any], prefix: str, problems: list[str]) -> Any:  # noqa: ANN401 (an instance of kind)
    """Make ``kind`` from the values it knows; tell what is wrong and leave it at its default."""
    made: dict[str, Any] = {}
    for one in fields(kind):
        if one.name not in values:
            continue
        value, name = values[one.name], prefix + one.name
        if dataclasses.is_dataclass(one.type):
            if isinstance(value, Mapping):
                made[one.name] = _build(one.type, value, f"{name}.", problems)  # type: ignore[arg-type]
            else:
                problems.append(f"The setting {name} should be a table.")
            continue
        problem = _problem(one, value)
        if problem:
            problems.append(f"The setting {name} {problem}.")
        else:
            made[one.name] = float(value) if one.type is float else value
    return kind(**made)


def _problem(one: "dataclasses.Field[Any]", value: object) -> str | None:
    """Return what is wrong with a value, as the end of a sentence."""
    wanted = one.type
    if wanted is bool:
        return None if isinstance(value, bool) else "should be true or false"
    if wanted is str:
        choices = one.metadata.get("choices")
        if not isinstance(value, str):
            return "should be text"
        if choices and value not in choices:
            return f"should be one of {', '.join(choices)}, not {value!r}"
        return None
    low, high = one.metadata["range"]
    kinds = (int,) if wanted is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        return f"should be a number from {low} to {high}, not {value!r}"
    return None
