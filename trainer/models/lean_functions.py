"""The steps inside Tiny's two blocks that are worth computing by hand, with their gradients.

What is wide (many channels at every sample) is made, used and forgotten a portion at a time, each
small enough for a core's cache; the backward pass makes it again. Between the steps a batch is one
flat tensor, portion after portion, each ``[channels, rows, width]``; a row is a frame.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import Function, once_differentiable

# Values of a channel in a portion. On a CPU 32 channels of it are half a megabyte, which stays in a
# core's own cache; larger ones go to memory and back between the operators, at half the speed. A
# GPU wants more work at a time, or starting an operator costs more than computing it.
_PORTION_VALUES_CPU = 4_096
_PORTION_VALUES_GPU = 1 << 18


def _rows(values: Tensor, width: int) -> int:
    """How many frames make a portion."""
    values_per_channel = _PORTION_VALUES_CPU if values.device.type == "cpu" else _PORTION_VALUES_GPU
    return max(1, values_per_channel // width)


def _portions(flat: Tensor, channels: int, width: int) -> list[Tensor]:
    """The parts of a flat tensor, ``[channels, rows, width]`` each."""
    size = channels * _rows(flat, width) * width
    return [each.view(channels, -1, width) for each in torch.split(flat, size)]


def _masked(gradient: Tensor, result: Tensor) -> Tensor:
    """The gradient behind a ReLU: where its result is above 0."""
    # PyTorch's own kernel, in one pass; gradient * (result > 0) makes a mask of the same size
    # first.
    masked: Tensor = torch.ops.aten.threshold_backward(gradient, result, 0)
    return masked


class Widen(Function):
    """A wave to many channels (``relu(spread · wave + offset)``), then the depthwise convolution.

    ``apply(wave, spread, offset, kernel)``: ``wave [2, rows, width]``, its even and odd samples;
    ``spread`` and ``offset [channels]``; ``kernel [channels, 5]``, of stride 2 and padding 2.
    Returns the flat result, and ``[2, channels]``: its sum, and that of its squares.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401  # torch's context has no fixed attributes
        wave: Tensor,
        spread: Tensor,
        offset: Tensor,
        kernel: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """See the class."""
        _, rows, width = wave.shape
        wide = wave.new_empty(len(spread) * rows * width)
        sums = wave.new_zeros(2, len(spread))
        waves = torch.split(wave, _rows(wave, width), dim=1)
        for out, piece in zip(_portions(wide, len(spread), width), waves, strict=True):
            _convolve(_spread_out(piece, spread, offset), kernel, out)
            sums[0] += out.sum((1, 2))
            # The norm squared, which is one pass over the portion; square().sum() would write a
            # copy of it.
            sums[1] += torch.linalg.vector_norm(out, dim=(1, 2)).square()
        ctx.save_for_backward(wave, spread, offset, kernel, wide)
        return wide, sums

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any,  # noqa: ANN401  # as above
        gradient: Tensor,
        of_sums: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Gradients of the four inputs."""
        wave, spread, offset, kernel, wide = ctx.saved_tensors
        channels, width = len(spread), wave.shape[2]
        totals = [torch.zeros_like(each) for each in (spread, offset, kernel)]
        to_wave = torch.empty_like(wave)
        size = _rows(wave, width)
        pieces = zip(
            torch.split(wave, size, dim=1),
            torch.split(to_wave, size, dim=1),
            _portions(wide, channels, width),
            _portions(gradient, channels, width),
            strict=True,
        )
        of_sum, of_square = of_sums[:, :, None, None]
        for piece, to_piece, out, given in pieces:
            padded = out.new_zeros(channels, out.shape[1], width + 2)
            # d(sum)/d(out) is 1 and d(sum of squares)/d(out) is 2·out: the gradient of the two
            # moments joins the one that comes through the result itself. Left out, the network
            # would train as if the normalisation's statistics were constants, and diverge.
            torch.mul(out, 2 * of_square, out=padded[:, :, 1:-1]).add_(given).add_(of_sum)
            parts = _widen_backward(piece, to_piece, padded, spread, offset, kernel)
            for total, part in zip(totals, parts, strict=True):
                total += part
        to_spread, to_offset, to_kernel = totals
        return to_wave, to_spread, to_offset, to_kernel


def _widen_backward(
    wave: Tensor, to_wave: Tensor, padded: Tensor, spread: Tensor, offset: Tensor, kernel: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """One portion's gradients of spread, offset and kernel; fills ``to_wave``.

    Args:
        wave: ``[2, rows, width]``.
        to_wave: The same shape.
        padded: The gradient of the convolution's result, a zero on either side of each frame.
        spread: See :class:`Widen`, as the others.
        offset: ``[channels]``.
        kernel: ``[channels, 5]``.
    """
    width = wave.shape[2]
    # Made again rather than kept: 32 channels of it are 32 times what they are made from.
    halves = _spread_out(wave, spread, offset)
    inner = padded[:, :, 1:-1]
    # The kernel's gradient: what each tap saw, times the slope at the place it contributed to.
    taps = [(seen * inner).sum((1, 2)) for seen in _seen_by_taps(halves, width)]
    to_spread, to_offset = torch.zeros_like(spread), torch.zeros_like(offset)
    for half, slope in enumerate(_back_through(padded, kernel)):
        # halves holds the ReLU's result, which is above 0 exactly where its input was.
        flat = _masked(slope, halves[half][:, :, 1 : width + 1]).flatten(1)
        to_spread += flat @ wave[half].flatten()
        to_offset += flat.sum(1)
        to_wave[half] = (spread @ flat).view(-1, width)
    return to_spread, to_offset, torch.stack(taps, dim=1)


def _spread_out(wave: Tensor, spread: Tensor, offset: Tensor) -> tuple[Tensor, Tensor]:
    """Every channel's even and odd samples, between the convolution's zeros."""
    halves = []
    for half in wave:
        padded = wave.new_zeros(len(spread), half.shape[0], half.shape[1] + 2)
        inner = padded[:, :, 1:-1]
        # Not addcmul: with operands that have to be broadcast it is five times as slow.
        torch.mul(half, spread[:, None, None], out=inner).add_(offset[:, None, None]).relu_()
        halves.append(padded)
    return halves[0], halves[1]


def _seen_by_taps(halves: tuple[Tensor, Tensor], width: int) -> list[Tensor]:
    """What each tap of the kernel is multiplied with: at ``t`` sample ``2 t − 2 + tap``."""
    even, odd = halves
    return [
        even[:, :, :width],
        odd[:, :, :width],
        even[:, :, 1 : width + 1],
        odd[:, :, 1 : width + 1],
        even[:, :, 2:],
    ]


def _convolve(halves: tuple[Tensor, Tensor], kernel: Tensor, out: Tensor) -> None:
    first, *later_taps = _seen_by_taps(halves, out.shape[2])
    torch.mul(first, kernel[:, 0, None, None], out=out)
    for tap, seen in enumerate(later_taps, start=1):
        out.addcmul_(seen, kernel[:, tap, None, None])


def _back_through(padded: Tensor, kernel: Tensor) -> tuple[Tensor, Tensor]:
    """The convolution's gradient for even and odd samples; ``padded`` has a zero on either side."""
    before, here, after = padded[:, :, :-2], padded[:, :, 1:-1], padded[:, :, 2:]
    taps = kernel.T[:, :, None, None]
    # The transposed convolution, written out for kernel 5 and stride 2: output t reads samples 2t −
    # 2 to 2t + 2, so an even sample is seen by taps 0, 2 and 4 of three outputs, an odd one by taps
    # 1 and 3 of two.
    even = (after * taps[0]).addcmul_(here, taps[2]).addcmul_(before, taps[4])
    odd = (after * taps[1]).addcmul_(here, taps[3])
    return even, odd


