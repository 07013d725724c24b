from pathlib import Path

import pytest

from tests.fuzz.layouts import LAYOUTS, lay_out
from tests.fuzz.whole import _BATCH_FILES, Report, _judge, run


@pytest.mark.slow
def test_damaged_files_are_analysed_or_named_by_the_whole_program(tmp_path: Path) -> None:
    report = run(tmp_path, files=44, first_seed=9_001)
    assert report.bad == []
    assert report.files == 44
    assert report.outcomes["analysed"] > 5
    assert report.outcomes["refused, named"] > 5
    assert report.outcomes["played"] > 5
    assert {"main", "inspect_worker", "worker_main"} <= set(report.peak_bytes)


def test_every_kind_of_folder_holds_each_file_once(tmp_path: Path) -> None:
    for number, name in enumerate(LAYOUTS):
        contents = [bytes((byte,)) for byte in range(30)]
        layout = lay_out(tmp_path / str(number), contents, number)
        assert layout.name == name
        files = [*layout.music, *layout.left_out]
        assert sorted(path.read_bytes() for path in files) == sorted(contents)


def test_a_session_that_dies_and_a_process_that_grows_are_told(tmp_path: Path) -> None:
    report = Report()
    layout = lay_out(tmp_path / "music", [b"a"], 0)
    _judge(report, 1, layout, None, {"main": 1 << 40}, "it ended with -11")
    assert len(report.bad) == 2
    assert report.files == 1 <= _BATCH_FILES
