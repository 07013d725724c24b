"""Decoding by FFmpeg (PyAV): Ogg, Opus, AAC, ALAC, WMA, WavPack and all that libsndfile lacks."""

import logging
from collections import Counter, deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np

from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.errors import Reason, UnreadableFile

_log = logging.getLogger(__name__)

# A decoder needs some sound before the place it is sent to until it gives what it would have
# given anyway (Opus asks for 80 ms, MP3 for its bit reservoir, Vorbis for one long block).
_PREROLL_S = 0.5
# Timestamps of several frames are compared, because single ones are off in Vorbis.
_MIN_FRAMES_TO_PLACE = 8
_MAX_BAD_PACKETS_AT_START = 4
# Containers whose header states the length. Of the others FFmpeg takes it from the file's end (Ogg)
# or guesses it from the bitrate, and neither tells whether something is missing.
_EXACT_LENGTH = {"mov", "asf", "wv", "flac", "wav", "aiff", "tta", "ape", "matroska"}


# Texts that are not UTF-8: PyAV 19 escapes them, those before have to be told not to give up.
_PYAV_ESCAPES = int(av.__version__.partition(".")[0]) >= 19
_TOLERANT = {} if _PYAV_ESCAPES else {"metadata_errors": "surrogateescape"}


def open_container(file: str | BinaryIO) -> Any:  # noqa: ANN401  (PyAV's classes are not typed)
    """Open a file in FFmpeg, whatever its tags contain.

    Args:
        file: ``file:`` and a path in UTF-8, or an open file.

    Returns:
        PyAV's container; bytes of its metadata that are not UTF-8 are surrogate escapes.

    Raises:
        av.error.FFmpegError: FFmpeg cannot open it.
    """
    # A playlist that passes for audio must not make us call anyone.
    options: dict[str, Any] = {"options": {"protocol_whitelist": "file"}, **_TOLERANT}
    return av.open(file, **options)


