"""Decoding by libsndfile: WAV, FLAC, AIFF, MP3 with an index, and other plain formats."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.errors import Reason, UnreadableFile

_log = logging.getLogger(__name__)

_CODECS = {"MPEG_LAYER_III": "mp3", "MPEG_LAYER_II": "mp2", "MPEG_LAYER_I": "mp1"}


class SndfileDecoder(Decoder):
    """One file open in libsndfile.

    Args:
        path: An existing file.
        data_bytes: How many bytes of samples an uncompressed file's header promises, if known;
            libsndfile itself reports what is there.
        rescue: Opens the file with another decoder, which takes over where libsndfile gives up.

    Raises:
        UnreadableFile: libsndfile does not know the format, or there are no frames.
    """

    def __init__(
        self,
        path: Path,
        data_bytes: int | None = None,
        rescue: Callable[[Path], Decoder] | None = None,
    ) -> None:
        super().__init__()
        self._path = path
        self._rescue = rescue
        self._rescuer: Decoder | None = None
        name = str(path) if os.name == "nt" else os.fsencode(path)
        try:
            self._file: Any = soundfile.SoundFile(name)
        except (soundfile.SoundFileError, TypeError, RuntimeError) as error:
            raise UnreadableFile(path, Reason.NOT_AUDIO, str(error)) from error
        rate, frames = int(self._file.samplerate), int(self._file.frames)
        if frames <= 0:
            self._file.close()
            raise UnreadableFile(path, Reason.NO_AUDIO, "no frames")
        form, subtype = str(self._file.format), str(self._file.subtype)
        codec = _CODECS.get(subtype, form.lower())
        self.info = AudioInfo(frames / rate, rate, int(self._file.channels), codec)
        self.promised_frames = self._promised(frames, subtype, data_bytes)

    def read(self, frames: int) -> Samples:
        """Return the next float32 [n, channels]."""
        block = self._read_own(frames) if self._rescuer is None else self._rescuer.read(frames)
        self.position += len(block)
        if len(block) < frames:
            self.ended_at = self.position
        return block

    def _read_own(self, frames: int) -> Samples:
        block: Samples = np.empty((frames, self.info.channels), np.float32)
        block[:, 0] = np.nan  # marks what is not filled when libsndfile gives up in the middle
        try:
            read: Samples = self._file.read(frames, out=block)
            return read
        except (soundfile.SoundFileError, RuntimeError) as error:
            empty = np.flatnonzero(np.isnan(block[:, 0]))
            block = block[: int(empty[0])] if empty.size else block
            _log.info("%s is damaged after frame %d: %s", self._path, self.position, error)
            rest = self._call_rescue(self.position + len(block), frames - len(block))
            return np.concatenate([block, rest]) if len(rest) else block

    def _call_rescue(self, frame: int, frames: int) -> Samples:
        """Have the other decoder take over at ``frame``; return its first block."""
        nothing = np.empty((0, self.info.channels), np.float32)
        if self._rescue is None:
            return nothing
        try:
            rescuer = self._rescue(self._path)
        except UnreadableFile:
            return nothing
        if rescuer.info.channels != self.info.channels:
            rescuer.close()
            return nothing
        self._rescuer = rescuer
        rescuer.seek(frame)
        return rescuer.read(frames)

    def seek(self, frame: int) -> None:
        """Continue at exactly this frame."""
        target = min(frame, int(self._file.frames))
        if self._rescuer is not None:
            self._rescuer.seek(target)
            self.position = target
            return
        try:
            self._file.seek(target)
            self.position = target
        except (soundfile.SoundFileError, RuntimeError):
            self._walk_to(target)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        if self._rescuer is not None:
            self._rescuer.close()

    def _walk_to(self, frame: int) -> None:
        """Read up to a frame that cannot be sought: the place is missing from a cut-off file."""
        try:
            self._file.seek(0)
        except (soundfile.SoundFileError, RuntimeError) as error:
            raise UnreadableFile(self._path, Reason.DAMAGED, str(error)) from error
        self.position = 0
        while self.position < frame:
            if len(self.read(min(65_536, frame - self.position))) == 0:
                return

    def _promised(self, frames: int, subtype: str, data_bytes: int | None) -> int:
        width = {"PCM_S8": 1, "PCM_U8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4}
        if data_bytes is None or subtype not in width:
            return frames
        return max(frames, data_bytes // (width[subtype] * self.info.channels))
