"""A PulseAudio server of the test's own, with a null sink whose monitor is recorded.

Debian packages: pulseaudio, pulseaudio-utils (parec), libportaudio2, and libasound2-plugins,
through which PortAudio, which knows ALSA alone on Debian, reaches PulseAudio.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mecomp_desktop.audio.output import SoundCards

RATE_HZ = 44_100
DEVICE = "ALSA/pulse"
_SINK = "listener"


def wait_for(condition: Callable[[], object], timeout_s: float = 10.0, what: str = "") -> None:
    """Wait until a condition holds; fail the test after ``timeout_s``."""
    end_s = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end_s:
            pytest.fail(f"waited {timeout_s} s in vain {what}")
        time.sleep(0.005)


class PulseServer:
    """One server with one null sink, 44,100 Hz float32 stereo."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "pulse.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"unix:{self._socket}"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PULSE_SERVER": self.address, "HOME": str(self._folder)}

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [
            "pulseaudio", "-n", "--daemonize=no", "--system=no", "--use-pid-file=no",
            "--exit-idle-time=-1", "--disable-shm=yes", "-F", "/dev/null",
            "-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            "-L", (f"module-null-sink sink_name={_SINK} rate={RATE_HZ} format=float32le channels=2"
            " norewinds=1"),  # else it would ask for two seconds at a time
        ]  # fmt: skip
        environment = {**self.environment, "XDG_RUNTIME_DIR": str(self._folder)}
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(lambda: self._control("info").returncode == 0, what="for PulseAudio to start")

    def kill(self) -> None:
        """End the server as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)

    def remove_sink(self) -> None:
        """Take the sink away, as when a cable is pulled."""
        self._control("unload-module", "module-null-sink")

    def streams(self) -> int:
        """Return how many programs play to the server."""
        return len(self._control("list", "short", "sink-inputs").stdout.splitlines())

    @contextmanager
    def recording(self) -> Iterator["Recording"]:
        """Record the sink's monitor; the samples are complete when the block is left."""
        file = self._folder / f"recording-{time.monotonic_ns()}.f32"
        command = [
            "parec", f"--device={_SINK}.monitor", "--format=float32le", f"--rate={RATE_HZ}",
            "--channels=2", "--raw", "--latency-msec=20",
        ]  # fmt: skip
        with file.open("wb") as out:
            process = subprocess.Popen(command, env=self.environment, stdout=out)
            try:
                wait_for(lambda: file.stat().st_size > 0, what="for the recording to begin")
                recording = Recording(file)
                yield recording
                size = file.stat().st_size
                wanted = size + RATE_HZ * 8 // 5  # what was played last is still on its way
                wait_for(lambda: file.stat().st_size > wanted, what="for the recording to end")
            finally:
                process.terminate()
                process.wait()

    def _control(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *arguments], env=self.environment, capture_output=True, check=False
        )


class Recording:
    """What a null sink was given."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def samples(self) -> npt.NDArray[np.float32]:
        """Return float32 [frames, 2]."""
        raw = np.fromfile(self._file, np.float32)
        return raw[: raw.size // 2 * 2].reshape(-1, 2)

    def sound(self) -> npt.NDArray[np.float32]:
        """Return what lies between the silence before and after: float32 [frames, 2]."""
        samples = self.samples()
        loud = np.flatnonzero(np.any(samples != 0, axis=1))
        return samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]


@contextmanager
def pulse_server() -> Iterator[PulseServer]:
    """Run a server for the length of a block; skips the test where PulseAudio is not installed."""
    if shutil.which("pulseaudio") is None or shutil.which("parec") is None:
        pytest.skip("needs the packages pulseaudio and pulseaudio-utils")
    with tempfile.TemporaryDirectory(prefix="pulse-") as folder:
        server = PulseServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def sound_cards(server: PulseServer) -> Iterator[SoundCards]:
    """Have PortAudio see the server's sink for the length of a block."""
    before = os.environ.get("PULSE_SERVER")
    os.environ["PULSE_SERVER"] = server.address
    cards = SoundCards()
    try:
        cards.devices()  # loads PortAudio, which may have looked around long before this server
        cards.rescan()
        names = [device.id for device in cards.devices()]
        assert DEVICE in names, f"PortAudio sees {names}; libasound2-plugins gives it PulseAudio"
        yield cards
    finally:
        if before is None:
            del os.environ["PULSE_SERVER"]
        else:
            os.environ["PULSE_SERVER"] = before
