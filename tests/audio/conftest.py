"""One engine of each kind, and a notebook of what it says."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from mecomp_desktop.audio.engine import Engine
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.audio.player_engine import SoundEngine
from mecomp_desktop.errors import Reason, UnreadableFile
from tests.support.pulse import DEVICE, PulseServer, pulse_server, sound_cards


@dataclass
class Notes:
    """What an engine has said, in order."""

    events: list[tuple[str, int]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def listen_to(self, engine: Engine) -> None:
        engine.track_started.connect(lambda token: self.events.append(("started", token)))
        engine.track_finished.connect(lambda token: self.events.append(("finished", token)))
        engine.track_failed.connect(self._failed)
        engine.device_lost.connect(self.lost.append)

    def _failed(self, token: int, failure: UnreadableFile) -> None:
        self.events.append(("failed", token))
        self.reasons.append(failure.reason)


@pytest.fixture
def pulse() -> Iterator[PulseServer]:
    with pulse_server() as server:
        yield server


@pytest.fixture
def sound_engine(pulse: PulseServer) -> Iterator[SoundEngine]:
    with sound_cards(pulse) as cards:
        engine = SoundEngine(cards, DEVICE)
        yield engine
        engine.close()


@pytest.fixture
def null_engine() -> Iterator[NullEngine]:
    engine = NullEngine()
    yield engine
    engine.close()


@pytest.fixture(params=["null", pytest.param("sound", marks=pytest.mark.sound)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine there is; a test that takes this runs once for each."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def notes(engine: Engine) -> Notes:
    found = Notes()
    found.listen_to(engine)
    return found