class FfmpegDecoder(Decoder):
    """One file open in FFmpeg.

    Raises:
        UnreadableFile: FFmpeg does not know the format, there is no audio stream in it, or not
            even its beginning decodes.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._source: BinaryIO | None = None
        self._pending: deque[Samples] = deque()
        self._converter: Any = None
        self._open()
        try:
            self._learn()
        except BaseException:
            self.close()
            raise

    def read(self, frames: int) -> Samples:
        """Return the next float32 [n, channels]; packets that do not decode are left out."""
        parts: list[Samples] = []
        missing = self._allowed(frames)
        while missing > 0 and self._fill():
            block = self._pending.popleft()
            if len(block) > missing:
                self._pending.appendleft(block[missing:])
                block = block[:missing]
            parts.append(block)
            missing -= len(block)
        result = np.concatenate(parts) if parts else self._nothing()
        self.position += len(result)
        if len(result) < frames:
            self.ended_at = self.position
        return result

    def seek(self, frame: int) -> None:
        """Continue at exactly this frame (in Matroska with changing block sizes: within 1 ms)."""
        preroll = round(_PREROLL_S * self.info.sample_rate_hz)
        if frame <= preroll or not self._jump_to(frame, frame - preroll):
            self._restart()
            self._skip(frame)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()
        if self._source is not None:
            self._source.close()

    def _open(self) -> None:
        name: Any = f"file:{self._path}"
        try:
            name.encode()
        except UnicodeEncodeError:
            # FFmpeg takes UTF-8 names alone; Python's file takes any.
            name = self._source = self._path.open("rb")
        try:
            self._container: Any = open_container(name)
        except (av.error.FFmpegError, ValueError, OSError) as error:
            if self._source is not None:
                self._source.close()
            raise UnreadableFile(self._path, Reason.NOT_AUDIO, str(error)) from error
        if not self._container.streams.audio:
            self.close()
            raise UnreadableFile(self._path, Reason.NOT_AUDIO, "no audio stream")
        self._stream = self._container.streams.audio[0]
        self._frames = self._decode()

    def _learn(self) -> None:
        """Decode two frames to learn what the header may leave open: rate, start, block size."""
        self._rate = 0
        first, second = next(self._frames, None), next(self._frames, None)
        if first is None:
            raise UnreadableFile(self._path, Reason.NO_AUDIO, "nothing decodes")
        self._rate, self._layout = int(first.sample_rate), first.layout.name
        self._start_pts: int | None = first.pts
        self._first_size = int(first.samples)
        self._block_size = int(second.samples) if second is not None else self._first_size
        channels = int(first.layout.nb_channels)
        self._limit, self.promised_frames, duration_s = self._length()
        self.info = AudioInfo(duration_s, self._rate, channels, str(self._stream.codec.name))
        for frame in (first, second):
            if frame is not None:
                self._pending.append(self._samples(frame))

    def _length(self) -> tuple[int | None, int | None, float]:
        """Return where to stop, the promised frames, and the duration in seconds."""
        stream, form = self._stream, self._container.format.name.split(",")[0]
        if stream.duration is not None:
            seconds = stream.duration * stream.time_base
        else:
            seconds = Fraction(self._container.duration or 0, av.time_base)
        frames = round(seconds * self._rate)
        promised = frames if form in _EXACT_LENGTH and frames > 0 else None
        # Only MP4 tells how much of the last block is padding without FFmpeg cutting it itself.
        limit = promised if form == "mov" and stream.duration is not None else None
        return limit, promised, float(seconds)

    def _decode(self) -> Iterator[Any]:
        """Yield frames to the end; a packet that does not decode is left out."""
        bad, good = 0, False
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.error.FFmpegError, OSError) as error:
                _log.info("%s ends early: %s", self._path, error)
                return
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, ValueError) as error:
                bad += 1
                _log.debug("%s: a packet does not decode: %s", self._path, error)
                if not good and bad > _MAX_BAD_PACKETS_AT_START:
                    reason = Reason.DAMAGED if packet.pts is not None else Reason.NOT_AUDIO
                    raise UnreadableFile(self._path, reason, str(error)) from error
                continue
            for frame in frames:
                good = True
                yield frame

    def _fill(self) -> bool:
        """Have a block pending; return whether there is one."""
        while not self._pending:
            frame = next(self._frames, None)
            if frame is None:
                return False
            block = self._samples(frame)
            if len(block):
                self._pending.append(block)
        return True

    def _allowed(self, frames: int) -> int:
        return frames if self._limit is None else min(frames, self._limit - self.position)

    def _nothing(self) -> Samples:
        return np.empty((0, self.info.channels), np.float32)

    def _samples(self, frame: Any) -> Samples:  # noqa: ANN401  (PyAV's frame class is not typed)
        """Return a frame's float32 [n, channels] at the rate and layout of the first frame."""
        if frame.sample_rate != self._rate or frame.layout.name != self._layout:
            return self._converted(frame)
        array: np.ndarray[Any, Any] = frame.to_ndarray()
        block = array.T if frame.format.is_planar else array.reshape(frame.samples, -1)
        if block.dtype == np.float32:
            return block
        if block.dtype == np.uint8:
            return (block.astype(np.float32) - 128) / np.float32(128)
        if block.dtype.kind == "i":  # a power of two: nothing is lost by dividing float32 at once
            return block.astype(np.float32) / np.float32(-float(np.iinfo(block.dtype).min))
        return block.astype(np.float32)

    def _converted(self, frame: Any) -> Samples:  # noqa: ANN401  (as above)
        """Fit in a frame of another rate or layout: a chained stream, or a switch to mono."""
        if self._converter is None:
            self._converter = av.AudioResampler("fltp", self._layout, self._rate)
        frame.pts = None
        parts = [part.to_ndarray().T for part in self._converter.resample(frame)]
        return np.concatenate(parts) if parts else np.empty((0, 0), np.float32)

    def _jump_to(self, frame: int, landing: int) -> bool:
        """Seek to before ``landing`` and come up to ``frame``; return whether that is certain."""
        if self._start_pts is None or self._stream.time_base is None:
            return False
        pts = self._start_pts + int(Fraction(landing, self._rate) / self._stream.time_base)
        try:
            self._container.seek(pts, stream=self._stream, backward=True)
        except (av.error.FFmpegError, OSError):
            return False
        self._frames = self._decode()
        self._pending.clear()
        self.ended_at = None
        begin = self._place(frame)
        if begin is None or begin > frame:
            return False
        self.position = begin
        self._skip(frame)
        return True

    def _place(self, frame: int) -> int | None:
        """Decode over ``frame`` and return the index of the first pending frame, if certain."""
        starts: Counter[int] = Counter()
        count = 0
        for decoded in self._frames:
            if decoded.pts is None:
                return None
            start = self._index(decoded.pts) - count
            starts[start] += 1
            block = self._samples(decoded)
            count += len(block)
            self._pending.append(block)
            if sum(starts.values()) >= _MIN_FRAMES_TO_PLACE and start + count > frame:
                break
        if not starts:
            return None
        return self._snapped(starts.most_common(1)[0][0])

    def _index(self, pts: int) -> int:
        assert self._start_pts is not None
        time_base: Fraction = self._stream.time_base
        return round((pts - self._start_pts) * time_base * self._rate)

    def _snapped(self, index: int) -> int:
        """Undo the rounding of coarse timestamps (ASF, Matroska) by the codec's block size."""
        if self._stream.time_base <= Fraction(1, self._rate) or index < self._first_size:
            return index
        blocks = round((index - self._first_size) / self._block_size)
        return self._first_size + blocks * self._block_size

    def _restart(self) -> None:
        self.close()
        self._pending.clear()
        self._source, self._converter, self.ended_at = None, None, None
        self._open()
        self.position = 0

    def _skip(self, frame: int) -> None:
        """Read and drop up to ``frame``."""
        while self.position < frame:
            if len(self.read(min(65_536, frame - self.position))) == 0:
                return
