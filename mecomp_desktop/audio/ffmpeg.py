"""Decoding by FFmpeg (PyAV): Ogg, Opus, AAC, ALAC, WMA, WavPack and all that libsndfile lacks."""

import logging
from collections import Counter, deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from mecomp_desktop.audio.bounded_file import BoundedFile
from mecomp_desktop.audio.decoder import AudioInfo, Decoder, Samples
from mecomp_desktop.audio.ffmpeg_container import open_bounded
from mecomp_desktop.audio.frame_converter import FrameConverter, Target
from mecomp_desktop.audio.guard import check_claims
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.formats.byte_range import ByteRange
from mecomp_desktop.formats.mp4 import gapless_frames
from mecomp_desktop.formats.probe import FormatProbe

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
# Padding at the end is at most a block or two; more beyond the claimed end than this is music.
_MAX_PADDING_FRAMES = 8_192


class FfmpegDecoder(Decoder):
    """One file open in FFmpeg.

    Args:
        path: An existing file.
        look: What its bytes tell.
        where: The part of the file to decode; all of it if ``None``.
        target: What to convert to; what the stream begins with if ``None``.

    Raises:
        UnreadableFile: FFmpeg does not know the format, there is no audio stream in it, or not
            even its beginning decodes.
    """

    def __init__(
        self,
        path: Path,
        look: FormatProbe | None = None,
        where: ByteRange | None = None,
        target: Target | None = None,
    ) -> None:
        super().__init__(path)
        self._look = look if look is not None else FormatProbe("")
        self._where = where if where is not None else self._look.sound
        self._target = target
        self._pending: deque[Samples] = deque()
        self._open()
        try:
            self._learn()
        except BaseException:
            self.close()
            raise

    @property
    def target(self) -> Target:
        """What it gives."""
        return self._converter.target

    def _read(self, frames: int) -> Samples:
        """Return the next block; packets that do not decode are left out."""
        parts: list[Samples] = []
        missing = self._allowed(frames)
        while missing > 0 and self._fill():
            block = self._pending.popleft()
            if len(block) > missing:
                self._pending.appendleft(block[missing:])
                block = block[:missing]
            parts.append(block)
            missing -= len(block)
        return np.concatenate(parts) if parts else self._nothing()

    def _seek(self, frame: int) -> None:
        """Continue at exactly this frame (in Matroska with changing block sizes: within 1 ms)."""
        preroll = round(_PREROLL_S * self.info.sample_rate_hz)
        if self._is_linear:
            if frame < self.position:
                self._restart()
        elif frame > preroll and self._jump_to(frame, frame - preroll):
            return
        else:
            self._restart()
        self.ended_at = None
        self._skip_to(frame)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()
        self._file.close()

    @property
    def _is_linear(self) -> bool:
        """Whether places are found by walking: the rate is converted, timestamps say nothing."""
        return self._native_rate_hz != self._converter.target.sample_rate_hz

    def _open(self) -> None:
        self._file: BoundedFile
        self._container: Any
        self._file, self._container = open_bounded(self.path, self._look.kind, self._where)
        streams = self._container.streams.audio
        if not streams:
            self.close()
            raise UnreadableFile(self.path, Reason.NOT_AUDIO, "no audio stream")
        self._stream = streams[0]
        self._frames = self._decode()

    def _learn(self) -> None:
        """Decode two frames to learn what the header may leave open: rate, start, block size."""
        context = self._stream.codec_context
        # Before anything is decoded: what is out of bounds would be made room for first.
        if context.sample_rate and context.layout.nb_channels:
            check_claims(self.path, context.sample_rate, context.layout.nb_channels)
        first, second = next(self._frames, None), next(self._frames, None)
        if first is None:
            raise UnreadableFile(self.path, Reason.NO_AUDIO, "nothing decodes")
        rate_hz, channels = int(first.sample_rate), int(first.layout.nb_channels)
        check_claims(self.path, rate_hz, channels)
        target = self._target or Target(rate_hz, str(first.layout.name), channels)
        self._native_rate_hz = rate_hz
        self._converter = FrameConverter(target)
        self._start_pts: int | None = first.pts
        self._first_size = int(first.samples)
        self._block_size = int(second.samples) if second is not None else self._first_size
        self._limit, self.promised_frames, duration_s = self._length(target.sample_rate_hz)
        codec = str(self._stream.codec_context.name)
        self.info = AudioInfo(duration_s, target.sample_rate_hz, target.channels, codec)
        for frame in (first, second):
            if frame is not None:
                self._pending.append(self._converter.convert(frame))
        self._drop_delay()

    def _drop_delay(self) -> None:
        """Go past what lies before the sound: frame 0 is the first of the music."""
        self.position = -self._look.delay_frames
        self._skip_to(0)
        self.position = max(0, self.position)
        self.ended_at = None

    def _length(self, rate_hz: int) -> tuple[int | None, int | None, float]:
        """Return where to stop, the promised frames, and the duration in seconds."""
        stream, form = self._stream, self._container.format.name.split(",")[0]
        if stream.duration is not None and stream.time_base is not None:
            seconds = stream.duration * stream.time_base
        else:
            seconds = Fraction(self._container.duration or 0, av.time_base)
        frames = round(seconds * rate_hz)
        promised = frames if form in _EXACT_LENGTH and frames > 0 and self._look.trusted else None
        limit = None
        if form == "mov" and promised is not None and stream.duration is not None:
            # Only MP4 tells how much of the last block is padding without FFmpeg cutting it itself,
            # in an edit list or, where there is none, in iTunes' own marks.
            marked = gapless_frames(str(self._container.metadata.get("iTunSMPB", "")))
            limit = min(promised, marked) if marked is not None else promised
            if promised - limit > _MAX_PADDING_FRAMES:
                limit = promised
            seconds = min(seconds, Fraction(limit, rate_hz))
        if self._look.promised_s is not None:
            promised = round(self._look.promised_s * rate_hz)
        return limit, promised, max(0.0, float(seconds))

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
                _log.info("%s ends early: %s", self.path, error)
                return
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, ValueError) as error:
                bad += 1
                _log.debug("%s: a packet does not decode: %s", self.path, error)
                if not good and bad > _MAX_BAD_PACKETS_AT_START:
                    reason = Reason.DAMAGED if packet.pts is not None else Reason.NOT_AUDIO
                    raise UnreadableFile(self.path, reason, str(error)) from error
                continue
            for frame in frames:
                good = True
                self._file.sound_came()
                yield frame

    def _fill(self) -> bool:
        """Have a block pending; return whether there is one."""
        while not self._pending:
            frame = next(self._frames, None)
            block = self._converter.flush() if frame is None else self._converter.convert(frame)
            if len(block):
                self._pending.append(block)
            elif frame is None:
                return False
        return True

    def _allowed(self, frames: int) -> int:
        """Return how many of the wanted frames lie before the padding at the end."""
        if self._limit is None:
            return frames
        if self.position + frames > self._limit and self._more_than_padding():
            self._limit = None  # the claim was too small: what is there plays to its end
            return frames
        return min(frames, self._limit - self.position)

    def _more_than_padding(self) -> bool:
        """Return whether more lies behind the claimed end than an encoder fills up with."""
        assert self._limit is not None
        most = self._limit - self.position + _MAX_PADDING_FRAMES
        ahead: deque[Samples] = deque()
        count = 0
        while count <= most and self._fill():
            block = self._pending.popleft()
            count += len(block)
            ahead.append(block)
        self._pending = ahead + self._pending
        return count > most

    def _nothing(self) -> Samples:
        return np.empty((0, self.info.channels), np.float32)

    def _jump_to(self, frame: int, landing: int) -> bool:
        """Seek to before ``landing`` and come up to ``frame``; return whether that is certain."""
        if self._start_pts is None or self._stream.time_base is None:
            return False
        rate_hz = self.info.sample_rate_hz
        raw = landing + self._look.delay_frames
        pts = self._start_pts + int(Fraction(raw, rate_hz) / self._stream.time_base)
        try:
            self._container.seek(pts, stream=self._stream, backward=True)
        except (av.error.FFmpegError, OSError):
            return False
        self._frames = self._decode()
        self._pending.clear()
        self._converter.flush()
        self.ended_at = None
        begin = self._place(frame)
        if begin is None or begin > frame:
            return False
        self.position = begin
        self._skip_to(frame)
        return True

    def _place(self, frame: int) -> int | None:
        """Decode over ``frame`` and return the index of the first pending frame, if certain."""
        starts: Counter[int] = Counter()
        count = 0
        for decoded in self._frames:
            if decoded.pts is None or decoded.sample_rate != self._native_rate_hz:
                return None
            start = self._index(decoded.pts) - count
            starts[start] += 1
            block = self._converter.convert(decoded)
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
        raw = round((pts - self._start_pts) * time_base * self.info.sample_rate_hz)
        return raw - self._look.delay_frames

    def _snapped(self, index: int) -> int:
        """Undo the rounding of coarse timestamps (ASF, Matroska) by the codec's block size."""
        coarse = self._stream.time_base > Fraction(1, self.info.sample_rate_hz)
        if not coarse or index < self._first_size or not self._block_size:
            return index
        blocks = round((index - self._first_size) / self._block_size)
        return self._first_size + blocks * self._block_size

    def _restart(self) -> None:
        self.close()
        self._pending.clear()
        self._converter.flush()
        self.ended_at = None
        self._open()
        self._drop_delay()
