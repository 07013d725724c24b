"""The networks, one file each, and the way from a configuration to one of them."""

from collections.abc import Callable, Mapping

from trainer.config import ModelConfig
from trainer.models.audio_embedding_tiny import AudioEmbeddingTiny
from trainer.models.embedder import Embedder

MODELS: Mapping[str, Callable[[ModelConfig], Embedder]] = {
    "audio-embedding-tiny": AudioEmbeddingTiny,
}


def build_model(config: ModelConfig) -> Embedder:
    """Builds the network a configuration describes, with fresh random weights."""
    return MODELS[config.architecture](config)
