from collections.abc import Callable

import pytest

from mecomp_desktop.library.pictures import Condition, condition
from tests.support.pictures import make_avif, make_bmp, make_gif, make_jpeg, make_png

_MAKERS = [make_png, make_jpeg, make_avif, make_bmp, make_gif]
_WEBP = bytes.fromhex(
    "524946463c000000574542505650382030000000d001009d012a0100010002003425a002"
    "74ba01f80003b000fef0e8f7ff20b961758d7e437ff81ffc8f8a3ff91f000000"
)[:68]


@pytest.mark.parametrize("make", _MAKERS)
def test_whole_pictures(make: Callable[[], bytes]) -> None:
    assert condition(make()) is Condition.WHOLE


@pytest.mark.parametrize("make", _MAKERS)
def test_nothing_that_is_cut_off_is_whole(make: Callable[[], bytes]) -> None:
    data = make()
    states = [condition(data[:length]) for length in range(len(data) - 1)]
    assert Condition.WHOLE not in states[: len(data) - 2]
    assert states[0] is states[4] is Condition.BROKEN


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        b"http://example.org/x.jpg",
        b"<html></html>",
        b"\xff\xd8\xff" + bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        make_png(width=0),
    ],
)
def test_what_is_no_picture(data: bytes) -> None:
    assert condition(data) is Condition.BROKEN


def test_a_jpeg_whose_tables_are_zeros_is_broken() -> None:
    data = make_jpeg()
    at = data.index(b"\xff\xdb")
    assert condition(data[: at + 2] + bytes(40) + data[at + 42 :]) is Condition.BROKEN


def test_a_png_with_a_wrong_sum_is_cut_off() -> None:
    data = bytearray(make_png())
    data[data.index(b"IDAT") + 6] ^= 0xFF
    assert condition(bytes(data)) is Condition.BROKEN


def test_webp_is_known_by_its_header() -> None:
    assert condition(_WEBP) is Condition.WHOLE
    assert condition(_WEBP[:-1]) is Condition.CUT_OFF
