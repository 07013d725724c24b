"""Opens the engine that this computer can run."""

from mecomp_desktop.audio.engine import Engine
from mecomp_desktop.audio.player_engine import SoundEngine


def open_engine(device: str | None) -> Engine:
    """Return an engine that plays on this device, or the system's default if ``None``.

    It is there on every computer: without a sound system, or when the device is not there or
    vanishes, it plays on in silence and says why in ``status().device_error``. The device is
    opened when something plays, so nothing is waited for here.
    """
    return SoundEngine(device_id=device)
