"""Embedding a set of clips with a model, or with the MFCC baseline."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm

from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.models.embedder import Embedder
from trainer.models.mfcc import mfcc_features, standardised

Vectors = npt.NDArray[np.float64]
AT_ONCE = 8


@torch.no_grad()
def embed_clips(
    model: Embedder, cache: AudioCache, clips: Sequence[Clip], clip_s: float
) -> Vectors:
    """Embeds the first ``clip_s`` seconds of each clip; ``[clips, dimension]``."""
    model.eval()
    rows = []
    for start in tqdm(range(0, len(clips), AT_ONCE), "embedding", leave=False, disable=None):
        some = clips[start : start + AT_ONCE]
        audio = np.stack([cache.excerpt(clip.path, 0.0, clip_s) for clip in some])
        embedding, _ = model(torch.from_numpy(audio))
        rows.append(embedding.numpy())
    return np.concatenate(rows).astype(np.float64)


def mfcc_clips(cache: AudioCache, clips: Sequence[Clip], clip_s: float) -> Vectors:
    """The standardised MFCC baseline of each clip; ``[clips, 140]``."""
    rows = [
        mfcc_features(
            cache.excerpt(clip.path, 0.0, min(clip_s, cache.duration_s(clip.path))),
            cache.sample_rate_hz,
        )
        for clip in tqdm(clips, "MFCC", leave=False, disable=None)
    ]
    return standardised(np.stack(rows))
