import pytest

from mecomp_desktop.analysis import effort
from mecomp_desktop.analysis.effort import Effort, usable_cores
from mecomp_desktop.settings import EFFORTS


@pytest.mark.parametrize("cores", [1, 2, 4, 16, 64])
def test_more_effort_takes_more(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(effort, "usable_cores", lambda: cores)
    counts = [level.workers() for level in (Effort.GENTLE, Effort.NORMAL, Effort.FULL)]
    assert counts == sorted(counts)
    assert counts[0] >= 1
    assert counts[1] <= max(1, cores // 2)
    assert counts[2] <= cores
    nices = [level.nice for level in (Effort.GENTLE, Effort.NORMAL, Effort.FULL)]
    assert nices == sorted(nices, reverse=True)


def test_what_the_listener_chose_is_taken() -> None:
    assert Effort.GENTLE.workers(3) == 3
    assert usable_cores() >= 1


@pytest.mark.parametrize("mains", [True, False])
def test_full_while_idle_on_mains(monkeypatch: pytest.MonkeyPatch, mains: bool) -> None:
    monkeypatch.setattr(effort, "on_mains", lambda: mains)
    assert Effort.NORMAL.while_idle() is (Effort.FULL if mains else Effort.NORMAL)
    assert Effort.GENTLE.while_idle() is Effort.GENTLE


def test_the_settings_name_the_same_levels() -> None:
    assert set(EFFORTS) == {level.value for level in Effort}