class Narrow(Function):
    """Scale, shift and ReLU of every channel, with the moments of the result.

    ``apply(wide, scale, shift, width)``: flat; ``[channels]`` each; samples in a frame. Returns
    the flat result, and ``[1 + channels, channels]``: its sums, and those of all its products.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401  # as above
        wide: Tensor,
        scale: Tensor,
        shift: Tensor,
        width: int,
    ) -> tuple[Tensor, Tensor]:
        """See the class."""
        channels = len(scale)
        # Filled portion by portion below; every value is written.
        narrow = torch.empty_like(wide)
        moments = wide.new_zeros(1 + channels, channels)
        places = (_portions(each, channels, width) for each in (wide, narrow))
        for before, out in zip(*places, strict=True):
            torch.mul(before, scale[:, None, None], out=out).add_(shift[:, None, None]).relu_()
            flat = out.flatten(1)
            moments[0] += flat.sum(1)
            # All products of two channels: the next pointwise convolution's variance needs the
            # covariance, see lean_blocks.
            moments[1:] += flat @ flat.T
        ctx.save_for_backward(wide, scale, narrow)
        ctx.width = width
        return narrow, moments

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any,  # noqa: ANN401  # as above
        gradient: Tensor,
        of_moments: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, None]:
        """Gradients of the first three inputs."""
        wide, scale, narrow = ctx.saved_tensors
        # d(x xᵀ)/dx: each product appears with either factor as the variable, hence the sum with
        # the transpose.
        of_sums, of_products = of_moments[0], of_moments[1:] + of_moments[1:].T
        to_wide = torch.empty_like(wide)
        to_scale, to_shift = torch.zeros_like(scale), torch.zeros_like(scale)
        tensors = (wide, narrow, gradient, to_wide)
        places = (_portions(each, len(scale), ctx.width) for each in tensors)
        for before, after, given, out in zip(*places, strict=True):
            flat = after.flatten(1)
            slope = torch.addmm(given.flatten(1), of_products, flat).add_(of_sums[:, None])
            slope = _masked(slope, flat)
            to_scale += (slope * before.flatten(1)).sum(1)
            to_shift += slope.sum(1)
            torch.mul(slope, scale[:, None], out=out.view(len(scale), -1))
        return to_wide, to_scale, to_shift, None


class MixAndAverage(Function):
    """A pointwise convolution, ReLU, and the average over each frame.

    ``apply(narrow, weight, bias, width)``: flat; ``[out, channels]``; ``[out]``; samples in a
    frame. Returns ``[out, frames]``.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401  # as above
        narrow: Tensor,
        weight: Tensor,
        bias: Tensor,
        width: int,
    ) -> Tensor:
        """See the class."""
        channels = weight.shape[1]
        frames = [
            _mixed(portion, weight, bias).mean(dim=2)
            for portion in _portions(narrow, channels, width)
        ]
        ctx.save_for_backward(narrow, weight, bias)
        ctx.width = width
        return torch.cat(frames, dim=1)

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any,  # noqa: ANN401  # as above
        gradient: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, None]:
        """Gradients of the first three inputs."""
        narrow, weight, bias = ctx.saved_tensors
        channels = weight.shape[1]
        to_narrow = torch.empty_like(narrow)
        to_weight, to_bias = torch.zeros_like(weight), torch.zeros_like(bias)
        places = (_portions(each, channels, ctx.width) for each in (narrow, to_narrow))
        # The average over a frame hands each of its samples the same share of the slope.
        each_sample = torch.split(gradient / ctx.width, _rows(narrow, ctx.width), dim=1)
        for before, out, given in zip(*places, each_sample, strict=True):
            # Again in the backward pass: 64 channels are not kept for the ReLU's mask alone.
            mixed = _mixed(before, weight, bias)
            slope = _masked(given[:, :, None].expand_as(mixed), mixed).flatten(1)
            to_weight += slope @ before.flatten(1).T
            to_bias += slope.sum(1)
            torch.mm(weight.T, slope, out=out.view(channels, -1))
        return to_narrow, to_weight, to_bias, None


def _mixed(portion: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """``[out, rows, width]``."""
    mixed = torch.addmm(bias[:, None], weight, portion.flatten(1)).relu_()
    return mixed.view(len(weight), -1, portion.shape[2])
