"""Decoding a picture of any kind, and writing it anew in one that is safe to hand on.

A picture in a tag is as unknown as the sound beside it. It is decoded in the worker process that
found it; the window and the desktop are given a PNG of our own making, no larger than needed.
"""

import io
from typing import Any

_MAX_PIXELS = 64_000_000
# A palette may have transparent colours, which its name does not tell.
_PALETTE = "pal8"


def thumbnail(data: bytes, size_px: int) -> bytes | None:
    """Return a picture as a PNG, made smaller if its shorter side is longer than this.

    Args:
        data: A picture file: JPEG, PNG, GIF, WebP, BMP, AVIF.
        size_px: The longest that the shorter side may be.

    Returns:
        ``None`` where it cannot be decoded, or is too large to be a cover.
    """
    # FFmpeg takes 0.1 s to load: a worker that reads tags alone does without.
    import av
    import av.error

    try:
        with av.open(io.BytesIO(data), "r") as container:
            stream = container.streams.video[0]
            if not 0 < stream.codec_context.width * stream.codec_context.height <= _MAX_PIXELS:
                return None
            picture = _fitted(next(container.decode(stream)), size_px)
    except (av.error.FFmpegError, StopIteration, IndexError, ValueError):
        return None
    return _png(picture)


def _fitted(picture: Any, size_px: int) -> Any:  # noqa: ANN401 (PyAV's frames)
    from av.video.reformatter import Interpolation

    shrink = min(1.0, size_px / min(picture.width, picture.height))
    pixel = picture.format
    see_through = pixel.name == _PALETTE or any(part.is_alpha for part in pixel.components)
    return picture.reformat(
        width=max(1, round(picture.width * shrink)),
        height=max(1, round(picture.height * shrink)),
        format="rgba" if see_through else "rgb24",
        # The mean over the pixels that become one: others leave the rest out, and lines flicker.
        interpolation=Interpolation.AREA,
    )


def _png(picture: Any) -> bytes:  # noqa: ANN401 (PyAV's frames)
    import av

    encoder: Any = av.CodecContext.create("png", "w")
    encoder.width, encoder.height = picture.width, picture.height
    encoder.pix_fmt = picture.format.name
    # It is read once, a moment later, over a pipe: to press it harder takes longer than that.
    encoder.options = {"compression_level": "1"}
    picture.pts = None
    return b"".join(map(bytes, [*encoder.encode(picture), *encoder.encode(None)]))
