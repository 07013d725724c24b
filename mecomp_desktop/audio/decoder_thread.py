"""The decoder thread: keeps the ring full, and joins one file to the next in it."""

import logging
import threading
import time
from collections import deque
from dataclasses import replace

from mecomp_desktop.audio.engine import Playable
from mecomp_desktop.audio.ring import Ring
from mecomp_desktop.audio.segment import Segment
from mecomp_desktop.audio.source import Source, open_source
from mecomp_desktop.errors import UnreadableFile

_log = logging.getLogger(__name__)

RING_S = 2.0
# Room for one block of a source and what a resampler lets go of at once.
_STEP_S = 0.4
_START_AFTER_S = 0.1
# What has been decoded ahead can be taken back until the sound card is this close to it.
_TAKE_BACK_MARGIN_S = 0.1
_POLL_S = 0.05


class DecoderThread:
    """A thread that decodes into a ring.

    Attributes:
        segments: What is in the ring, in order; a new tuple at every change, so that any thread
            may read it without a lock.
        failures: Files that were to follow and cannot be played, for the engine to report.
        early_ends: Files that ended before their end, and why, for the engine to report.
        lengths: Files that were decoded to their end, their length in seconds, and whether that
            is clearly less than promised, for the engine to report.
    """

    def __init__(self) -> None:
        # Replaced, never changed: the engine's and the callers' threads read it without the lock.
        self.segments: tuple[Segment, ...] = ()
        self.failures: deque[tuple[Playable, UnreadableFile]] = deque()
        self.early_ends: deque[tuple[Playable, str]] = deque()
        self.lengths: deque[tuple[Playable, float, bool]] = deque()
        self._lock = threading.Lock()  # the writer's side; the sound card's thread never takes it
        self._wake = threading.Event()
        self._closed = False
        self._ring: Ring | None = None
        self._source: Source | None = None
        self._next: Playable | None = None
        self._serial = 0
        # Where a chain of files in one resampler began: the ring's frame, and the files' frames.
        self._chain = (0, 0)
        self._thread = threading.Thread(target=self._run, name="audio-decoder", daemon=True)
        self._thread.start()

    def begin(self, source: Source, ring: Ring, offset_s: float, *, announce: bool) -> None:
        """Drop what the ring holds and decode this instead; what was to follow still follows."""
        with self._lock:
            self._next = self._upcoming()
            self._drop_source()
            self._ring = ring
            ring.skip(fade_in=offset_s > 0)
            self.segments = ()
            self._adopt(source, ring.written, offset_s, announce=announce)
        self._wake.set()

    def set_next(self, item: Playable | None) -> None:
        """Have this follow; what was decoded ahead of another file is taken back."""
        with self._lock:
            if item == self._upcoming():
                return
            self._take_back()
            self._next = item
        self._wake.set()

    def clear(self) -> None:
        """Forget everything; the ring falls silent."""
        with self._lock:
            self._next = None
            self._drop_source()
            self.segments = ()
            if self._ring is not None:
                self._ring.skip(fade_in=False)
                self._ring.ended = True

    @property
    def finished(self) -> bool:
        """Whether everything is decoded and nothing is to follow."""
        with self._lock:
            return self._source is None and self._next is None

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wake.set()
        self._thread.join()
        with self._lock:
            self._drop_source()

    def _run(self) -> None:
        while not self._closed:
            worked = False
            try:
                with self._lock:
                    worked = self._step()
            except Exception:
                _log.exception("the decoder thread met a bug; it goes on with the next file")
                with self._lock:
                    self._end_source()
            if not worked:
                # The sound card's thread cannot wake anyone, so the ring is looked at in turns.
                self._wake.wait(self._patience_s())
                self._wake.clear()

    def _patience_s(self) -> float | None:
        ring = self._ring
        if ring is None or (self._source is None and self._next is None):
            return None
        return _POLL_S if ring.taken >= ring.skip_to else _POLL_S / 10

    def _step(self) -> bool:
        """Decode one block if there is room; return whether there was anything to do."""
        ring = self._ring
        if ring is None or (self._source is None and self._next is None):
            return False
        # A block is written whole or not at all: a source cannot take back what it has decoded.
        if ring.space < _STEP_S * ring.rate_hz:
            return False
        if self._source is None:
            self._follow(None)
            return True
        try:
            block = self._source.read()
        except UnreadableFile as failure:
            self._give_up(failure)
            return True
        if block is None:
            self._join()
        elif len(block):
            ring.write(block)
            ring.ended = False  # after the frames are there, or the reader would miss them
        elif self._source.reader.waiting:
            return False
        # Until there is some reserve the reader holds: begun with one block, the sound would break
        # off at the first seek of a slow disk.
        buffered = ring.written - max(ring.taken, ring.skip_to)
        if buffered >= _START_AFTER_S * ring.rate_hz or self._source is None:
            ring.hold = False
        return True

    def _adopt(self, source: Source, start: int, offset_s: float, *, announce: bool) -> None:
        self._source = source
        self._serial += 1
        self._chain = (start, 0)
        info = source.info
        segment = Segment(
            serial=self._serial,
            item=source.item,
            start=start,
            end=None,
            offset_s=offset_s,
            duration_s=info.duration_s,
            duration_is_estimate=info.duration_is_estimate,
            announce=announce,
        )
        self.segments = (*self.segments, segment)

    def _join(self) -> None:
        """The source is at its end: continue with the next, in the same resampler if it fits."""
        ended = self._source
        assert ended is not None
        self._learn_length(ended)
        if self._next is None or not self._follow(ended):
            self._end_source()
        ended.close()

    def _give_up(self, failure: UnreadableFile) -> None:
        """The source fails for good: say so, and go on as if it had come to its end."""
        source = self._source
        assert source is not None
        self.early_ends.append((source.item, str(failure.reason)))
        if self._next is None or not self._follow(source):
            self._end_source()
        source.close()

    def _learn_length(self, ended: Source) -> None:
        """Replace what a header claimed by what was decoded, and note what is missing."""
        if ended.reader.cut_off:
            self.early_ends.append((ended.item, f"{ended.reader.shortfall} are there"))
        decoded_s = ended.reader.decoded_s
        if decoded_s is not None:
            if ended.reader.read_from_start:
                self.lengths.append((ended.item, decoded_s, ended.reader.cut_off))
            self.segments = tuple(
                segment.with_fact(decoded_s) if segment.item is ended.item else segment
                for segment in self.segments
            )

    def _follow(self, ended: Source | None) -> bool:
        """Open the next file and let it follow; return whether that worked."""
        ring, item = self._ring, self._next
        assert ring is not None
        assert item is not None
        self._next = None
        try:
            source = open_source(item, lambda _: ring.rate_hz, before=ended)
        except UnreadableFile as failure:
            self.failures.append((item, failure))
            return False
        start, chain = ring.written, None
        # The gapless join. Where both files go through one resampler, the new one begins somewhere
        # inside a block of its output, so the ring's frame is computed from all the frames that
        # went in since the chain began: counting block by block would add up rounding errors, and
        # after an album "now playing" would change too early or too late.
        if ended is not None and ended.joins(source.info):
            chain_start, frames = self._chain
            chain = (chain_start, frames + ended.frames_in)
            start = chain_start + round(chain[1] * ring.rate_hz / ended.info.sample_rate_hz)
        elif ended is not None:
            ring.write(ended.rest())
            start = ring.written
        self._close_segment(start)
        self._adopt(source, start, 0.0, announce=True)
        if chain is not None:
            self._chain = chain
            self._flow_past(start)
        return True

    def _flow_past(self, start: int) -> None:
        """Decode until the old file is out of the shared resampler: then it can be taken back."""
        assert self._ring is not None
        while self._source is not None and self._ring.written < start:
            try:
                block = self._source.read()
            except UnreadableFile as failure:
                self.early_ends.append((self._source.item, str(failure.reason)))
                block = None
            if block is None:
                self._end_source()
            elif len(block):
                self._ring.write(block)
            elif self._source.reader.waiting:
                time.sleep(_POLL_S)

    def _end_source(self) -> None:
        """Nothing follows: let the resampler go and tell the reader that this is all."""
        source, ring = self._source, self._ring
        if source is None or ring is None:
            return
        ring.write(source.rest())
        self._close_segment(ring.written)
        self._drop_source()
        ring.ended, ring.hold = True, False

    def _close_segment(self, end: int) -> None:
        if self.segments and self.segments[-1].end is None:
            self.segments = (*self.segments[:-1], replace(self.segments[-1], end=end))

    def _upcoming(self) -> Playable | None:
        """What follows the track that is being heard: decoded ahead, or waiting."""
        ahead = self._ahead()
        return ahead[0].item if ahead else self._next

    def _ahead(self) -> tuple[Segment, ...]:
        """Return the segments that the sound card has not come to."""
        if self._ring is None:
            return ()
        return tuple(segment for segment in self.segments[1:] if segment.start > self._ring.taken)

    def _take_back(self) -> None:
        """Undo decoding ahead, unless it is about to be heard."""
        ring, ahead = self._ring, self._ahead()
        if ring is None or not ahead:
            return
        start = ahead[0].start
        # Too late if the sound card is about to take it: a rewind under its hands would make it
        # play what is being overwritten. Then the old successor is heard, and the queue follows.
        if not ring.rewind(start, round(_TAKE_BACK_MARGIN_S * ring.rate_hz)):
            return
        self.segments = tuple(segment for segment in self.segments if segment.start < start)
        self._drop_source()
        ring.ended = True

    def _drop_source(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None
