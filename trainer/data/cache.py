"""Decoded audio on disk, memory-mapped: each file is decoded once, and never held in memory.

One file a clip, 16-bit, named by the source's path, size and time. Files are written aside and
renamed, so several processes may share a cache. Past its bound the clips used longest ago go; a
process that still has one mapped keeps its pages.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from mecomp_desktop.arrays import Floats
from mecomp_desktop.audio.decode import decode_mono
from mecomp_desktop.errors import Reason, UnreadableFile

Int16 = npt.NDArray[np.int16]

_SCALE: Final = 32_767.0
_VERSION: Final = 1


class AudioCache:
    """Mono audio at one rate, up to ``clip_s`` seconds a file, at most ``max_bytes`` in all."""

    def __init__(
        self,
        folder: Path,
        sample_rate_hz: int,
        clip_s: float = 120.0,
        max_bytes: int = 32 * 1024**3,
    ) -> None:
        self.folder = folder
        self.sample_rate_hz = sample_rate_hz
        self.clip_s = clip_s
        self.max_bytes = max_bytes
        self._size: int | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def samples(self, path: Path) -> Int16:
        """Maps a clip's samples, decoding it first if need be; ``[n]``, read-only.

        Raises:
            UnreadableFile: The audio cannot be decoded.
        """
        stored = self._place(path)
        try:
            mapped: Int16 = np.load(stored, mmap_mode="r")
        except (FileNotFoundError, ValueError, EOFError):
            return self._store(path, stored)
        return mapped

    def excerpt(self, path: Path, start_s: float, duration_s: float) -> Floats:
        """Returns ``duration_s`` seconds as float32 −1…1, filled up with zeros past the end."""
        wanted = round(duration_s * self.sample_rate_hz)
        start = round(start_s * self.sample_rate_hz)
        piece = self.samples(path)[start : start + wanted]
        audio = np.zeros(wanted, np.float32)
        np.divide(piece, _SCALE, out=audio[: len(piece)], casting="same_kind", dtype=np.float32)
        return audio

    def duration_s(self, path: Path) -> float:
        """How much of the clip there is in the cache."""
        return len(self.samples(path)) / self.sample_rate_hz

    def _place(self, path: Path) -> Path:
        try:
            stat = path.stat()
            # Path, size and time, not a hash of the content: reading every file to find it decoded
            # would cost what the cache saves.
            facts = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
        except OSError:
            facts = f"{path}|missing"
        identity = f"{_VERSION}|{self.sample_rate_hz}|{self.clip_s}|{facts}"
        name = hashlib.sha256(identity.encode()).hexdigest()[:32]
        return self.folder / f"{name}.npy"

    def _store(self, path: Path, stored: Path) -> Int16:
        audio = _decode(path, self.sample_rate_hz, self.clip_s)
        pcm: Int16 = np.rint(np.clip(audio, -1.0, 1.0) * _SCALE).astype(np.int16)
        self._make_room(pcm.nbytes)
        # A name of its own: two processes that decode one file must not write into each other's
        # draft.
        handle, draft = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            np.save(out, pcm)
        Path(draft).replace(stored)
        return pcm

    def _make_room(self, needed: int) -> None:
        # Counted once and then added up; looking at every file for each one stored would be
        # quadratic.
        if self._size is None or self._size + needed > self.max_bytes:
            self._size = self._drop_oldest(needed)
        self._size += needed

    def _drop_oldest(self, needed: int) -> int:
        """Removes clips until ``needed`` bytes fit; returns what is left, in bytes."""
        files = [(stat.st_atime, stat.st_size, file) for file, stat in self._files()]
        size = sum(bytes_ for _, bytes_, _ in files)
        for _, bytes_, file in sorted(files):
            if size + needed <= self.max_bytes:
                break
            # Another process may have it mapped: on Unix its pages stay until it lets go.
            file.unlink(missing_ok=True)
            size -= bytes_
        return size

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        found = []
        for file in self.folder.glob("*.npy"):
            try:
                found.append((file, file.stat()))
            except FileNotFoundError:  # another process has just removed it
                continue
        return found


def _decode(path: Path, sample_rate_hz: int, clip_s: float) -> Floats:
    audio = decode_mono(path, sample_rate_hz, 0.0, clip_s)
    if len(audio) == 0:
        raise UnreadableFile(path, Reason.NO_AUDIO)
    if not np.isfinite(audio).all():
        raise UnreadableFile(path, Reason.NOT_FINITE)
    return audio
