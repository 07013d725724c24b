"""The sound card's side of the ring: volume, pause, jumps and silence, without ever waiting."""

import time

import numpy as np

from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.ring import Ring

_FADE_S = 0.005


class AudioCallback:
    """Fills the sound card's blocks from a ring.

    ``fill`` runs on the sound card's thread. It takes no lock, touches no file, logs nothing and
    allocates no buffers. Everything else here is one attribute written by one side.

    Attributes:
        ring: Where the frames come from; replaced only while no output is open.
        playing: Whether to take frames; the engine's.
        volume: A linear factor; exactly 1 passes samples through untouched; the engine's.
        underruns: How often the ring was empty in the middle of a piece.
        mark: The frame after the last one handed out, and when that was (``time.monotonic``).
        called_at_s: When the sound card asked last (``time.monotonic``).
    """

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self.playing = False
        self.volume = 1.0
        self.underruns = 0
        self.mark: tuple[int, float] = (0, 0.0)
        self.called_at_s = 0.0
        self._gain = 0.0
        # A piece that begins at its beginning must not be faded in: every sample counts.
        self._fresh = True
        self.attach(ring)

    def attach(self, ring: Ring) -> None:
        """Take frames from this ring from now on; only while no output is open."""
        self.ring = ring
        frames = round(_FADE_S * ring.rate_hz)
        self._ramp: Samples = np.linspace(1 / frames, 1, frames, dtype=np.float32)[:, None]
        self._scratch: Samples = np.empty_like(self._ramp)
        self.jump()

    def jump(self) -> None:
        """Go on from where the ring was told to skip to."""
        self._skips = self.ring.skips
        self.ring.jump()
        self._gain, self._fresh = 0.0, not self.ring.fade_in
        self.mark = (self.ring.taken, time.monotonic())

    def catch_up(self) -> None:
        """Follow a skip on the reader's behalf; only while no output is open."""
        if self.ring.skips != self._skips:
            self.jump()

    def fill(self, out: Samples) -> None:
        """Fill float32 [n, 2], with silence where there is nothing to play."""
        self.called_at_s = time.monotonic()
        # Everything the other threads may replace is read once: it must not change half-way.
        ring = self.ring
        if ring.skips != self._skips:
            self._fade_out(out, ring.skip_to - ring.taken)
            self.jump()
        elif not self.playing:
            self._fade_out(out, len(out))
        elif ring.hold:
            out.fill(0)
        else:
            self._pour(out)

    def _pour(self, out: Samples) -> None:
        ended = self.ring.ended  # before the count: frames are written before this is taken back
        count = self.ring.take(out)
        if count < len(out):
            # Silence at once; to wait for the decoder here would hold up every other program's
            # sound on some systems, and this one's for longer than it was late.
            out[count:] = 0
            if not ended:
                self.underruns += 1
        if count:
            if self._fresh:
                self._gain, self._fresh = self.volume, False
            self._scale(out[:count], self.volume)
            self.mark = (self.ring.taken, self.called_at_s)

    def _fade_out(self, out: Samples, limit: int) -> None:
        """Let the last sound die away within a few milliseconds, then give silence."""
        count = 0
        if self._gain > 0:
            count = self.ring.take(out[: max(0, min(len(self._ramp), limit))])
            self._scale(out[:count], 0.0)
            self._gain = 0.0
            self.mark = (self.ring.taken, self.called_at_s)
        out[count:] = 0

    def _scale(self, block: Samples, goal: float) -> None:
        # In a ramp of 5 ms: a factor that jumps is heard as a click. In place and in a buffer made
        # beforehand: memory asked for here may have to be waited for.
        count = 0
        if self._gain != goal and len(block):
            count = min(len(block), len(self._ramp))
            step = self._scratch[:count]
            np.multiply(self._ramp[:count], (goal - self._gain) * len(self._ramp) / count, out=step)
            np.add(step, self._gain, out=step)
            np.multiply(block[:count], step, out=block[:count])
            self._gain = goal
        if goal != 1.0:
            rest = block[count:]
            np.multiply(rest, goal, out=rest)
