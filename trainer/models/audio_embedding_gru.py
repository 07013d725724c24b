"""AudioEmbeddingGRU: Tiny with ordinary convolutions (001, III.C), the larger first attempt.

The paper gives no layer sizes for it; it is Tiny with each separable block replaced by a
convolution of the same kernel, stride and channels.
"""

from torch import Tensor, nn

from trainer.config import ModelConfig
from trainer.models.audio_embedding_tiny import AudioEmbeddingTiny
from trainer.models.lean_convolutions import lean_convolutions


class ConvolutionBlock(nn.Sequential):
    """A convolution (kernel 5, stride 2) with BatchNorm; rows are frames, as in Tiny."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(
            nn.Conv2d(channels_in, channels_out, (1, 5), stride=(1, 2), padding=(0, 2), bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(inplace=True),
        )


class AudioEmbeddingGRU(AudioEmbeddingTiny):
    """Frames of raw audio → two convolutions → GRU → attention → head."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.cnn = nn.Sequential(ConvolutionBlock(1, 32), ConvolutionBlock(32, 64))

    def lean_features(self, frames: Tensor) -> Tensor:
        """See :meth:`AudioEmbeddingTiny.lean_features`."""
        return lean_convolutions(self.cnn, frames)
