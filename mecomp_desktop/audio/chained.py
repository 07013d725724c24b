"""Chained Ogg: several files in one, each with a rate and channels of its own."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.audio.ffmpeg import FfmpegDecoder
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.formats.ogg import Link
from mecomp_desktop.formats.probe import FormatProbe

_log = logging.getLogger(__name__)


class ChainedDecoder(Decoder):
    """Decodes one link after the other, at the rate and channels of the first.

    FFmpeg gives up where a stream changes its rate; so each link is opened as a file of its own.

    Args:
        path: An Ogg file.
        links: Its links.

    Raises:
        UnreadableFile: No link decodes.
    """

    def __init__(self, path: Path, links: Sequence[Link]) -> None:
        super().__init__(path)
        self._links = links
        self._current: FfmpegDecoder | None = None
        self._index = 0
        self._target = None
        first = self._open_from(0)
        if first is None:
            raise UnreadableFile(path, Reason.DAMAGED, "none of its links decodes")
        self._target = first.target
        duration_s = sum(link.duration_s for link in links)
        info = first.info
        self.info = AudioInfo(duration_s, info.sample_rate_hz, info.channels, info.codec)
        self.promised_frames = None

    def _read(self, frames: int) -> Samples:
        parts: list[Samples] = []
        missing = frames
        while missing > 0 and self._current is not None:
            block = self._current.read(missing)
            missing -= len(block)
            parts.append(block)
            if len(block) == 0:
                self._open_from(self._index + 1)
        if not parts:
            return np.empty((0, self.info.channels), np.float32)
        return np.concatenate(parts)

    def _seek(self, frame: int) -> None:
        start = 0
        for index, link in enumerate(self._links):
            frames = round(link.duration_s * self.info.sample_rate_hz)
            if frame < start + frames or index == len(self._links) - 1:
                decoder = self._open_from(index)
                if decoder is not None:
                    decoder.seek(max(0, frame - start))
                break
            start += frames
        self.ended_at = None
        self.position = frame

    def close(self) -> None:
        """Let go of the file."""
        if self._current is not None:
            self._current.close()
            self._current = None

    def _open_from(self, index: int) -> FfmpegDecoder | None:
        """Open a link, or the first after it that decodes; ``None`` at the end of the file."""
        self.close()
        for number in range(index, len(self._links)):
            self._index = number
            where = self._links[number].where
            try:
                self._current = FfmpegDecoder(self.path, FormatProbe("ogg"), where, self._target)
            except UnreadableFile as failure:
                _log.info("link %d of %s is left out: %s", number, self.path, failure.detail)
            else:
                return self._current
        return None
