"""A part of a file as if it were a file of its own."""

from dataclasses import replace

import numpy as np

from mecomp_desktop.audio.decoder import Decoder, Samples
from mecomp_desktop.domain.part import Part


class PartDecoder(Decoder):
    """Decodes one part; frames are counted from its beginning, and its end is an end.

    Args:
        whole: The file's decoder, which belongs to this one from now on. It is not moved where it
            stands at the part's beginning: what follows there has no seam.
        part: The part.

    Raises:
        UnreadableFile: It cannot be decoded up to there.
    """

    def __init__(self, whole: Decoder, part: Part) -> None:
        super().__init__(whole.path)
        self.whole = whole
        self._start, self._end = part.frames(whole.info.sample_rate_hz)
        length_s = part.length_s(whole.info.duration_s)
        is_estimate = whole.info.duration_is_estimate and part.end_s is None
        self.info = replace(whole.info, duration_s=length_s, duration_is_estimate=is_estimate)
        promised = whole.promised_frames
        if promised is not None:
            end = promised if self._end is None else min(self._end, promised)
            promised = max(0, end - self._start)
        self.promised_frames = promised
        if whole.position != self._start:
            whole.seek(self._start)

    def _read(self, frames: int) -> Samples:
        if self._end is not None:
            frames = min(frames, self._end - self._start - self.position)
        if frames <= 0:
            return np.empty((0, self.info.channels), np.float32)
        return self.whole.read(frames)

    def _seek(self, frame: int) -> None:
        self.ended_at = None
        if self._end is not None:
            frame = min(frame, self._end - self._start)
        self.whole.seek(self._start + frame)
        self.position = max(0, self.whole.position - self._start)

    def close(self) -> None:
        """Let go of the file."""
        self.whole.close()
