"""What the window shows of a radio."""

from dataclasses import dataclass

from mecomp_desktop.radio.seed import RadioSeed


@dataclass(frozen=True, slots=True)
class RadioStatus:
    """The radio that fills the queue.

    Attributes:
        seed: What it started from.
        known: From how many songs it chooses: those that have been analysed.
        total: How many songs the library has.
        is_growing: Whether more of them are being analysed.
        is_far: Whether nothing in the library sounds close to the seed.
    """

    seed: RadioSeed
    known: int
    total: int
    is_growing: bool
    is_far: bool

    @property
    def sentence(self) -> str:
        """What is to be said beside the name; empty when nothing is."""
        if self.is_growing and self.known < self.total:
            return f"from {self.known:,} of {self.total:,} songs so far"
        return "nothing in your library is close to it" if self.is_far else ""
