"""The networks, one file each, and the way from a configuration to one of them."""

from collections.abc import Callable, Mapping

from trainer.config import ModelConfig
from trainer.models.audio_embedding_gru import AudioEmbeddingGRU
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.models.audio_embedding_tiny import AudioEmbeddingTiny
from trainer.models.embedder import Embedder
from trainer.models.prcnn import PRCNN

MODELS: Mapping[str, Callable[[ModelConfig], Embedder]] = {
    "audio-embedding-tiny": AudioEmbeddingTiny,
    "audio-embedding-gru": AudioEmbeddingGRU,
    "prcnn": PRCNN,
    "audio-embedding-spectral": AudioEmbeddingSpectral,
}


def build_model(config: ModelConfig) -> Embedder:
    """Builds the network a configuration describes, with fresh random weights."""
    return MODELS[config.architecture](config)
