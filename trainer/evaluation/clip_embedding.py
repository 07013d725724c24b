"""Embedding a set of clips with a model, or with the MFCC baseline."""

import zlib
from collections.abc import Sequence

import numpy as np
import torch
from tqdm import tqdm

from mecomp_desktop.arrays import Doubles, Floats
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.models.embedder import Embedder
from trainer.models.mfcc import mfcc_features, standardised

BATCH_SIZE = 8


@torch.no_grad()
def embed_clips(
    model: Embedder, cache: AudioCache, clips: Sequence[Clip], clip_s: float, repeat: int = 0
) -> Doubles:
    """Embeds ``clip_s`` seconds of each clip; ``[clips, dimension]``.

    The first ones in repeat 0, as the paper does; another place in each further repeat.
    """
    model.eval()
    rows = []
    for start in tqdm(range(0, len(clips), BATCH_SIZE), "embedding", leave=False, disable=None):
        batch = clips[start : start + BATCH_SIZE]
        audio = np.stack([_excerpt(cache, clip, clip_s, repeat) for clip in batch])
        embedding, _ = model(torch.from_numpy(audio))
        rows.append(embedding.numpy())
    return np.concatenate(rows).astype(np.float64)


def mfcc_clips(cache: AudioCache, clips: Sequence[Clip], clip_s: float, repeat: int = 0) -> Doubles:
    """The standardised MFCC baseline of each clip, as :func:`embed_clips`; ``[clips, 140]``."""
    rows = [
        mfcc_features(_excerpt(cache, clip, clip_s, repeat), cache.sample_rate_hz)
        for clip in tqdm(clips, "MFCC", leave=False, disable=None)
    ]
    return standardised(np.stack(rows))


def _excerpt(cache: AudioCache, clip: Clip, clip_s: float, repeat: int) -> Floats:
    room_s = max(0.0, cache.duration_s(clip.path) - clip_s)
    # Not hash(): that differs from process to process, and two runs would measure other excerpts.
    seed = zlib.crc32(clip.key.encode())
    start_s = float(np.random.default_rng((seed, repeat)).uniform(0.0, room_s)) if repeat else 0.0
    return cache.excerpt(clip.path, start_s, clip_s)
