"""An engine without a sound card: decodes, joins and counts as the real one does, in silence."""

from mecomp_desktop.audio.null_output import NullOutputs
from mecomp_desktop.audio.output import Fill
from mecomp_desktop.audio.player_engine import SoundEngine


class NullEngine(SoundEngine):
    """Plays by the clock.

    Args:
        speed: How much faster than real time; positions count the track's own seconds.
        on_block: Gets a copy of every block that would be heard, on the clock's thread.
    """

    def __init__(self, speed: float = 1.0, on_block: Fill | None = None) -> None:
        super().__init__(NullOutputs(speed, on_block))
