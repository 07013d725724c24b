import io
import struct

import pytest

from mecomp_desktop.formats.byte_range import ByteRange
from mecomp_desktop.formats.iff import iff_chunks
from mecomp_desktop.formats.riff import payload, wav_claim

FORMAT = struct.pack("<HHIIHH", 1, 2, 44_100, 176_400, 4, 16)


def chunk(name: bytes, content: bytes, size: int | None = None) -> bytes:
    length = len(content) if size is None else size
    return name + struct.pack("<I", length) + content + bytes(len(content) % 2)


def wav(*chunks: bytes) -> io.BytesIO:
    return io.BytesIO(b"RIFF\0\0\0\0WAVE" + b"".join(chunks))


def test_chunks_are_found_in_order() -> None:
    file = wav(chunk(b"fmt ", FORMAT), chunk(b"LIST", b"odd"), chunk(b"data", bytes(8)))
    found = list(iff_chunks(file, little_endian=True))
    assert [name for name, _ in found] == [b"fmt ", b"LIST", b"data"]
    assert found[1][1] == ByteRange(44, 3)
    assert found[2][1] == ByteRange(56, 8)


def test_a_chunk_of_two_bytes_does_no_harm() -> None:
    file = wav(chunk(b"LIST", b"IN"), chunk(b"xyz!", b""), chunk(b"data", bytes(8)))
    assert [name for name, _ in iff_chunks(file, little_endian=True)][-1] == b"data"


def test_zeros_are_not_walked_through() -> None:
    file = wav(bytes(50_000_000))
    assert list(iff_chunks(file, little_endian=True)) == []


@pytest.mark.parametrize("size", [0, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_an_open_length_reaches_to_the_end(size: int) -> None:
    file = wav(chunk(b"fmt ", FORMAT), chunk(b"data", bytes(1_000), size))
    assert payload(file)[-1].length == 1_000
    assert wav_claim(file).data_bytes is None


def test_a_length_beyond_the_file_is_kept_as_a_claim() -> None:
    file = wav(chunk(b"fmt ", FORMAT), chunk(b"data", bytes(1_000), 4_000))
    assert payload(file)[-1].length == 1_000
    assert wav_claim(file).data_bytes == 4_000


def test_without_samples_there_is_no_payload() -> None:
    file = wav(chunk(b"fmt ", FORMAT), chunk(b"data", b""), chunk(b"LIST", b"INFO"))
    assert payload(file) == []
    assert wav_claim(file).data_bytes == 0
