from pathlib import Path

import pytest

from tests.fuzz.mutations import mutate
from tests.fuzz.runner import Child, run


@pytest.mark.slow
def test_damaged_files_are_decoded_or_refused(tmp_path: Path) -> None:
    report = run(tmp_path, files=330, first_seed=1)
    assert report.bad == []
    assert sum(report.counts.values()) == 330
    assert any(outcome == "decoded" for _, outcome in report.counts)
    assert any(outcome == "refused" for _, outcome in report.counts)


def test_the_same_seed_gives_the_same_damage() -> None:
    data = bytes(range(256)) * 20
    assert mutate(data, 7, [data]) == mutate(data, 7, [data])
    assert len({mutate(data, seed, [data]) for seed in range(50)}) > 40


@pytest.mark.slow
def test_a_process_that_dies_is_reported_and_replaced(tmp_path: Path) -> None:
    child = Child()
    path = tmp_path / "empty.mp3"
    path.write_bytes(b"")
    assert child.examine(path)[0] == "refused: EMPTY"
    assert child._process is not None
    child._process.kill()
    assert child.examine(path)[0].startswith("crashed")
    assert child.examine(path)[0] == "refused: EMPTY"
    child.close()
