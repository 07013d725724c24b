from collections.abc import Iterator

import pytest
import torch
from threadpoolctl import threadpool_limits

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from tests.support.listeners import World, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As the trainer's child process has it; small matrices gain nothing from more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield
    torch.set_num_threads(before)


def judged(
    songs: str, closest: Pair | None = Pair.FIRST_SECOND, *, held_back: bool = False, at: float = 1
) -> Judgment:
    """An answer about three songs of one letter each."""
    first, second, third = (AudioId(letter) for letter in songs)
    return Judgment(
        JudgmentId(0), (first, second, third), closest, held_back, "quiz", "head", 2.5, at
    )
