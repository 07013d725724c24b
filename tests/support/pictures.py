"""Small real pictures in several formats, one colour each."""

import io
import struct
import zlib
from typing import Any

import av
import numpy as np

_SIDE_PX = 64


def make_png(grey: int = 128, width: int = _SIDE_PX, height: int = _SIDE_PX) -> bytes:
    """Return a grey PNG; another ``grey`` makes another picture."""
    rows = (b"\0" + bytes((grey,)) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def make_jpeg(grey: int = 128) -> bytes:
    """Return a grey JPEG; another ``grey`` makes another picture."""
    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = _SIDE_PX, _SIDE_PX, "yuvj420p"
    encoder.framerate = 1
    frame = _frame(grey).reformat(format="yuvj420p")
    return b"".join(map(bytes, [*encoder.encode(frame), *encoder.encode(None)]))


def make_avif(grey: int = 128) -> bytes:
    """Return a grey AVIF."""
    file = io.BytesIO()
    with av.open(file, "w", format="avif") as container:
        stream: Any = container.add_stream("libsvtav1", rate=1)
        stream.width, stream.height, stream.pix_fmt = _SIDE_PX, _SIDE_PX, "yuv420p"
        container.mux(stream.encode(_frame(grey)))
        container.mux(stream.encode(None))
    return file.getvalue()


def make_bmp(grey: int = 128) -> bytes:
    """Return a grey BMP of one pixel a side."""
    pixels = bytes((grey, grey, grey, 0))
    header = struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, len(pixels), 0, 0, 0, 0)
    size = 14 + len(header) + len(pixels)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, 14 + len(header)) + header + pixels


def make_gif() -> bytes:
    """Return a GIF of one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    return head + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\2\2\x44\1\0;"


def _frame(grey: int) -> av.VideoFrame:
    pixels = np.full((_SIDE_PX, _SIDE_PX, 3), grey, np.uint8)
    return av.VideoFrame.from_ndarray(pixels, "rgb24")
