"""The mel spectrum of every clip on disk, made once by the network's own front-end.

Training takes excerpts of it: the front-end has nothing to learn, and a step that starts from
audio would spend most of its time there.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from mecomp_desktop.arrays import Floats, Rows
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral

MelProgress = Callable[[int, int], None]

_POWER_FILE = "mels.npy"
_INDEX_FILE = "mels.json"


class MelLibrary:
    """Mel power spectra of many clips, memory-mapped, one after the other.

    Attributes:
        keys: The clips, in order.
        start: ``[n + 1]``, where each one's frames begin.
    """

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / _INDEX_FILE).read_text("utf-8"))
        self.keys: list[str] = index["keys"]
        self.start: Rows = np.array(index["start"], np.int64)
        self._power: Floats = np.load(folder / _POWER_FILE, mmap_mode="r")

    def __len__(self) -> int:
        return len(self.keys)

    def frames(self, row: int) -> int:
        """How many frames a clip has."""
        return int(self.start[row + 1] - self.start[row])

    def whole(self, row: int) -> Floats:
        """All frames of a clip, ``[frames, bands]``."""
        # A copy: torch cannot share memory that is mapped read-only, and warns at every batch.
        return np.array(self._power[self.start[row] : self.start[row + 1]])

    def excerpt(self, row: int, frames: int, stretch: float, rng: np.random.Generator) -> Floats:
        """An excerpt from anywhere in a clip, ``[frames, bands]``.

        A clip that is shorter is repeated.

        Args:
            row: Which clip.
            frames: How long the result is.
            stretch: It is played faster or slower by up to this share, the pitch staying.
            rng: Decides place and tempo.
        """
        wanted = int(frames * (1.0 + stretch * (2.0 * rng.random() - 1.0))) + 1
        begin, room = int(self.start[row]), self.frames(row) - wanted
        if room > 0:
            begin += int(rng.integers(room))
            piece = np.array(self._power[begin : begin + wanted])
        else:
            # Repeated rather than padded: silence would teach that short clips are alike.
            piece = np.resize(self.whole(row), (wanted, self._power.shape[1]))
        return _stretched(piece, frames) if stretch else piece[:frames]


def _stretched(piece: Floats, frames: int) -> Floats:
    """Frames between the given ones, mixed linearly from their neighbours."""
    # Just short of the last frame, so that every place has a neighbour above it.
    place = np.linspace(0.0, len(piece) - 1.001, frames)
    low = place.astype(int)
    share = (place - low)[:, None].astype(np.float32)
    mixed: Floats = piece[low] * (1 - share) + piece[low + 1] * share
    return mixed


def make_mels(
    network: AudioEmbeddingSpectral,
    clips: Sequence[Clip],
    cache: AudioCache,
    folder: Path,
    on_progress: MelProgress = lambda done, total: None,
) -> MelLibrary:
    """Opens the library in ``folder``, or makes it if it is not there or not of these clips.

    Raises:
        UnreadableFile: A clip cannot be decoded; ``trainer.data.loader.readable`` sorts them out.
    """
    identity = _identity(network, clips)
    index = folder / _INDEX_FILE
    if index.is_file() and json.loads(index.read_text("utf-8")).get("identity") == identity:
        return MelLibrary(folder)
    parts = []
    for done, clip in enumerate(clips, start=1):
        parts.append(_mel(network, cache, clip))
        on_progress(done, len(clips))
    start = np.cumsum([0, *(len(part) for part in parts)])
    folder.mkdir(parents=True, exist_ok=True)
    # The spectra first, then the index that declares them whole: interrupted in between, the
    # library is made again.
    draft = folder / f"{_POWER_FILE}.part"
    with draft.open("wb") as out:
        np.save(out, np.concatenate(parts))
    draft.replace(folder / _POWER_FILE)
    keys = [clip.key for clip in clips]
    values = {"identity": identity, "keys": keys, "start": start.tolist()}
    index.write_text(json.dumps(values), "utf-8")
    return MelLibrary(folder)


@torch.no_grad()
def _mel(network: AudioEmbeddingSpectral, cache: AudioCache, clip: Clip) -> Floats:
    audio = cache.excerpt(clip.path, 0.0, cache.duration_s(clip.path))
    power, mask = network.front_end(torch.from_numpy(audio)[None])
    frames: Floats = power[0, : int(mask.sum())].numpy()
    return frames


@torch.no_grad()
def _identity(network: AudioEmbeddingSpectral, clips: Sequence[Clip]) -> str:
    """Changes with the clips and with the front-end, which is known by what it makes of noise."""
    # By its result rather than by its settings: a change in the arithmetic, too, makes old spectra
    # wrong.
    noise = torch.from_numpy(np.random.default_rng(0).standard_normal((1, 22_050), np.float32))
    digest = hashlib.sha256(network.mel(noise).numpy().tobytes())
    for clip in clips:
        stat = clip.path.stat()
        digest.update(f"{clip.key}|{clip.path}|{stat.st_size}|{stat.st_mtime_ns}".encode())
    return digest.hexdigest()
