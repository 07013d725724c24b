"""Embedders (whatever turns a recording into a vector), and embedding tracks as the app does."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from tqdm import tqdm

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY, Policy
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.arrays import Doubles, Floats
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.models.embedder import Embedder
from trainer.models.mfcc import mfcc

AudioEmbedder: TypeAlias = Callable[[Floats], Doubles]
"""One recording, float32 ``[samples]``, mono, −1…1, at least a second; gives ``[dimension]``."""

_MIN_LENGTH_S = 1.0


def onnx_embedder(path: Path) -> AudioEmbedder:
    """Embeds with a model file, opened as the app opens it: one thread, the contract checked.

    Raises:
        ModelFileError: It is missing, damaged or breaks the contract.
    """
    model = load_model(path)
    return lambda audio: model.embed(audio[np.newaxis])[0][0].astype(np.float64)


def network_embedder(model: Embedder) -> AudioEmbedder:
    """Embeds with a network that has not been exported yet."""

    @torch.no_grad()
    def embed(audio: Floats) -> Doubles:
        model.eval()
        embedding, _ = model(torch.from_numpy(np.ascontiguousarray(audio))[None])
        found: Doubles = embedding[0].cpu().numpy().astype(np.float64)
        return found

    return embed


def mfcc_embedder(library: Iterable[Floats], sample_rate_hz: int) -> AudioEmbedder:
    """Embeds with mean and deviation of twenty MFCCs, 40 values: the baseline that learns nothing.

    Args:
        library: The recordings over which each value is brought to mean 0 and deviation 1.
        sample_rate_hz: Their rate.
    """
    known = np.stack([_mfcc_summary(audio, sample_rate_hz) for audio in library])
    centre, scale = known.mean(0), np.maximum(known.std(0), 1e-9)
    return lambda audio: (_mfcc_summary(audio, sample_rate_hz) - centre) / scale


def _mfcc_summary(audio: Floats, sample_rate_hz: int) -> Doubles:
    values = mfcc(audio, sample_rate_hz).astype(np.float64)
    return np.concatenate([values.mean(0), values.std(0)])


def take_excerpts(audio: Floats, sample_rate_hz: int, policy: Policy) -> Floats:
    """Returns the excerpts that the app would decode of a recording (``analysis.excerpts``).

    Args:
        audio: The whole recording, ``[samples]``.
        sample_rate_hz: Its rate.
        policy: Which excerpts.

    Returns:
        The excerpts one after the other; at least a second, a shorter sound ends in silence.
    """
    parts = []
    for start_s, length_s in policy.spans(len(audio) / sample_rate_hz):
        start = round(start_s * sample_rate_hz)
        parts.append(audio[start : start + round(length_s * sample_rate_hz)])
    # The contract of a model file begins at one second.
    missing = round(_MIN_LENGTH_S * sample_rate_hz) - sum(map(len, parts))
    return np.concatenate([*parts, np.zeros(max(0, missing), np.float32)])


def embed_tracks(
    embed: AudioEmbedder,
    tracks: Sequence[Clip],
    cache: AudioCache,
    policy: Policy = DEFAULT_POLICY,
) -> Doubles:
    """Embeds each track by the excerpts of the policy; ``[tracks, dimension]``."""
    bar = tqdm(tracks, f"embedding {policy.name}", leave=False, disable=None)
    return np.stack(
        [
            embed(take_excerpts(full_recording(clip, cache), cache.sample_rate_hz, policy))
            for clip in bar
        ]
    )


def full_recording(clip: Clip, cache: AudioCache) -> Floats:
    """All that the cache holds of a clip, ``[samples]``."""
    return cache.excerpt(clip.path, 0.0, cache.duration_s(clip.path))
