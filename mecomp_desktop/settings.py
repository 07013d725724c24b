"""One frozen, validated settings object, and the TOML file it lives in."""

import dataclasses
import threading
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_type_hints

import msgspec
import tomli_w
from msgspec import Meta

from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import SettingsError
from mecomp_desktop.files import write_atomically

T = TypeVar("T")
Post = Callable[[Callable[[], object]], object]
_FOREVER_S = float("inf")

Theme = Literal["system", "light", "dark"]
THEMES = get_args(Theme)
AnalysisEffort = Literal["gentle", "normal", "full"]
EFFORTS = get_args(AnalysisEffort)
LoudnessMode = Literal["off", "track", "album", "auto"]
LOUDNESS_MODES = get_args(LoudnessMode)
_MAX_WORKERS = 64
_Decibels = Annotated[float, Meta(ge=-15.0, le=15.0)]
_Share = Annotated[float, Meta(ge=0.0, le=1.0)]


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

    songs: Annotated[int, Meta(ge=5, le=200)] = 25
    keep_ahead: Annotated[int, Meta(ge=1, le=100)] = 10
    artist_window: Annotated[int, Meta(ge=0, le=100)] = 5
    album_window: Annotated[int, Meta(ge=0, le=100)] = 8
    recent_plays: Annotated[int, Meta(ge=0, le=10_000)] = 100
    min_duration_s: Annotated[float, Meta(ge=0.0, le=3600.0)] = 45.0
    max_duration_s: Annotated[float, Meta(ge=1.0, le=360_000.0)] = 1200.0
    adventure: _Share = 0.0


@dataclass(frozen=True, slots=True)
class LoudnessSettings:
    """How songs are brought to the same loudness, by what their files say (ReplayGain).

    Attributes:
        mode: One of ``LOUDNESS_MODES``: "auto" takes an album's gain while it plays in order, and
            a song's otherwise.
        preamp_db: Added to every gain.
        untagged_db: The gain of songs whose files say nothing.
        prevent_clipping: Whether a gain is lowered where the song's peak would go beyond full
            scale.
    """

    mode: LoudnessMode = "auto"
    preamp_db: _Decibels = 0.0
    untagged_db: _Decibels = 0.0
    prevent_clipping: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What the listener has chosen.

    Attributes:
        output_device: The id of the sound card; empty for the system's own choice.
        theme: One of ``THEMES``.
        workers: How many processes analyse the library; 0 lets the program choose.
        analysis_effort: One of ``EFFORTS``: how much of the machine the analysis takes.
        watch_folders: Whether changes in the music folders are noticed at once.
        stay_awake: Whether the computer stays awake while music plays.
        notify_song: Whether a notification tells which song begins, while another window is used.
        tray_icon: Whether an icon stands in the desktop's tray.
        radio: What a radio may play.
        loudness: How songs are brought to the same loudness.
    """

    output_device: str = ""
    theme: Theme = "system"
    workers: Annotated[int, Meta(ge=0, le=_MAX_WORKERS)] = 0
    analysis_effort: AnalysisEffort = "normal"
    watch_folders: bool = True
    stay_awake: bool = True
    notify_song: bool = False
    tray_icon: bool = False
    radio: RadioSettings = RadioSettings()
    loudness: LoudnessSettings = LoudnessSettings()


def _at_once(job: Callable[[], object]) -> None:
    job()


class SettingsStore:
    """The settings and their file.

    Thread-safe. Keys that this version does not know are kept in the file.

    Args:
        path: The TOML file; it need not exist.
        post: Has a job done in the background; by default it is done at once. Writing a file may
            take its time, and whoever changes a setting is the window.

    Attributes:
        changed: Fires with the new settings after each update.
        notice: One plain sentence when the settings could not be written.
        problems: What was wrong with the file when it was loaded, one plain sentence each; the
            defaults are used instead.
    """

    def __init__(self, path: Path, post: Post = _at_once) -> None:
        self.path = path
        self.changed: Event[[Settings]] = Event()
        self.notice: Event[[str]] = Event()
        self.problems: tuple[str, ...] = ()
        self._post = post
        self._lock = threading.Lock()
        self._document: dict[str, Any] = {}
        self._current = Settings()
        self._unsaved = False

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
        """Change some settings, tell everyone, and have the file written.

        Args:
            changes: Fields of ``Settings``; ``radio`` and ``loudness`` take whole objects.

        Raises:
            SettingsError: A value is not allowed; nothing changed.
        """
        with self._lock:
            settings = dataclasses.replace(self._current, **changes)  # type: ignore[arg-type]
            problems: list[str] = []
            _build(Settings, dataclasses.asdict(settings), "", problems)
            if problems:
                raise SettingsError(" ".join(problems))
            self._current = settings
            # A slider changes a setting many times a second; one write takes them all.
            write, self._unsaved = not self._unsaved, True
        self.changed.emit(settings)
        if write:
            self._post(self._save)
        return settings

    def _read(self, problems: list[str]) -> dict[str, Any]:
        try:
            # Some editors begin a text with a byte order mark, which TOML does not know.
            return tomllib.loads(self.path.read_text(encoding="utf-8-sig"))
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

    def _save(self) -> None:
        with self._lock:
            self._unsaved = False
            document = _merged(self._document, dataclasses.asdict(self._current))
            self._document = document
        try:
            write_atomically(self.path, tomli_w.dumps(document))
        except OSError as error:
            self.notice.emit(
                f"The settings cannot be saved to {self.path} ({error.strerror}); what you "
                "changed holds until the program ends."
            )


def _merged(kept: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(kept)
    for key, value in known.items():
        below = kept.get(key)
        if isinstance(value, Mapping):
            value = _merged(below if isinstance(below, Mapping) else {}, value)
        merged[key] = value
    return merged


def _build(kind: type[T], values: Mapping[str, Any], prefix: str, problems: list[str]) -> T:
    """Make ``kind`` from the values it knows; tell what is wrong and leave it at its default.

    Value by value, for one that is wrong must not cost the others.
    """
    made: dict[str, Any] = {}
    for name, wanted in get_type_hints(kind, include_extras=True).items():
        if name not in values:
            continue
        value, full_name = values[name], prefix + name
        if dataclasses.is_dataclass(wanted) and isinstance(value, Mapping):
            made[name] = _build(wanted, value, f"{full_name}.", problems)  # type: ignore[arg-type]
            continue
        try:
            made[name] = msgspec.convert(value, wanted)
        except msgspec.ValidationError as error:
            problems.append(
                f"The setting {full_name} is {value!r}: {_in_words(str(error), full_name)}."
            )
    if made.get("min_duration_s", 0.0) > made.get("max_duration_s", _FOREVER_S):
        low, high = made.pop("min_duration_s"), made.pop("max_duration_s")
        problems.append(
            f"The setting {prefix}min_duration_s ({low:g}) is larger than {prefix}max_duration_s "
            f"({high:g}), which leaves no song; choose a smaller one."
        )
    return kind(**made)


def _in_words(message: str, name: str) -> str:
    """Return msgspec's "Expected `int` >= 5" as the end of a sentence."""
    words = message.replace("`", "").replace("Expected", "expected").replace("object", "a table")
    if words.startswith("Invalid enum value"):
        choices = EFFORTS if name == "analysis_effort" else THEMES
        return f"expected one of {', '.join(choices)}"
    return words
