import pytest

from mecomp_desktop.audio.engine import EngineStatus, PlayerState
from mecomp_desktop.playback.snapshots import best_duration_s


def engine(duration_s: float, *, estimate: bool = False, position_s: float = 0.0) -> EngineStatus:
    return EngineStatus(
        PlayerState.PLAYING, 1, position_s, duration_s, estimate, "card", None, underruns=0
    )


@pytest.mark.parametrize(
    ("status", "listed_s", "wanted_s"),
    [
        (engine(30.0), 124.0, 30.0),  # a fact, or a claim that holds
        (engine(124.0, estimate=True), 30.0, 30.0),  # a guess, where the library has counted
        (engine(124.0, estimate=True), 0.0, 124.0),  # a guess is better than nothing
        (engine(0.0), 30.0, 30.0),
        (engine(0.0), 0.0, 0.0),
        (engine(20.0, estimate=True, position_s=25.0), 0.0, 25.0),  # played past it already
    ],
)
def test_the_best_length_that_is_known_is_shown(
    status: EngineStatus, listed_s: float, wanted_s: float
) -> None:
    assert best_duration_s(status, listed_s) == wanted_s
