"""FCN (Choi et al. 2016) and CRNN (Choi et al. 2017), as Won et al. (2020) trained them.

Automatic tagging using deep convolutional neural networks; Convolutional recurrent neural networks
for music classification; Evaluation of CNN-based automatic music tagging models. Sizes and poolings
are those of the published weights. Module names are the arrays' names.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from trainer.models.teachers.front_end import RATE_HZ, DecibelMel
from trainer.models.teachers.teacher import TAGS, Teacher, TeacherOutput

_PIECE_S = 29


class ConvolutionBlock(nn.Module):
    """3 × 3 convolution, batch norm, ReLU, max pool over frequency × time."""

    def __init__(self, inputs: int, outputs: int, pool: tuple[int, int]) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.bn = nn.BatchNorm2d(outputs)
        self.pool = nn.MaxPool2d(pool)

    def forward(self, maps: Tensor) -> Tensor:
        """``[batch, inputs, bands, frames]`` to the pooled maps."""
        pooled: Tensor = self.pool(self.bn(self.conv(maps)).relu())
        return pooled


class _ConvolutionalTeacher(Teacher):
    """The part that both share: decibels, one batch norm over the whole map, blocks."""

    piece_samples = _PIECE_S * RATE_HZ

    def __init__(self, channels: Sequence[int], pools: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self.front_end = DecibelMel()
        self.spec_bn = nn.BatchNorm2d(1)
        self.block_names = tuple(f"layer{number + 1}" for number in range(len(channels)))
        inputs = 1
        for name, outputs, pool in zip(self.block_names, channels, pools, strict=True):
            self.add_module(name, ConvolutionBlock(inputs, outputs, pool))
            inputs = outputs

    def maps(self, audio: Tensor) -> Tensor:
        """``[batch, samples]`` to the last block's maps."""
        maps: Tensor = self.spec_bn(self.front_end(audio)[:, None])
        for name in self.block_names:
            maps = self.get_submodule(name)(maps)
        return maps


class FCN(_ConvolutionalTeacher):
    """Five blocks; the last map is a single point, the embedding."""

    dimension = 64

    def __init__(self) -> None:
        super().__init__((64, 128, 128, 128, 64), ((2, 4), (2, 4), (2, 4), (3, 5), (4, 4)))
        self.dense = nn.Linear(self.dimension, TAGS)

    def forward(self, audio: Tensor) -> TeacherOutput:
        """Tags and embedding of ``[batch, piece_samples]`` at 16 kHz."""
        embedding = self.maps(audio).flatten(1)
        return TeacherOutput(self.dense(embedding), embedding)


class CRNN(_ConvolutionalTeacher):
    """Four blocks, then two GRU layers over time; the last state is the embedding."""

    dimension = 32

    def __init__(self) -> None:
        super().__init__((64, 128, 128, 128), ((2, 2), (3, 3), (4, 4), (4, 4)))
        self.layer5 = nn.GRU(128, self.dimension, num_layers=2, batch_first=True)
        self.dense = nn.Linear(self.dimension, TAGS)

    def forward(self, audio: Tensor) -> TeacherOutput:
        """Tags and embedding of ``[batch, piece_samples]`` at 16 kHz."""
        steps, _ = self.layer5(self.maps(audio).squeeze(2).transpose(1, 2))
        embedding = steps[:, -1]
        return TeacherOutput(self.dense(embedding), embedding)
