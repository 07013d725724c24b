"""The ring between the decoder thread and the sound card: one writer, one reader, no lock.

Each counter is written by one side alone and only read by the other, and counts frames since the
ring was made. Storing an int in an attribute is one step for Python, so a reader sees the old
count or the new one, and both are safe: the frames are in place before the count moves.
"""

import numpy as np

from mecomp_desktop.audio.decoder import Samples

CHANNELS = 2


class Ring:
    """Float32 [capacity, 2] and two counters.

    Attributes:
        rate_hz: Frames per second.
        written: Frames ever written; the writer's.
        taken: Frames ever taken or skipped; the reader's.
        skips: How often the reader was told to skip; the writer's.
        skip_to: Where the reader goes on from after a skip; the writer's.
        fade_in: Whether the sound at ``skip_to`` sets in within a piece; the writer's.
        hold: Whether the reader waits for more before it begins; the writer's.
        ended: Whether nothing follows what is written; the writer's.
    """

    def __init__(self, rate_hz: int, seconds: float) -> None:
        self.rate_hz = rate_hz
        self.written = 0
        self.taken = 0
        self.skips = 0
        self.skip_to = 0
        self.fade_in = False
        self.hold = True
        self.ended = True
        self._frames: Samples = np.zeros((round(rate_hz * seconds), CHANNELS), np.float32)

    @property
    def capacity(self) -> int:
        """Frames that fit."""
        return len(self._frames)

    @property
    def space(self) -> int:
        """Frames that can be written now."""
        return self.capacity - max(0, self.written - self.taken)

    def write(self, block: Samples) -> None:
        """Writer: add float32 [n, 2].

        Raises:
            ValueError: There is no room for it; the writer has to look at ``space`` first.
        """
        count = len(block)
        if count > self.space:
            raise ValueError(f"{count} frames do not fit into {self.space}")
        start = self.written % self.capacity
        first = min(count, self.capacity - start)
        # The frames first, the count last: a reader that runs in between sees the old count, and
        # does not touch what is only half there.
        self._frames[start : start + first] = block[:first]
        self._frames[: count - first] = block[first:]
        self.written += count

    def skip(self, *, fade_in: bool) -> None:
        """Writer: have the reader drop everything so far, and hold until told to go on."""
        self.hold, self.ended = True, False
        self.fade_in = fade_in
        self.skip_to = self.written
        self.skips += 1  # last: the reader looks at this first

    def rewind(self, index: int, margin: int) -> bool:
        """Writer: take back what was written from ``index`` on, if that is not about to be read.

        Args:
            index: At most ``written``.
            margin: Frames that must lie between the reader and ``index``.

        Returns:
            Whether it was taken back; otherwise nothing has changed.
        """
        before = self.written
        if self.taken + margin > index:
            return False
        # Without a lock the reader may take frames between the look above and this store. The
        # margin makes that unlikely, the look below notices it: then what it took was still the
        # old sound, whole, and nothing is overwritten.
        self.written = index
        if self.taken > index:
            self.written = before
            return False
        return True

    def take(self, out: Samples) -> int:
        """Reader: fill the front of ``out`` [n, 2] and return how many frames that were."""
        # After a rewind ``written`` may lie behind ``taken`` for a moment; then there is nothing.
        count = max(0, min(len(out), self.written - self.taken))
        start = self.taken % self.capacity
        first = min(count, self.capacity - start)
        out[:first] = self._frames[start : start + first]
        out[first:count] = self._frames[: count - first]
        self.taken += count
        return count

    def jump(self) -> None:
        """Reader: go on from ``skip_to``."""
        self.taken = max(self.taken, self.skip_to)
