"""Headers are claims: what is there is decoded to its end, and the length is that of the sound."""

from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.decode import open_audio, probe
from tests.audio.test_decode import read_all
from tests.support.odd_files import ODD_KINDS, OddFile, make_odd_file

# The seam between two files has encoder delay and padding that no decoder knows of.
TOLERANCE_S = 0.1


@pytest.fixture(scope="module", params=ODD_KINDS)
def odd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OddFile:
    return make_odd_file(tmp_path_factory.mktemp("odd"), request.param)


def test_the_length_is_that_of_the_sound(odd: OddFile) -> None:
    info = probe(odd.path)
    assert info.duration_s == pytest.approx(odd.duration_s, abs=TOLERANCE_S)
    assert info.channels == odd.channels
    assert not info.duration_is_estimate


def test_what_is_there_is_decoded_to_its_end(odd: OddFile) -> None:
    with open_audio(odd.path) as decoder:
        samples = read_all(decoder)
        assert len(samples) / decoder.info.sample_rate_hz == pytest.approx(
            odd.duration_s, abs=TOLERANCE_S
        )
        assert not decoder.cut_off
    assert samples.shape[1] == odd.channels
    assert np.isfinite(samples).all()
    # Sound up to the end: nothing is filled up with silence.
    assert np.abs(samples[-len(samples) // 10 :]).max() > 0.05


def test_a_seek_lands_where_walking_does(odd: OddFile) -> None:
    # Between two files in one lie a tag and an index, which walking drops and timestamps count.
    slack = 2 * 1152 if odd.path.name == "two.mp3" else 0
    with open_audio(odd.path) as decoder:
        whole = read_all(decoder)
        for share in (0.9, 0.3, 0.62):
            place = int(len(whole) * share)
            decoder.seek(place)
            block = decoder.read(2_000)
            errors = [
                np.abs(block - whole[start : start + 2_000]).max()
                for start in range(place - slack, place + slack + 1)
            ]
            assert min(errors) <= 2e-3, share


def test_a_cut_mp3_has_the_length_of_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = make_odd_file(tmp_path, "two mp3 in one").path.read_bytes()
    path = tmp_path / "cut.mp3"
    path.write_bytes(whole[: len(whole) // 4])  # within the first, whose index counts all of it
    info = probe(path)
    assert 1.0 < info.duration_s < 2.5
    with open_audio(path) as decoder:
        frames = len(read_all(decoder))
        assert decoder.cut_off
    assert frames / info.sample_rate_hz == pytest.approx(info.duration_s, abs=TOLERANCE_S)
