from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.quiz.clip_chooser import ClipChooser
from mecomp_desktop.quiz.clips import choose_clip
from tests.support.audio_files import make_audio, make_bad_files
from tests.support.odd_readers import patched_readers


@pytest.fixture
def chooser() -> Iterator[ClipChooser]:
    made = ClipChooser()
    yield made
    made.close()


def test_chooses_what_is_chosen_here(chooser: ClipChooser, tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.flac", 30.0, seed=3)
    assert chooser.choose(path) == choose_clip(path)


def test_the_clip_of_a_part_lies_inside_it(chooser: ClipChooser, tmp_path: Path) -> None:
    path, part = make_audio(tmp_path / "disc.flac", 60.0, seed=3), Part(20.0, 28.0)
    clip = chooser.choose(path, part)
    assert clip == choose_clip(path, part)
    assert (clip.part, clip.start_s, clip.length_s) == (part, 0.0, 8.0)


@pytest.mark.parametrize("kind", ["zero length", "header only"])
def test_bad_files_are_told(chooser: ClipChooser, tmp_path: Path, kind: str) -> None:
    path = make_bad_files(tmp_path)[kind]
    with pytest.raises(UnreadableFile) as raised:
        chooser.choose(path)
    assert raised.value.path == path


def test_a_file_that_kills_the_worker_costs_only_itself(tmp_path: Path) -> None:
    environment = patched_readers(
        tmp_path,
        "import os, signal\n"
        "import mecomp_desktop.quiz.clips as clips\n"
        "real = clips.choose_clip\n"
        "def odd(path, part=None):\n"
        "    if path.name == 'deadly.flac': os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    return real(path, part)\n"
        "clips.choose_clip = odd\n",
    )
    good = make_audio(tmp_path / "good.flac", 1.0)
    (tmp_path / "deadly.flac").write_bytes(good.read_bytes())
    chooser = ClipChooser(environment)
    try:
        with pytest.raises(UnreadableFile) as raised:
            chooser.choose(tmp_path / "deadly.flac")
        assert raised.value.reason is Reason.CRASHED
        assert chooser.choose(good).path == good
    finally:
        chooser.close()
    with pytest.raises(UnreadableFile):
        chooser.choose(good)
