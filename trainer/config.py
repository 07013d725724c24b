"""Every setting of a run, with the paper's value as its default.

001 is *Learning Music Similarity Embeddings for MECOMP Using Triplet Loss*, 002 is *Automated
Music Recommendations Using Similarity Learning*. A configuration travels inside the checkpoint.
"""

from dataclasses import dataclass
from typing import Literal

from mecomp_desktop.analysis.model_file import DEFAULT_SAMPLE_RATE_HZ

Architecture = Literal["audio-embedding-tiny", "audio-embedding-gru", "prcnn"]


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which network, and the options that the paper's ablations turn (001, III.C)."""

    architecture: Architecture = "audio-embedding-tiny"
    frame_size: int = 2_048
    overlap: int = 1
    hidden: int = 128
    dropout: float = 0.1
    dimension: int = 32
    pooling: Literal["attention", "mean", "last"] = "attention"
    sample_rate_hz: int = DEFAULT_SAMPLE_RATE_HZ
