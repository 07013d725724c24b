import pytest

from mecomp_desktop.ui.player.closeness import closeness_number, speed


@pytest.mark.parametrize(
    ("rate", "words"), [(14.2, "14 songs/s"), (0.5, "30 songs/min"), (0.001, "1 song/min")]
)
def test_speed(rate: float, words: str) -> None:
    assert speed(rate) == words


@pytest.mark.parametrize(("closeness", "number"), [(0.873, 87), (1.2, 100), (-0.1, 0)])
def test_closeness_number(closeness: float, number: int) -> None:
    assert closeness_number(closeness) == number
