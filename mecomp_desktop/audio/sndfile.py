"""Decoding by libsndfile: WAV, FLAC, AIFF, MP3 with an index, and other plain formats."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.audio.guard import check_claims
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.formats.probe import FormatProbe

_log = logging.getLogger(__name__)

_CODECS = {"MPEG_LAYER_III": "mp3", "MPEG_LAYER_II": "mp2", "MPEG_LAYER_I": "mp1"}


class SndfileDecoder(Decoder):
    """One file open in libsndfile.

    Args:
        path: An existing file.
        look: What its bytes tell; of an uncompressed file they tell how many samples its header
            promises, where libsndfile itself reports what is there.
        rescue: Opens the file with another decoder, which takes over where libsndfile gives up.

    Raises:
        UnreadableFile: libsndfile does not know the format, or there are no frames.
    """

    def __init__(
        self,
        path: Path,
        look: FormatProbe,
        rescue: Callable[[Path], Decoder] | None = None,
    ) -> None:
        super().__init__(path)
        self._rescue = rescue
        self._rescuer: Decoder | None = None
        name = str(path) if os.name == "nt" else os.fsencode(path)
        try:
            self._file: Any = soundfile.SoundFile(name)
        except (soundfile.SoundFileError, TypeError, RuntimeError) as error:
            raise UnreadableFile(path, Reason.NOT_AUDIO, str(error)) from error
        try:
            self._learn(look)
        except BaseException:
            self._file.close()
            raise

    def _learn(self, look: FormatProbe) -> None:
        rate, frames = int(self._file.samplerate), int(self._file.frames)
        channels = int(self._file.channels)
        check_claims(self.path, rate, channels)
        if frames <= 0:
            raise UnreadableFile(self.path, Reason.NO_AUDIO, "no frames")
        form, subtype = str(self._file.format), str(self._file.subtype)
        codec = _CODECS.get(subtype, form.lower())
        self.info = AudioInfo(frames / rate, rate, channels, codec)
        self.promised_frames = self._promised(frames, subtype, look.data_bytes)
        if look.promised_s is not None:
            self.promised_frames = round(look.promised_s * rate)

    def _read(self, frames: int) -> Samples:
        return self._read_own(frames) if self._rescuer is None else self._rescuer.read(frames)

    def _read_own(self, frames: int) -> Samples:
        block: Samples = np.empty((frames, self.info.channels), np.float32)
        block[:, 0] = np.nan  # marks what is not filled when libsndfile gives up in the middle
        try:
            read: Samples = self._file.read(frames, out=block)
            return read
        except (soundfile.SoundFileError, RuntimeError) as error:
            empty = np.flatnonzero(np.isnan(block[:, 0]))
            block = block[: int(empty[0])] if empty.size else block
            _log.info("%s is damaged after frame %d: %s", self.path, self.position, error)
            rest = self._call_rescue(self.position + len(block), frames - len(block))
            return np.concatenate([block, rest]) if len(rest) else block

    def _call_rescue(self, frame: int, frames: int) -> Samples:
        """Have the other decoder take over at ``frame``; return its first block."""
        nothing = np.empty((0, self.info.channels), np.float32)
        if self._rescue is None:
            return nothing
        try:
            rescuer = self._rescue(self.path)
        except UnreadableFile:
            return nothing
        if rescuer.info.channels != self.info.channels:
            rescuer.close()
            return nothing
        self._rescuer = rescuer
        rescuer.seek(frame)
        return rescuer.read(frames)

    def _seek(self, frame: int) -> None:
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
        """Let go of the file. Idempotent."""
        self._file.close()
        if self._rescuer is not None:
            self._rescuer.close()

    def _walk_to(self, frame: int) -> None:
        """Read up to a frame that cannot be sought: the place is missing from a cut-off file."""
        try:
            self._file.seek(0)
        except (soundfile.SoundFileError, RuntimeError) as error:
            raise UnreadableFile(self.path, Reason.DAMAGED, str(error)) from error
        self.position = 0
        self._skip_to(frame)

    def _promised(self, frames: int, subtype: str, data_bytes: int | None) -> int:
        width = {"PCM_S8": 1, "PCM_U8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4}
        if data_bytes is None or subtype not in width:
            return frames
        return max(frames, data_bytes // (width[subtype] * self.info.channels))
