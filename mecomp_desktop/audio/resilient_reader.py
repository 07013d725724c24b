"""Reading one file to its end while others write to it: it is opened again at its place."""

import logging
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mecomp_desktop.audio.decode import open_audio, shortfall
from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.audio.part_decoder import PartDecoder
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile

_log = logging.getLogger(__name__)

# A tagger that makes room for its tags rewrites the head of the file and moves the rest.
_HEAD_BYTES = 64 * 1024
# While a file is being rewritten it may not open; the ring holds 2 s of sound meanwhile.
_RETRY_AFTER_S = 0.1
_MAX_FAILURES_WHILE_CHANGING = 30


class _Stamp(NamedTuple):
    """What changes when a file is written to."""

    inode: int
    size: int
    modified_ns: int


class ResilientReader:
    """Blocks of a file from a place on, whatever happens to the file meanwhile.

    A retagged file has its sound at other offsets: an open decoder would read tags as sound, or
    raise. So the file is looked at after every block, and a block from a file that has changed is
    dropped and read again from a new decoder. Whatever a decoder raises is answered the same way;
    only what fails twice at one place is given up.

    Args:
        path: The file.
        place_s: Where to begin, in seconds of the file or the part.
        part: The stretch of the file that is read as if it were all; all of it if ``None``.
        before: The reader of what is played before it. Where that has just come to the place
            where this one begins, its decoder goes on: no second one, and no seam.

    Raises:
        UnreadableFile: It cannot be opened, or not decoded up to there.

    Attributes:
        info: What was known when it was opened first; its rate and channels stay.
        read_from_start: Whether nothing was left out, so that its end tells its length.
    """

    def __init__(
        self,
        path: Path,
        place_s: float = 0.0,
        part: Part | None = None,
        before: "ResilientReader | None" = None,
    ) -> None:
        self._path = path
        self._part = part
        self._decoder: Decoder | None = None
        self._place = 0
        self._failed_at: int | None = None
        self._failures = 0
        self._retry_at_s = 0.0
        self._stamp: _Stamp | None = None
        self._head = b""
        decoder = None if before is None else self._take_over(before)
        if decoder is None:
            self._remember_file()
            decoder = open_audio(path, part)
        self.info: AudioInfo = decoder.info
        try:
            if place_s > 0:
                decoder.seek(round(place_s * decoder.info.sample_rate_hz))
        except BaseException:
            decoder.close()
            raise
        self._decoder = decoder
        self._place = decoder.position
        # After a seek some formats only guess where they are, and so how long they are.
        self.read_from_start = place_s <= 0

    @property
    def cut_off(self) -> bool:
        """Whether the file ended clearly before its promised end."""
        return self._decoder is not None and self._decoder.cut_off

    @property
    def shortfall(self) -> str:
        """How much of a cut-off file is there."""
        return shortfall(self._decoder) if self._decoder is not None else ""

    @property
    def decoded_s(self) -> float | None:
        """The file's real length, once its end was met; else ``None``."""
        if self._decoder is None or self._decoder.ended_at is None:
            return None
        return self._decoder.ended_at / self.info.sample_rate_hz

    @property
    def waiting(self) -> bool:
        """Whether nothing can be read at the moment, because somebody rewrites the file."""
        return time.monotonic() < self._retry_at_s

    def read(self, frames: int) -> Samples | None:
        """Return the next float32 [n, channels], n > 0; ``None`` at the end.

        While somebody writes the file, n may be 0: there is nothing yet, and a later call tells.

        Raises:
            UnreadableFile: It failed twice at this place.
        """
        if self.waiting:
            return self._nothing()
        try:
            block = self._open_decoder().read(frames)
        except UnreadableFile as failure:
            self._take_note(failure, changed=self._file_changed())
            return self._nothing()
        if self._file_changed():
            _log.info("%s was rewritten; it goes on at frame %d", self._path, self._place)
            self._close_decoder()
            return self._nothing()
        self._place += len(block)
        self._failures = 0
        return block if len(block) else None

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._close_decoder()

    def _take_over(self, before: "ResilientReader") -> Decoder | None:
        """Return the decoder of the part before this one, if it stands where this one begins."""
        done = before._decoder
        if self._part is None or before._path != self._path or not isinstance(done, PartDecoder):
            return None
        if done.whole.position != self._part.frames(done.info.sample_rate_hz)[0]:
            return None
        before._decoder = None
        # The file as it was when that decoder was opened: whatever came since is still to be seen.
        self._stamp, self._head = before._stamp, before._head
        return PartDecoder(done.whole, self._part)

    def _take_note(self, failure: UnreadableFile, *, changed: bool) -> None:
        """Decide whether a failure is the last one."""
        self._close_decoder()
        self._failures += 1
        if changed and self._failures <= _MAX_FAILURES_WHILE_CHANGING:
            self._retry_at_s = time.monotonic() + _RETRY_AFTER_S
            return
        if self._failed_at == self._place:
            raise failure
        self._failed_at = self._place
        _log.info("%s failed at frame %d: %s", self._path, self._place, failure.detail)

    def _open_decoder(self) -> Decoder:
        if self._decoder is None:
            # Before it is opened: a change after this look is seen at the next.
            self._remember_file()
            decoder = open_audio(self._path, self._part)
            self.read_from_start = False
            try:
                self._check_same_kind(decoder)
                decoder.seek(self._place)
            except BaseException:
                decoder.close()
                raise
            self._decoder = decoder
        return self._decoder

    def _check_same_kind(self, decoder: Decoder) -> None:
        before, now = self.info, decoder.info
        if (before.sample_rate_hz, before.channels) != (now.sample_rate_hz, now.channels):
            # Another song under this name: its places are not those of the song that plays.
            raise UnreadableFile(self._path, Reason.DAMAGED, "it was replaced by another sound")

    def _close_decoder(self) -> None:
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _remember_file(self) -> None:
        self._stamp = _stamp(self._path)
        self._head = _head(self._path)

    def _file_changed(self) -> bool:
        """Return whether the sound may lie elsewhere in the file than when it was opened."""
        stamp = _stamp(self._path)
        # A file that is gone or out of reach goes on from what is open.
        if stamp is None or stamp == self._stamp:
            return False
        if _head(self._path) != self._head:
            return True
        self._stamp = stamp  # it grew, or got tags at its end: the sound is where it was
        return False

    def _nothing(self) -> Samples:
        return np.empty((0, self.info.channels), np.float32)


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return _Stamp(status.st_ino, status.st_size, status.st_mtime_ns)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""
