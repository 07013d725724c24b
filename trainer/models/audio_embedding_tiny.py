"""AudioEmbeddingTiny: the paper's model (section III), 213,352 parameters."""

import torch
from torch import Tensor, nn

from trainer.config import ModelConfig
from trainer.models.embedder import Embedder
from trainer.models.lean_blocks import lean_blocks
from trainer.models.parts import ProjectionHead, make_pooling, split_frames


class SeparableBlock(nn.Sequential):
    """A depthwise convolution (kernel 5, stride 2), then a pointwise one; each with BatchNorm.

    Input ``[batch, channels_in, frames, samples]``, output ``[batch, channels_out, frames,
    samples / 2]``. A recording is laid out as an image of one row a frame and the kernels are one
    row high: the same sums as a convolution frame by frame, and a third faster on a CPU.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(
            nn.Conv2d(
                channels_in,
                channels_in,
                (1, 5),
                stride=(1, 2),
                padding=(0, 2),
                groups=channels_in,
                bias=False,
            ),
            nn.BatchNorm2d(channels_in),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels_in, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(inplace=True),
        )


class AudioEmbeddingTiny(Embedder):
    """Frames of raw audio → two separable blocks → GRU → attention → head.

    The two blocks see one frame at a time and end in its average over time: 64 values a frame.

    Attributes:
        lean: Train in less memory and time (see ``lean_blocks``), to the same result.
    """

    lean = True

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.frame_size = config.frame_size
        self.overlap = config.overlap
        self.pooled_width = config.hidden
        self.dimension = config.dimension
        self.cnn = nn.Sequential(SeparableBlock(1, 32), SeparableBlock(32, 64))
        self.gru = nn.GRU(64, config.hidden, num_layers=2, batch_first=True)
        self.pooling = make_pooling(config.pooling, config.hidden)
        self.head = ProjectionHead(config.hidden, config.dimension, config.dropout)

    def pool(self, audio: Tensor) -> Tensor:
        """See :meth:`Embedder.pool`."""
        frames = split_frames(audio, self.frame_size, self.overlap)
        features = self._features(frames.unsqueeze(1))
        states, _ = self.gru(features.transpose(1, 2))
        pooled: Tensor = self.pooling(states)
        return pooled

    def _features(self, frames: Tensor) -> Tensor:
        """``[batch, 1, frames, samples]`` to ``[batch, 64, frames]``."""
        # Under autocast the hand-written steps would compute in another precision than the layers
        # they stand for.
        if self.training and self.lean and not torch.is_autocast_enabled(frames.device.type):
            return self.lean_features(frames)
        seen: Tensor = self.cnn(frames)
        # An average pooling rather than a mean: runtimes do it in the layout of convolutions.
        return nn.functional.avg_pool2d(seen, (1, self.frame_size // 4)).squeeze(3)

    def lean_features(self, frames: Tensor) -> Tensor:
        """What the convolutions and the average over each frame give in training.

        Args:
            frames: ``[batch, 1, frames, samples]``.

        Returns:
            ``[batch, 64, frames]``.
        """
        return lean_blocks(self.cnn, frames)
