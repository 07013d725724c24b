import numpy as np
import pytest

from mecomp_desktop.contracts import model_file
from mecomp_desktop.contracts.linear_probe import pack_linear_probe, read_linear_probe


def test_what_is_packed_is_read() -> None:
    rng = np.random.default_rng(0)
    columns = (rng.standard_normal((48, 3)) * [1e-6, 1.0, 1e6]).astype(np.float32)
    text = pack_linear_probe(["brightness", "onset rate", "bass"], columns)
    read = read_linear_probe({model_file.META_LINEAR_PROBE: text}, 48)
    assert read.dtype == np.float32
    assert (np.abs(read - columns) < 1e-3 * np.abs(columns).max(axis=0)).all()


def test_a_model_without_one_reads_nothing() -> None:
    assert read_linear_probe({}, 48).shape == (48, 0)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"scales": [1], "columns": "AAAA"}', "\0"])
def test_what_does_not_fit_is_passed_over(text: str) -> None:
    assert read_linear_probe({model_file.META_LINEAR_PROBE: text}, 48).shape == (48, 0)


def test_one_of_another_width_is_passed_over() -> None:
    text = pack_linear_probe(["brightness"], np.ones((48, 1), np.float32))
    assert read_linear_probe({model_file.META_LINEAR_PROBE: text}, 32).shape == (32, 0)


def test_numbers_that_are_not_finite_are_passed_over() -> None:
    text = pack_linear_probe(["brightness"], np.full((4, 1), np.nan, np.float32))
    assert read_linear_probe({model_file.META_LINEAR_PROBE: text}, 4).shape == (4, 0)
