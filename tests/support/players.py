"""A player with real parts: files on disk, a store, and the engine without a sound card."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.playback.history import PlayLog
from mecomp_desktop.playback.saved_state import PlayerMemory
from mecomp_desktop.playback.service import PlaybackService
from mecomp_desktop.settings import LoudnessSettings
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.state import State
from tests.support.audio_files import make_audio

# Two busy test processes leave a worker of low priority a fraction of a core.
PATIENCE_S = 90.0
LONG_S = 30.0
FAST = 20.0
"""How many times as fast as music a test may play."""


def ids(*numbers: int) -> list[TrackId]:
    return [TrackId(number) for number in numbers]


def playing(player: PlaybackService) -> TrackId | None:
    status = player.status()
    return status.track_id if status.state is PlayerState.PLAYING else None


def queued(player: PlaybackService) -> list[int]:
    return [entry.track_id for entry in player.queue_snapshot().entries]


def wait_until_playing(player: PlaybackService, seconds: float = 0.05) -> None:
    wait_for(lambda: player.status().position_s > seconds, "for sound")


def wait_for(condition: Callable[[], object], what: str = "") -> None:
    """Wait until something is true; fail when it does not come true."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain {what}"
        time.sleep(0.005)


@dataclass
class FakeLibrary:
    """Tracks that can be looked up."""

    tracks: dict[TrackId, Track] = field(default_factory=dict)

    def track(self, track_id: TrackId) -> Track | None:
        return self.tracks.get(track_id)

    def track_ids(self) -> Collection[TrackId]:
        return set(self.tracks)

    def put(self, number: int, path: Path, duration_s: float) -> TrackId:
        track_id = TrackId(number)
        tags = Tags(title=f"Song {number}", artists=("Band",), duration_s=duration_s)
        audio_id = AudioId(f"audio {number}")
        self.tracks[track_id] = Track(track_id, audio_id, path, RootId(1), tags, True, 0.0)
        return track_id

    def take_away(self, track_id: TrackId) -> None:
        self.tracks[track_id] = replace(self.tracks[track_id], available=False)


def library_of_files(folder: Path, durations_s: Sequence[float]) -> FakeLibrary:
    """Make one WAV file a duration; tracks are numbered from 1."""
    fake_library = FakeLibrary()
    for number, duration_s in enumerate(durations_s, start=1):
        path = make_audio(folder / f"{number}.wav", duration_s, seed=number)
        fake_library.put(number, path, duration_s)
    return fake_library


class PlayerEvents:
    """Everything a player announced."""

    def __init__(self, player: PlaybackService) -> None:
        self.notices: list[str] = []
        self.current: list[TrackId | None] = []
        self._player = player
        player.notice.connect(self.notices.append)
        player.queue_changed.connect(self._note)

    def _note(self) -> None:
        snapshot = self._player.queue_snapshot()
        rows = {entry.id: entry.track_id for entry in snapshot.entries}
        track = rows.get(snapshot.current_id) if snapshot.current_id is not None else None
        if not self.current or self.current[-1] != track:
            self.current.append(track)


@contextmanager
def open_player(
    database: Path,
    fake_library: FakeLibrary,
    speed: float = 1.0,
    loudness: Callable[[], LoudnessSettings] = LoudnessSettings,
) -> Iterator[PlaybackService]:
    store = Database(database)
    player = PlaybackService(
        NullEngine(speed),
        fake_library,
        Plays(store),
        PlayerMemory(State(store)),
        PlayLog(lambda: time.monotonic() * speed),
        loudness=loudness,
    )
    try:
        yield player
    finally:
        player.close()
        store.close()
