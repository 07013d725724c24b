"""What the analysis is doing, and whether the listener holds it back."""

from dataclasses import dataclass, field
from typing import Literal

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.progress import Progress

State = Literal["idle", "running", "paused", "waiting"]


@dataclass(frozen=True, slots=True)
class AnalysisStatus:
    """What the analysis is doing.

    Attributes:
        state: ``waiting`` while it gets ready, or cannot go on (``error`` says why).
        progress: How far it is, in recordings; ``done`` counts those of earlier runs too.
        error: Why it cannot go on, in plain words; empty otherwise.
    """

    state: State = "idle"
    progress: Progress = field(default_factory=Progress)
    error: str = ""


class PauseSwitch:
    """Whether the analysis is paused: kept here alone, and read by everyone. Thread-safe.

    It outlives the indexer, which is made anew for another model, and the indexer's runs: a copy
    in each of them would have to be handed on at every change, and one that was missed would
    analyse on although the window says "paused".

    Attributes:
        changed: It was switched.
    """

    def __init__(self) -> None:
        self.changed: Event[[]] = Event()
        self._is_on = False

    @property
    def is_on(self) -> bool:
        """Whether files that have not been begun are held back."""
        return self._is_on

    def set(self, on: bool) -> None:
        """Hold back the rest, or go on."""
        self._is_on = on
        self.changed.emit()
