"""The way from the ring to the ear: the tap, the open output, and what to do when it breaks."""

import logging
import time

from mecomp_desktop.audio.audio_callback import AudioCallback
from mecomp_desktop.audio.decoder import AudioInfo
from mecomp_desktop.audio.decoder_thread import RING_S
from mecomp_desktop.audio.null_output import NullOutput
from mecomp_desktop.audio.output import Output, Outputs
from mecomp_desktop.audio.ring import Ring
from mecomp_desktop.errors import BrokenEnvironment

_log = logging.getLogger(__name__)

_FIRST_RATE_HZ = 44_100
# A paused device stays open for this long, so that a short pause ends without a delay.
_IDLE_S = 3.0
# A missing device is looked for this often while something plays, and less and less often.
_MIN_RETRY_S = 5.0
_MAX_RETRY_S = 60.0
_FADE_S = 0.03


class OutputStream:
    """Owns ring, tap and output; used by the engine's thread, except where a text says otherwise.

    Without a working device a clock takes its place, so that playing goes on in silence.

    Attributes:
        ring: What the feeder fills.
        tap: What the output takes from.
        error: One plain sentence while a clock stands in for a device; any thread may read it.
    """

    def __init__(self, outputs: Outputs, device_id: str | None) -> None:
        self.ring = Ring(_FIRST_RATE_HZ, RING_S)
        self.callback = AudioCallback(self.ring)
        self.error: str | None = None
        self._outputs = outputs
        self._device_id = device_id
        self._output: Output | None = None
        self._rates: dict[int, int] = {}
        self._failed_at_s = 0.0
        self._retry_after_s = _MIN_RETRY_S
        self._opened_at_s = 0.0
        self._idle_since_s: float | None = None
        self._past_underflows = 0

    @property
    def device_id(self) -> str | None:
        """Where the sound is to go; ``None`` for the system's default."""
        return self._device_id

    @property
    def device_name(self) -> str:
        """Where the sound goes, or empty; for any thread."""
        output = self._output
        return output.name if output is not None else ""

    @property
    def underruns(self) -> int:
        """How often the sound broke off because this program was late; for any thread."""
        output = self._output
        now = output.underflows if output is not None else 0
        return self.callback.underruns + self._past_underflows + now

    @property
    def is_open(self) -> bool:
        """Whether an output is open, be it a clock."""
        return self._output is not None

    @property
    def play_frame(self) -> int:
        """The ring's frame that the listener hears now; for any thread."""
        output = self._output
        latency_s = output.latency_s if output is not None else 0.0
        given, at_s = self.callback.mark
        ahead = round((latency_s - (time.monotonic() - at_s)) * self.ring.rate_hz)
        return given - max(0, ahead)

    def played_since_s(self, frame: int) -> float:
        """Return how much has been heard after a frame of the ring; for any thread."""
        return max(0, self.play_frame - frame) / self.ring.rate_hz

    def prepare(self, info: AudioInfo) -> int:
        """Have the ring run at the rate that suits a file and the device; return that rate."""
        self.revive()
        rate_hz = self._rates.get(info.sample_rate_hz)
        if rate_hz is None:
            # A device that is open may refuse to be asked what else it can do.
            if self.ring.rate_hz != info.sample_rate_hz:
                self._close_output()
            rate_hz = self._rate_for(info.sample_rate_hz)
        if rate_hz != self.ring.rate_hz:
            self._close_output()
            self.ring = Ring(rate_hz, RING_S)
            self.callback.attach(self.ring)
        return rate_hz

    def revive(self) -> None:
        """Drop a clock that stands in for a device, so that the device is tried again."""
        if self.error is not None and time.monotonic() - self._failed_at_s > _MIN_RETRY_S:
            self._close_output()

    def device_is_back(self) -> bool:
        """Whether the device that a clock stands in for can be used again; looks now and then.

        The clock goes on meanwhile, so nothing is lost where the answer is no.
        """
        now_s = time.monotonic()
        if self.error is None or now_s - self._failed_at_s < self._retry_after_s:
            return False
        self._failed_at_s = now_s
        self._retry_after_s = min(2 * self._retry_after_s, _MAX_RETRY_S)
        self._outputs.rescan()
        try:
            self._outputs.rate_for(self._device_id, self.ring.rate_hz)
        except BrokenEnvironment:
            return False
        return True

    def change_device(self, device_id: str | None) -> bool:
        """Use this device from now on; return whether the ring's rate suits it."""
        self._device_id = device_id
        self._close_output()
        self._rates.clear()
        self._outputs.rescan()
        return self._rate_for(self.ring.rate_hz) == self.ring.rate_hz

    def look_for_devices(self) -> None:
        """Have the list of devices renewed, if no device is in use."""
        if self._output is None or self.error is not None:
            self._outputs.rescan()

    def watch(self, *, playing: bool) -> str | None:
        """Open and close the output as needed; return the name of a device that has vanished."""
        self.callback.playing = playing
        lost = self._replace_lost()
        if playing:
            self._idle_since_s = None
            if self._output is None:
                self._open_output()
        else:
            self._rest()
        if self._output is None:
            self.callback.catch_up()
        return lost

    def close(self) -> None:
        """Let the last sound fade and close the output."""
        self.callback.playing = False
        if self._output is not None and self._idle_since_s is None:
            time.sleep(_FADE_S)
        self._close_output()

    def _rest(self) -> None:
        now_s = time.monotonic()
        if self._idle_since_s is None:
            self._idle_since_s = now_s
        elif now_s - self._idle_since_s > _IDLE_S:
            self._close_output()

    def _replace_lost(self) -> str | None:
        output = self._output
        if output is None or output.alive():
            return None
        # A card that was pulled out, or a sound server that ended. The ring has been drained up to
        # here at the pace of what was heard, so a clock takes the card's place: without something
        # that takes frames, the song would stand still and the queue with it.
        _log.warning("the sound device %s has vanished", output.name)
        self._close_output()
        if time.monotonic() - self._opened_at_s > _MAX_RETRY_S:
            self._retry_after_s = _MIN_RETRY_S  # it was well for a while
        self._fall_back(f"The sound device {output.name} is gone.")
        return output.name

    def _open_output(self) -> None:
        if self.error is not None:
            # The list of devices is that of the moment when the sound system was loaded; a card
            # that came back is in it only after a new look.
            self._outputs.rescan()
        try:
            self._output = self._outputs.open(
                self._device_id, self.ring.rate_hz, self.callback.fill
            )
            self.error, self._opened_at_s = None, time.monotonic()
        except BrokenEnvironment as error:
            _log.warning("no sound: %s", error)
            self._fall_back(str(error))

    def _fall_back(self, error: str) -> None:
        self.error, self._failed_at_s = error, time.monotonic()
        self._output = NullOutput(self.ring.rate_hz, self.callback.fill)

    def _close_output(self) -> None:
        output, self._output = self._output, None
        if output is not None:
            output.close()
            self._past_underflows += output.underflows

    def _rate_for(self, file_rate_hz: int) -> int:
        try:
            rate_hz = self._outputs.rate_for(self._device_id, file_rate_hz)
        except BrokenEnvironment:
            return file_rate_hz
        self._rates[file_rate_hz] = rate_hz
        return rate_hz
