"""The engine: decoder thread → ring → output, steered by one thread that carries out commands.

Four threads meet here and no two of them ever wait for each other with a lock held:

- callers put commands into a queue, and read snapshots;
- the engine's thread carries them out one by one, opens and closes outputs, watches the counters
  and emits the events;
- the feeder's thread decodes into the ring;
- the output's thread takes from the ring through the tap, without any lock.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mecomp_desktop.audio.decoder_thread import DecoderThread
from mecomp_desktop.audio.engine import EngineStatus, OutputDevice, Playable, PlayerState
from mecomp_desktop.audio.output import Outputs, SoundCards
from mecomp_desktop.audio.output_stream import OutputStream
from mecomp_desktop.audio.segment import Segment
from mecomp_desktop.audio.source import open_source
from mecomp_desktop.domain.events import Event
from mecomp_desktop.errors import UnreadableFile

_log = logging.getLogger(__name__)

_TICK_PLAYING_S = 0.02
_TICK_IDLE_S = 0.25


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the status shows; ``aim_s`` is where a start or seek goes that is not yet heard."""

    state: PlayerState = PlayerState.STOPPED
    token: int | None = None
    aim_s: float | None = None


class SoundEngine:
    """Plays through a family of outputs; see ``engine.Engine`` for what each method does.

    Args:
        outputs: Where sound can go; the sound cards, if ``None``.
        device_id: Where it goes at first; ``None`` is the system's default.
    """

    def __init__(self, outputs: Outputs | None = None, device_id: str | None = None) -> None:
        self.track_started: Event[[int]] = Event()
        self.track_finished: Event[[int]] = Event()
        self.track_failed: Event[[int, UnreadableFile]] = Event()
        self.track_ended_early: Event[[int, str]] = Event()
        self.track_measured: Event[[int, float, bool]] = Event()
        self.device_lost: Event[[str]] = Event()
        self._outputs: Outputs = SoundCards() if outputs is None else outputs
        self._stream = OutputStream(self._outputs, device_id)
        self._decoder = DecoderThread()
        self._lock = threading.Lock()  # guards these two; held for a few statements only
        self._shown = _Shown()
        self._outstanding = 0
        self._announced = 0  # the serial of the last segment whose beginning was heard
        self._volume, self._muted = 1.0, False
        self._commands: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="audio-engine", daemon=True)
        self._thread.start()

    def start(self, item: Playable, position_s: float = 0.0, paused: bool = False) -> None:
        """Play this now."""
        state = PlayerState.PAUSED if paused else PlayerState.PLAYING
        position_s = max(0.0, position_s)
        self._send(
            lambda: self._do_start(item, position_s),
            state=state,
            token=item.token,
            aim_s=position_s,
        )

    def set_next(self, item: Playable | None) -> None:
        """Have this follow the current track without a gap."""
        self._send(lambda: self._decoder.set_next(item))

    def play(self) -> None:
        """Go on after a pause."""
        if self._shown.state is PlayerState.PAUSED:
            self._send(self._stream.revive, state=PlayerState.PLAYING)

    def pause(self) -> None:
        """Fall silent and stay at this place."""
        if self._shown.state is PlayerState.PLAYING:
            self._stream.callback.playing = False  # at once; the rest can wait for its turn
            self._send(lambda: None, state=PlayerState.PAUSED)

    def stop(self) -> None:
        """Fall silent and forget the track and its successor."""
        self._stream.callback.playing = False
        self._send(self._decoder.clear, state=PlayerState.STOPPED, token=None, aim_s=None)

    def seek(self, position_s: float) -> None:
        """Go to another place in the current track."""
        token = self._shown.token
        if token is not None:
            position_s = max(0.0, position_s)
            self._send(lambda: self._do_seek(token, position_s), aim_s=position_s)

    def set_gain(self, token: int, gain: float) -> None:
        """Have a track go on with another factor."""
        self._send(lambda: self._do_set_gain(token, gain))

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0…1."""
        if not 0.0 <= volume <= 1.0:
            raise ValueError(f"a volume lies between 0 and 1, not at {volume}")
        self._volume = volume
        self._apply_volume()

    def set_muted(self, muted: bool) -> None:
        """Be silent without forgetting the volume."""
        self._muted = muted
        self._apply_volume()

    def devices(self) -> list[OutputDevice]:
        """Return where sound can go."""
        done = threading.Event()
        if threading.current_thread() is not self._thread and not self._closed:

            def look() -> None:
                self._stream.look_for_devices()
                done.set()

            self._send(look)
            done.wait(5.0)
        return self._outputs.devices()

    def set_device(self, device_id: str | None) -> None:
        """Send sound here from now on."""
        self._send(lambda: self._do_set_device(device_id))

    def status(self) -> EngineStatus:
        """Return a snapshot."""
        shown = self._shown
        segment = self._segment_of(shown.token)
        position_s = shown.aim_s or 0.0
        if shown.aim_s is None and segment is not None:
            position_s = segment.offset_s + self._stream.played_since_s(segment.start)
        return EngineStatus(
            shown.state,
            shown.token,
            position_s,
            segment.duration_s if segment is not None else 0.0,
            segment.duration_is_estimate if segment is not None else False,
            self._stream.device_name,
            self._stream.error,
            self._stream.underruns,
        )

    def close(self) -> None:
        """Stop, and leave no thread and no device open."""
        if self._closed:
            return
        self._closed = True
        self._stream.callback.playing = False
        self._commands.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _send(
        self,
        command: Callable[[], None],
        **changes: Any,  # noqa: ANN401  (the fields of _Shown)
    ) -> None:
        """Queue a command; what it will lead to shows in the status at once."""
        if self._closed:
            return
        with self._lock:
            if "token" not in changes and "state" in changes and self._shown.token is None:
                return  # the track ended just before a play or pause: nothing to do it to
            self._shown = replace(self._shown, **changes)
            self._outstanding += 1
            self._commands.put(command)

    def _run(self) -> None:
        try:
            while True:
                try:
                    command = self._commands.get(timeout=self._patience_s())
                except queue.Empty:
                    self._tick()
                    continue
                if command is None:
                    return
                self._carry_out(command)
        finally:
            self._decoder.close()
            self._stream.close()

    def _carry_out(self, command: Callable[[], None]) -> None:
        try:
            command()
        except Exception:
            _log.exception("a command of the engine met a bug")
        finally:
            with self._lock:
                self._outstanding -= 1
        self._tick()

    def _patience_s(self) -> float | None:
        if self._shown.state is PlayerState.PLAYING:
            return _TICK_PLAYING_S
        return _TICK_IDLE_S if self._stream.is_open else None

    def _tick(self) -> None:
        """Bring the line in step with the state, and tell what has happened meanwhile."""
        try:
            while self._decoder.failures:
                item, failure = self._decoder.failures.popleft()
                self.track_failed.emit(item.token, failure)
            while self._decoder.early_ends:
                item, why = self._decoder.early_ends.popleft()
                self.track_ended_early.emit(item.token, why)
            while self._decoder.lengths:
                item, duration_s, ends_early = self._decoder.lengths.popleft()
                self.track_measured.emit(item.token, duration_s, ends_early)
            playing = self._shown.state is PlayerState.PLAYING
            if playing and self._stream.device_is_back():
                self._do_set_device(self._stream.device_id)
            lost = self._stream.watch(playing=playing)
            if lost is not None:
                self.device_lost.emit(lost)
            self._follow_tracks()
        except Exception:
            _log.exception("the engine met a bug; it goes on")

    def _follow_tracks(self) -> None:
        """Announce the tracks whose first sample has been heard, and the end of the last one."""
        play_frame = self._stream.play_frame
        if self._shown.state is not PlayerState.PLAYING:
            return
        segments = self._decoder.segments
        for segment in segments:
            if segment.start < play_frame and segment.serial > self._announced:
                if not self._arrive(segment):
                    return  # a command is on its way; what is heard after it counts
                self._announced = segment.serial
                if segment.announce:
                    self.track_started.emit(segment.item.token)
        last = segments[-1] if segments else None
        if last is None or last.end is None or play_frame < last.end or not self._decoder.finished:
            return
        if self._finish(last):
            self._decoder.clear()
            self.track_finished.emit(last.item.token)

    def _arrive(self, segment: Segment) -> bool:
        """Make this what is heard, unless a command on its way says otherwise."""
        with self._lock:
            if self._outstanding or self._shown.token is None:
                return False
            self._shown = replace(self._shown, token=segment.item.token, aim_s=None)
            return True

    def _finish(self, segment: Segment) -> bool:
        with self._lock:
            if self._outstanding or self._shown.token != segment.item.token:
                return False
            self._shown = _Shown()
            return True

    def _do_start(self, item: Playable, position_s: float) -> None:
        self._decoder.set_next(None)
        self._load(item, position_s, announce=True)

    def _do_seek(self, token: int | None, position_s: float) -> None:
        segment = self._segment_of(token)
        if segment is not None:
            announce = segment.announce and segment.serial > self._announced
            self._load(segment.item, position_s, announce=announce)

    def _do_set_gain(self, token: int, gain: float) -> None:
        segment = self._segment_of(token)
        if segment is None or token != self._shown.token or segment.item.gain == gain:
            return
        # As a seek to where it is: two seconds are decoded ahead with the old factor, and the
        # fade around a seek hides the step.
        announce = segment.announce and segment.serial > self._announced
        self._load(replace(segment.item, gain=gain), self.status().position_s, announce=announce)

    def _load(self, item: Playable, position_s: float, *, announce: bool) -> None:
        try:
            source = open_source(item, self._stream.prepare, position_s)
        except UnreadableFile as failure:
            self._decoder.clear()
            with self._lock:
                if self._outstanding == 1:  # this command; no later one has taken its place
                    self._shown = _Shown()
            self.track_failed.emit(item.token, failure)
            return
        self._decoder.begin(source, self._stream.ring, position_s, announce=announce)

    def _do_set_device(self, device_id: str | None) -> None:
        position_s, segment = self.status().position_s, self._segment_of(self._shown.token)
        if not self._stream.change_device(device_id) and segment is not None:
            announce = segment.announce and segment.serial > self._announced
            self._load(segment.item, position_s, announce=announce)

    def _segment_of(self, token: int | None) -> Segment | None:
        """Return the track's segment that is being heard, or that will be heard first."""
        segments = [segment for segment in self._decoder.segments if segment.item.token == token]
        if not segments:
            return None
        play_frame = self._stream.play_frame
        started = (segment for segment in reversed(segments) if segment.start < play_frame)
        return next(started, segments[0])

    def _apply_volume(self) -> None:
        # The ear hears ratios: the cube makes the whole way of a slider useful.
        self._stream.callback.volume = 0.0 if self._muted else self._volume**3
