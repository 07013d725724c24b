"""Where blocks of samples go: the interface, and the sound cards that PortAudio knows."""

import contextlib
import importlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias

import numpy as np

from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.engine import OutputDevice
from mecomp_desktop.audio.ring import CHANNELS
from mecomp_desktop.errors import BrokenEnvironment

_log = logging.getLogger(__name__)

Fill: TypeAlias = Callable[[Samples], None]
"""Fills float32 [n, 2] with the next n frames; is called on the output's own thread."""

# Long enough for Python to be held up by other threads on busy cores, short enough for a pause to
# feel prompt. On two cores with five times too much to do, 80 ms broke off
# about once a minute, 120 ms once in five, and 150 ms
# once in five while other programs at the usual priority kept both cores busy.
_LATENCY_S = 0.2
# What sound servers give their own threads; only some systems allow it to programs.
_NICENESS = -11
# Rates at which music is made; anything else is resampled here, better than a driver would.
_USUAL_RATES_HZ = frozenset({44_100, 48_000, 88_200, 96_000, 176_400, 192_000})
# A card that asks for nothing for this long has gone, whatever its driver says. Some take seconds
# to wake up (Bluetooth, a sound server that is starting).
_SILENT_CARD_S = 6.0
_CLOSE_PATIENCE_S = 3.0
# PortAudio is one per process and not safe to be listed, opened and restarted at once.
_PORTAUDIO = threading.RLock()
_PORTAUDIO_PATIENCE_S = 5.0


class Output(Protocol):
    """An open output that calls ``fill`` at its own pace.

    Attributes:
        name: What a listener calls it.
        latency_s: How long a frame takes from ``fill`` to the ear.
        underflows: How often ``fill`` was called too late for the sound to go on.
    """

    name: str
    latency_s: float
    underflows: int

    def alive(self) -> bool:
        """Whether it still plays."""

    def close(self) -> None:
        """End it; ``fill`` is not called after this."""


class Outputs(Protocol):
    """A family of outputs."""

    def devices(self) -> list[OutputDevice]:
        """Return where sound can go."""

    def rate_for(self, device_id: str | None, file_rate_hz: int) -> int:
        """Return the rate to open a device with for such a file.

        Raises:
            BrokenEnvironment: There is no such device.
        """

    def open(self, device_id: str | None, rate_hz: int, fill: Fill) -> Output:
        """Open a device (``None``: the default) and begin to ask ``fill``.

        Raises:
            BrokenEnvironment: There is no such device, or it cannot be opened.
        """

    def rescan(self) -> None:
        """Look for new devices; only while none is open."""


@contextlib.contextmanager
def _portaudio() -> Iterator[None]:
    # A driver that hangs while it is closed must not take the player along.
    if not _PORTAUDIO.acquire(timeout=_PORTAUDIO_PATIENCE_S):
        raise BrokenEnvironment("The sound system does not answer.")
    try:
        yield
    finally:
        _PORTAUDIO.release()


