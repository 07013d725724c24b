"""musicnn (Pons et al. 2018, End-to-end learning for music audio tagging at scale), two versions.

Wide and tall convolutions side by side ("timbral" and "temporal"), three residual convolutions over
time, maximum and mean over time, two dense layers. ``Musicnn`` follows Won et al. (2020), whose
module names are the arrays' names; ``MusicnnMsd`` is the authors' own, in TensorFlow's layouts.
"""

import torch
from torch import Tensor, nn

from trainer.models.teachers.front_end import BANDS, HOP, RATE_HZ, CompressedMel, DecibelMel
from trainer.models.teachers.teacher import TAGS, Teacher, TeacherOutput

_TIMBRAL, _TEMPORAL, _CHANNELS, _HIDDEN = 204, 51, 64, 200
_FRONT = 2 * _TIMBRAL + 3 * _TEMPORAL
_POOLED = 2 * (_FRONT + 3 * _CHANNELS)


class TimbralConvolution(nn.Module):
    """A tall convolution over ``height`` bands × 7 frames, and the maximum over frequency."""

    def __init__(self, height: int, *, relu_first: bool = False) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, _TIMBRAL, (height, 7), padding=(0, 3))
        self.bn = nn.BatchNorm2d(_TIMBRAL, eps=_epsilon(relu_first))
        self.relu_first = relu_first

    def forward(self, spectrogram: Tensor) -> Tensor:
        """``[batch, 1, bands, frames]`` to ``[batch, 204, frames]``."""
        return _activated(self.conv(spectrogram), self.bn, self.relu_first).amax(2)


