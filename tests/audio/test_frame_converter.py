import av
import numpy as np
import pytest

from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.frame_converter import FrameConverter, Target
from tests.support.audio_files import music


def frame(samples: Samples, rate_hz: int, layout: str, form: str = "flt") -> av.AudioFrame:
    packed = np.ascontiguousarray(samples.reshape(1, -1))
    made = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
    made.sample_rate = rate_hz
    if form == "flt":
        return made
    return av.AudioResampler(form, layout, rate_hz).resample(made)[0]


@pytest.mark.parametrize("form", ["flt", "fltp", "s16", "s16p", "s32", "dbl", "dblp"])
@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("stereo", 2), ("7.1", 8)])
def test_any_format_becomes_float(form: str, layout: str, channels: int) -> None:
    samples = music(0.1, 44_100, channels)
    converter = FrameConverter(Target(44_100, layout, channels))
    found = np.concatenate(
        [converter.convert(frame(samples, 44_100, layout, form)), converter.flush()]
    )
    assert found.dtype == np.float32
    assert found.shape == samples.shape
    np.testing.assert_allclose(found, samples, atol=2**-15)


def test_rates_and_layouts_that_change_are_followed() -> None:
    converter = FrameConverter(Target(44_100, "mono", 1))
    parts = [
        converter.convert(frame(music(0.5, 44_100, 1), 44_100, "mono")),
        converter.convert(frame(music(0.5, 44_100, 2), 44_100, "stereo")),
        converter.convert(frame(music(0.5, 48_000, 2), 48_000, "stereo")),
        converter.convert(frame(music(0.5, 44_100, 1), 44_100, "mono")),
        converter.flush(),
    ]
    assert all(part.shape[1] == 1 for part in parts)
    assert sum(map(len, parts)) / 44_100 == pytest.approx(2.0, abs=0.01)


def test_a_flush_of_nothing_is_empty() -> None:
    assert FrameConverter(Target(44_100, "7.1", 8)).flush().shape == (0, 8)
