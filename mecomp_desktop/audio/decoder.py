"""What every decoder gives: blocks of float32 samples, and seeks that land on the exact frame."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from mecomp_desktop.audio.guard import unreadable_if_raised
from mecomp_desktop.formats.probe import is_clearly_less

Samples: TypeAlias = npt.NDArray[np.float32]
"""Float32 [frames, channels] (or [frames] where said so), full scale −1…1."""

_SKIP_FRAMES = 65_536


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What is known of a file's sound before it is decoded.

    Attributes:
        duration_s: The length; 0 where nothing tells it.
        sample_rate_hz: Frames per second.
        channels: Samples per frame.
        codec: The coding's usual short name, such as ``"flac"``.
        duration_is_estimate: Whether the length is a guess, or a claim that the file contradicts;
            the truth is then known when the file was decoded, or its packets were counted.
    """

    duration_s: float
    sample_rate_hz: int
    channels: int
    codec: str
    duration_is_estimate: bool = False


class Decoder(ABC):
    """One open file, read from front to back or from any frame; a context manager.

    Args:
        path: The file.

    Attributes:
        info: What is known before decoding.
        position: The frame that the next ``read`` begins with.
        promised_frames: The length the header vouches for; ``None`` where it only guesses.
        ended_at: The frame after the last one, once ``read`` met the end; else ``None``.
        is_known_to_be_cut_off: Whether the file's bytes alone tell that some are missing.
    """

    info: AudioInfo
    promised_frames: int | None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position = 0
        self.ended_at: int | None = None
        self.is_known_to_be_cut_off = False

    def read(self, frames: int) -> Samples:
        """Return the next float32 [n, channels]; n is ``frames`` until the end, at the end 0.

        Raises:
            UnreadableFile: It cannot be decoded further, for whatever reason.
        """
        with unreadable_if_raised(self.path):
            block = self._read(frames)
        self.position += len(block)
        if len(block) < frames:
            self.ended_at = self.position
        return block

    def seek(self, frame: int) -> None:
        """Continue at exactly this frame; beyond the end, ``read`` returns nothing.

        Args:
            frame: Counted from the first frame that ``read`` gives after opening; at least 0.

        Raises:
            UnreadableFile: It cannot be decoded up to there.
        """
        with unreadable_if_raised(self.path):
            self._seek(frame)

    @abstractmethod
    def close(self) -> None:
        """Let go of the file. Idempotent."""

    @abstractmethod
    def _read(self, frames: int) -> Samples:
        """Do what ``read`` says; what is raised is taken care of, ``position`` moves there."""

    @abstractmethod
    def _seek(self, frame: int) -> None:
        """Do what ``seek`` says, and set ``position``."""

    def _skip_to(self, frame: int) -> None:
        """Read and drop up to a frame, or to the end of a file that ends before it."""
        while self.position < frame:
            if len(self.read(min(_SKIP_FRAMES, frame - self.position))) == 0:
                return

    @property
    def cut_off(self) -> bool:
        """Whether the sound ended clearly before the length that the header vouches for."""
        if self.ended_at is None:
            return False
        if self.is_known_to_be_cut_off:
            return True
        rate_hz, promised = self.info.sample_rate_hz, self.promised_frames
        return promised is not None and is_clearly_less(self.ended_at, promised, rate_hz)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
