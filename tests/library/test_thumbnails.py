import io

import av
import numpy as np
import pytest

from mecomp_desktop.library.pictures import Condition, condition
from mecomp_desktop.library.thumbnails import thumbnail
from tests.support.pictures import make_avif, make_jpeg, make_png


def pixels(png: bytes) -> np.ndarray:
    with av.open(io.BytesIO(png)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


@pytest.mark.parametrize("make", [make_avif, make_jpeg, make_png])
def test_every_kind_becomes_a_png(make: object) -> None:
    picture = thumbnail(make(200), 1_000)  # type: ignore[operator]
    assert picture is not None
    assert condition(picture) is Condition.WHOLE
    assert abs(pixels(picture).astype(int) - 200).max() <= 3


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    picture = thumbnail(make_png(90, 300, 120), 60)
    assert picture is not None
    assert pixels(picture).shape == (60, 150, 3)
    small = thumbnail(make_png(90, 30, 20), 60)
    assert small is not None
    assert pixels(small).shape == (20, 30, 3)


@pytest.mark.parametrize("data", [b"", b"no picture", make_png()[:40], make_jpeg()[:60]])
def test_what_cannot_be_decoded_is_none(data: bytes) -> None:
    assert thumbnail(data, 100) is None


def test_damage_inside_is_met() -> None:
    damaged = bytearray(make_avif())
    damaged[damaged.index(b"mdat") + 8 :] = bytes(len(damaged) - damaged.index(b"mdat") - 8)
    assert thumbnail(bytes(damaged), 100) is None


def test_what_claims_to_be_huge_is_not_decoded() -> None:
    huge = bytearray(make_png())
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    assert thumbnail(bytes(huge), 100) is None