class MeanTemporalConvolution(nn.Module):
    """A long convolution over the mean of all bands."""

    def __init__(self, frames: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(1, _TEMPORAL, frames, padding=frames // 2)
        self.bn = nn.BatchNorm1d(_TEMPORAL)

    def forward(self, spectrogram: Tensor) -> Tensor:
        """``[batch, 1, bands, frames]`` to ``[batch, 51, frames]``."""
        return _activated(self.conv(spectrogram.mean(2)), self.bn, relu_first=False)


class BandTemporalConvolution(nn.Module):
    """A long convolution over each band, and the maximum over frequency."""

    def __init__(self, frames: int) -> None:
        super().__init__()
        # TensorFlow's "same" puts the odd frame behind: 63 before and 64 after for 128.
        self.before, self.after = (frames - 1) // 2, frames // 2
        self.conv = nn.Conv2d(1, _TEMPORAL, (1, frames))
        self.bn = nn.BatchNorm2d(_TEMPORAL, eps=_epsilon(relu_first=True))

    def forward(self, spectrogram: Tensor) -> Tensor:
        """``[batch, 1, bands, frames]`` to ``[batch, 51, frames]``."""
        padded = nn.functional.pad(spectrogram, (self.before, self.after))
        return _activated(self.conv(padded), self.bn, relu_first=True).amax(2)


class TimeConvolution(nn.Module):
    """A convolution over 7 frames of all channels."""

    def __init__(self, inputs: int, *, relu_first: bool = False) -> None:
        super().__init__()
        self.conv = nn.Conv1d(inputs, _CHANNELS, 7, padding=3)
        self.bn = nn.BatchNorm1d(_CHANNELS, eps=_epsilon(relu_first))
        self.relu_first = relu_first

    def forward(self, sequence: Tensor) -> Tensor:
        """``[batch, inputs, frames]`` to ``[batch, 64, frames]``."""
        return _activated(self.conv(sequence), self.bn, self.relu_first)


def _epsilon(relu_first: bool) -> float:
    return 1e-3 if relu_first else 1e-5  # TensorFlow's default, PyTorch's default


def _activated(values: Tensor, norm: nn.Module, relu_first: bool) -> Tensor:
    result: Tensor = norm(values.relu()) if relu_first else norm(values).relu()
    return result


class _Musicnn(Teacher):
    """What both versions share: the residual part and its pooling over time."""

    layers: nn.ModuleList
    layer1: TimeConvolution
    layer2: TimeConvolution
    layer3: TimeConvolution

    def levels(self, spectrogram: Tensor) -> Tensor:
        """``[batch, 1, 96, frames]`` to all four levels side by side, ``[batch, 753, frames]``."""
        front = torch.cat([layer(spectrogram) for layer in self.layers], 1)
        first = self.layer1(front)
        second = self.layer2(first) + first
        third = self.layer3(second) + second
        return torch.cat([front, first, second, third], 1)


class Musicnn(_Musicnn):
    """musicnn as Won et al. (2020) trained it, on pieces of 3 s; its embedding is what it pools."""

    piece_samples = 3 * RATE_HZ
    dimension = _POOLED

    def __init__(self) -> None:
        super().__init__()
        self.front_end = DecibelMel()
        self.spec_bn = nn.BatchNorm2d(1)
        timbral = [TimbralConvolution(int(share * BANDS)) for share in (0.7, 0.4)]
        temporal = [MeanTemporalConvolution(frames) for frames in (129, 65, 33)]
        self.layers = nn.ModuleList([*timbral, *temporal])
        self.layer1 = TimeConvolution(_FRONT)
        self.layer2 = TimeConvolution(_CHANNELS)
        self.layer3 = TimeConvolution(_CHANNELS)
        self.dense1 = nn.Linear(_POOLED, _HIDDEN)
        self.bn = nn.BatchNorm1d(_HIDDEN)
        self.dense2 = nn.Linear(_HIDDEN, TAGS)

    def forward(self, audio: Tensor) -> TeacherOutput:
        """Tags and embedding of ``[batch, piece_samples]`` at 16 kHz."""
        levels = self.levels(self.spec_bn(self.front_end(audio)[:, None]))
        pooled = torch.cat([levels.amax(2), levels.mean(2)], 1)
        return TeacherOutput(self.dense2(self.bn(self.dense1(pooled)).relu()), pooled)


class MusicnnMsd(_Musicnn):
    """The authors' own, on pieces of 187 frames; the embedding is the hidden dense layer."""

    frames = 187
    piece_samples = frames * HOP
    dimension = _HIDDEN

    def __init__(self) -> None:
        super().__init__()
        self.front_end = CompressedMel()
        self.spec_bn = nn.BatchNorm2d(1, eps=_epsilon(relu_first=True))
        heights = (int(share * BANDS) for share in (0.4, 0.7))
        timbral = [TimbralConvolution(height, relu_first=True) for height in heights]
        temporal = [BandTemporalConvolution(frames) for frames in (128, 64, 32)]
        self.layers = nn.ModuleList([*timbral, *temporal])
        self.layer1 = TimeConvolution(_FRONT, relu_first=True)
        self.layer2 = TimeConvolution(_CHANNELS, relu_first=True)
        self.layer3 = TimeConvolution(_CHANNELS, relu_first=True)
        self.pool_bn = nn.BatchNorm1d(_POOLED, eps=_epsilon(relu_first=True))
        self.dense1 = nn.Linear(_POOLED, _HIDDEN)
        self.bn = nn.BatchNorm1d(_HIDDEN, eps=_epsilon(relu_first=True))
        self.dense2 = nn.Linear(_HIDDEN, TAGS)

    def forward(self, audio: Tensor) -> TeacherOutput:
        """Tags and embedding of the first 187 frames of ``[batch, piece_samples]`` at 16 kHz."""
        mel = self.front_end(audio)[:, None, :, : self.frames]
        levels = self.levels(self.spec_bn(mel))
        # Interleaved: maximum and mean of the first channel, of the second …
        pooled = torch.stack([levels.amax(2), levels.mean(2)], 2).flatten(1)
        hidden = self.dense1(self.pool_bn(pooled)).relu()
        normed = self.bn(hidden)
        return TeacherOutput(self.dense2(normed), normed)
