import os
from pathlib import Path

import pytest

from tests.fuzz import kills


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_few_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    report = kills.run(tmp_path, kills=6, seed=3)
    assert report.kills == 6
    assert report.libraries >= 1
    assert report.faults == []
