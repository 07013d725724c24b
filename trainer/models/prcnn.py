"""PRCNN: a convolutional and a recurrent branch side by side (002, section 2.3).

Log-mel spectrogram 640 × 128 → five convolutions (16, 32, 64, 128, 64; pooling 2×2, 2×2, 2×2,
4×4, 4×4) → 256 values; beside it pooling, an embedding layer and a bidirectional GRU of 64 → 128
values; both together, 384, → sigmoid → 60. For a network that takes any length, the time axis is
scaled to the 640 steps that the paper's thirty seconds have. Kernels span three steps and one
band, unpadded: with the pooling above, the one shape that leaves the paper's 256 values.
"""

import torch
from torch import Tensor, nn

from trainer.config import ModelConfig
from trainer.models.embedder import Embedder
from trainer.models.mfcc import mel_filters
from trainer.models.parts import split_frames

WINDOW = 2_048
STEPS = 640
BANDS = 128
CHANNELS = (16, 32, 64, 128, 64)
POOLING = (2, 2, 2, 4, 4)
REDUCED = 32


class PRCNN(Embedder):
    """Any audio → 640 × 128 log-mel → both branches → 60 values between 0 and 1, normalised.

    ``pooled`` is the concatenation of both branches, 384 values.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.pooled_width = 384
        self.dimension = 60
        self.mel = LogMel(config.sample_rate_hz)
        self.cnn = _convolutions()
        self.reduce = nn.Linear(BANDS // 2, REDUCED)
        self.gru = nn.GRU(REDUCED, 64, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(nn.Linear(self.pooled_width, self.dimension), nn.Sigmoid())

    def pool(self, audio: Tensor) -> Tensor:
        """See :meth:`Embedder.pool`."""
        image = self.mel(audio).unsqueeze(1)
        seen = self.cnn(image).flatten(1)
        steps = nn.functional.max_pool2d(image, (4, 2)).squeeze(1)
        _, last = self.gru(self.reduce(steps))
        return torch.cat([seen, last[0], last[1]], dim=1)


def _convolutions() -> nn.Sequential:
    layers: list[nn.Module] = []
    before = 1
    for channels, pooling in zip(CHANNELS, POOLING, strict=True):
        layers += [
            nn.Conv2d(before, channels, (3, 1)),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(pooling),
        ]
        before = channels
    return nn.Sequential(*layers)


class LogMel(nn.Module):
    """Audio ``[batch, samples]`` to log-mel ``[batch, 640, 128]``, roughly −1…1.

    Window 2,048, hop 512. In an exported file the Fourier transform is two matrix products, since
    ONNX runtimes run those fastest; here it is a fast one, which takes a tenth of the time.
    """

    basis: Tensor
    window: Tensor
    filters: Tensor

    def __init__(self, sample_rate_hz: int) -> None:
        super().__init__()
        time = torch.arange(WINDOW).double()
        angle = 2 * torch.pi * time[:, None] * torch.arange(WINDOW // 2 + 1) / WINDOW
        window = torch.hann_window(WINDOW, dtype=torch.float64)[:, None]
        basis = torch.cat([window * angle.cos(), -window * angle.sin()], dim=1)
        self.register_buffer("basis", basis.float(), persistent=False)
        self.register_buffer("window", window[:, 0].float(), persistent=False)
        filters = torch.from_numpy(mel_filters(sample_rate_hz)).T.contiguous()
        self.register_buffer("filters", filters, persistent=False)

    def forward(self, audio: Tensor) -> Tensor:
        """Audio to its picture."""
        power = self._power(split_frames(audio, WINDOW, 4)) @ self.filters
        decibel = torch.log10(power + 1e-10).transpose(1, 2) / 5.0
        return nn.functional.interpolate(decibel, size=STEPS, mode="linear").transpose(1, 2)

    def _power(self, frames: Tensor) -> Tensor:
        """Frames ``[batch, frames, 2,048]`` to power ``[batch, frames, 1,025]``."""
        # Tracing records the branch that is taken, so the file holds the products alone.
        if torch.onnx.is_in_onnx_export():
            real, imaginary = (frames @ self.basis).chunk(2, dim=2)
        else:
            spectrum = torch.fft.rfft(frames * self.window)
            real, imaginary = spectrum.real, spectrum.imag
        return real.square() + imaginary.square()
