"""From clips to the tensor that the network takes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from tqdm import tqdm

from mecomp_desktop.errors import UnreadableFile
from trainer.data.augment import Augmentation, make_augmentations
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads clips from the cache, each cut and changed by its own seed.

    Attributes:
        clip_s: Seconds of each clip.
        augment: Names of augmentations; none for measuring.
    """

    cache: AudioCache
    clip_s: float
    augment: tuple[str, ...] = ()

    def load(self, clips: Sequence[Clip], seed: Sequence[int]) -> torch.Tensor:
        """Returns ``[clips, samples]``, float32 −1…1, the same for the same seed."""
        changes = make_augmentations(self.augment)
        rows = [
            # A generator for each row: an excerpt does not depend on what stands before it in the
            # batch, so two processes with half a batch each draw what one draws.
            self._load_clip(clip, changes, np.random.default_rng((*seed, row)))
            for row, clip in enumerate(clips)
        ]
        return torch.from_numpy(np.stack(rows))

    def _load_clip(
        self, clip: Clip, changes: Sequence[Augmentation], rng: np.random.Generator
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        start_s = 0.0
        if "excerpt" in self.augment:
            room_s = max(0.0, self.cache.duration_s(clip.path) - self.clip_s)
            start_s = float(rng.uniform(0.0, room_s))
        audio = self.cache.excerpt(clip.path, start_s, self.clip_s)
        for change in changes:
            audio = change(audio, self.cache.sample_rate_hz, rng)
        return audio


def readable(
    cache: AudioCache, clips: Sequence[Clip], threads: int = 2
) -> tuple[tuple[Clip, ...], dict[str, str]]:
    """Decodes every clip into the cache; tells the good ones and, by file, what ails the others."""

    def attempt(clip: Clip) -> str:
        try:
            cache.samples(clip.path)
        except UnreadableFile as problem:
            return str(problem.reason)
        return ""

    # Threads, since the decoder works outside of the interpreter's lock.
    with ThreadPoolExecutor(threads) as pool:
        work = pool.map(attempt, clips)
        bar = tqdm(work, "decoding", total=len(clips), unit="clip", disable=None)
        troubles = list(bar)
    pairs = list(zip(clips, troubles, strict=True))
    skipped = {str(clip.path): trouble for clip, trouble in pairs if trouble}
    return tuple(clip for clip, trouble in pairs if not trouble), skipped
