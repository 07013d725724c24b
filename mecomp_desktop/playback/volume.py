"""How loud the player is."""

from mecomp_desktop.audio.engine import Engine


class Volume:
    """The listener's volume, sent to the engine at every change.

    Args:
        engine: What plays.
        level: 0…1.
        muted: Whether it is silent on request.

    Attributes:
        level: 0…1.
        muted: Whether it is silent on request.
    """

    def __init__(self, engine: Engine, level: float, muted: bool) -> None:
        self._engine = engine
        self.level = 1.0
        self.muted = False
        self.set_level(level)
        self.set_muted(muted)

    def set_level(self, level: float) -> None:
        """Set the volume; values outside 0…1 are brought in."""
        self.level = min(1.0, max(0.0, level))
        self._engine.set_volume(self.level)

    def set_muted(self, muted: bool) -> None:
        """Make it silent, or heard again, without forgetting the level."""
        self.muted = muted
        self._engine.set_muted(muted)