class SoundCards:
    """The outputs that PortAudio knows; device ids are ``"<sound system>/<device name>"``."""

    def __init__(self) -> None:
        self._library: Any = None

    def devices(self) -> list[OutputDevice]:
        """Return where sound can go; empty when there is no sound system."""
        try:
            with _portaudio():
                return [device for _, device in self._listed()]
        except BrokenEnvironment:
            return []

    def rate_for(self, device_id: str | None, file_rate_hz: int) -> int:
        """Return the file's rate if the device takes it, else the device's own."""
        with _portaudio():
            index, info = self._find(device_id)
            if file_rate_hz in _USUAL_RATES_HZ:
                try:
                    self._library.check_output_settings(
                        index, channels=_channels(info), dtype="float32", samplerate=file_rate_hz
                    )
                except (self._library.PortAudioError, ValueError):
                    _log.debug("%s does not take %d Hz", info["name"], file_rate_hz)
                else:
                    return file_rate_hz
            return int(info["default_samplerate"])

    def open(self, device_id: str | None, rate_hz: int, fill: Fill) -> Output:
        """Open a device and begin to ask ``fill``."""
        with _portaudio():
            index, info = self._find(device_id)
            try:
                return SoundCard(self._library, index, info, rate_hz, fill)
            except (self._library.PortAudioError, ValueError, OSError) as error:
                name = info["name"]
                message = f"The sound device {name} cannot be opened: {error}"
                raise BrokenEnvironment(message) from error

    def rescan(self) -> None:
        """Restart PortAudio: it lists devices only once, when it starts.

        That ends every open stream, so it must be called while there is none.
        """
        if self._library is None:
            return
        try:
            with _portaudio():
                self._library._terminate()
                self._library._initialize()
        except BrokenEnvironment as error:
            _log.warning("%s", error)
        except self._library.PortAudioError as error:
            _log.warning("the sound system does not come back: %s", error)
            self._library = None

    def _load(self) -> Any:  # noqa: ANN401  (sounddevice is a module without types)
        if self._library is None:
            try:
                library: Any = importlib.import_module("sounddevice")
                if not library._initialized:
                    library._initialize()
            except Exception as error:
                # OSError without the library; PortAudioError, which cannot be named yet, otherwise.
                message = f"The sound system is not available: {error}"
                raise BrokenEnvironment(message) from error
            self._library = library
        return self._library

    def _listed(self) -> list[tuple[int, OutputDevice]]:
        library = self._load()
        systems = [system["name"] for system in library.query_hostapis()]
        default = library.default.device[1]
        return [
            (index, OutputDevice(f"{systems[info['hostapi']]}/{info['name']}", info["name"],
                                 index == default))
            for index, info in enumerate(library.query_devices())
            if info["max_output_channels"] > 0
        ]  # fmt: skip

    def _find(self, device_id: str | None) -> tuple[int, dict[str, Any]]:
        for index, device in self._listed():
            if device.id == device_id or (device_id is None and device.is_default):
                return index, self._library.query_devices(index)
        if device_id is None:
            raise BrokenEnvironment("There is no sound device.")
        name = device_id.split("/", 1)[-1]
        raise BrokenEnvironment(f"The sound device {name} is not there.")


class SoundCard:
    """One open PortAudio stream.

    Raises:
        sounddevice.PortAudioError: The device cannot be opened.
    """

    def __init__(
        self,
        library: Any,  # noqa: ANN401  (as above)
        index: int,
        info: dict[str, Any],
        rate_hz: int,
        fill: Fill,
    ) -> None:
        self.name = str(info["name"])
        self.underflows = 0
        self._hurried = False
        self._fill = fill
        self._asked_at_s = time.monotonic()
        self._channels = _channels(info)
        self._mono = self._channels == 1
        self._stereo: Samples = np.zeros((rate_hz, CHANNELS), np.float32) if self._mono else _NONE
        # Raw: sounddevice's own arrays are made in a way that NumPy 2.5 warns of, at every block.
        self._stream: Any = library.RawOutputStream(
            samplerate=rate_hz,
            device=index,
            channels=self._channels,
            dtype="float32",
            latency=_LATENCY_S,
            callback=self._callback,
        )
        self.latency_s = float(self._stream.latency)
        try:
            self._stream.start()
        except BaseException:
            self._stream.close()
            raise

    def alive(self) -> bool:
        """Whether the card still asks for samples."""
        if not self._stream.active:  # its driver gave up, or its thread met an error
            return False
        return time.monotonic() - self._asked_at_s < _SILENT_CARD_S

    def close(self) -> None:
        """Close the stream, without waiting for ever for a driver that has lost its device."""
        closer = threading.Thread(target=self._close, name="audio-close", daemon=True)
        closer.start()
        closer.join(_CLOSE_PATIENCE_S)
        if closer.is_alive():
            _log.warning("the driver of %s does not let go of it", self.name)

    def _close(self) -> None:
        with _PORTAUDIO:
            try:
                self._stream.abort(ignore_errors=True)
            finally:
                self._stream.close(ignore_errors=True)

    def _callback(
        self,
        buffer: Any,  # noqa: ANN401  (a buffer of cffi's, which has no types)
        frames: int,
        _time: object,
        flags: Any,  # noqa: ANN401  (as above)
    ) -> None:
        self._asked_at_s = time.monotonic()
        if not self._hurried:
            self._hurried = True
            _hurry()
        if flags.output_underflow:
            self.underflows += 1
        out: Samples = np.frombuffer(buffer, np.float32).reshape(frames, self._channels)
        if self._mono:
            block = self._stereo[:frames]
            self._fill(block)
            np.mean(block, axis=1, keepdims=True, out=out)
        else:
            self._fill(out)


_NONE: Samples = np.zeros((0, CHANNELS), np.float32)


def _hurry() -> None:
    """Ask for this thread to come first, where the system knows threads and allows it."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _channels(info: dict[str, Any]) -> int:
    return min(CHANNELS, int(info["max_output_channels"]))
