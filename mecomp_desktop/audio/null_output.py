"""An output without a sound card: asks for samples as time goes by, and drops them."""

import threading
import time

import numpy as np

from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.engine import OutputDevice
from mecomp_desktop.audio.output import Fill, Output
from mecomp_desktop.audio.ring import CHANNELS

_TICK_S = 0.01
_BLOCK = 1_024
# After the computer slept, time that nobody heard is not made up for.
_MAX_CATCH_UP_S = 0.5


class NullOutput:
    """A thread that plays in silence.

    Args:
        rate_hz: Frames per second.
        fill: Asked for every block.
        speed: How much faster than real time.
        on_block: Gets a copy of every block, for whoever wants to know what would be heard.
    """

    name = ""
    latency_s = 0.0
    underflows = 0

    def __init__(
        self, rate_hz: int, fill: Fill, speed: float = 1.0, on_block: Fill | None = None
    ) -> None:
        self._frames_per_s = rate_hz * speed
        self._fill = fill
        self._on_block = on_block
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audio-clock", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        """Time never stops."""
        return True

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        block: Samples = np.zeros((_BLOCK, CHANNELS), np.float32)
        begun_s, given = time.monotonic(), 0
        while not self._closed.wait(_TICK_S):
            due = int((time.monotonic() - begun_s) * self._frames_per_s) - given
            if due > _MAX_CATCH_UP_S * self._frames_per_s:
                begun_s, given, due = time.monotonic(), 0, 0
            given += due
            while due > 0:
                part = block[: min(due, _BLOCK)]
                self._fill(part)
                if self._on_block is not None:
                    self._on_block(part.copy())
                due -= len(part)


class NullOutputs:
    """The family of outputs of an engine without a sound card; one device, called silence."""

    def __init__(self, speed: float = 1.0, on_block: Fill | None = None) -> None:
        self._speed = speed
        self._on_block = on_block

    def devices(self) -> list[OutputDevice]:
        """Return the one device."""
        return [OutputDevice("silence", "Silence", is_default=True)]

    def rate_for(self, device_id: str | None, file_rate_hz: int) -> int:
        """Return the file's rate: a clock takes any."""
        return file_rate_hz

    def open(self, device_id: str | None, rate_hz: int, fill: Fill) -> Output:
        """Start a clock."""
        return NullOutput(rate_hz, fill, self._speed, self._on_block)

    def rescan(self) -> None:
        """There is nothing to look for."""
