"""What headers claim gives way to what was decoded, also while it plays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import Playable
from mecomp_desktop.audio.null_engine import NullEngine
from tests.audio.conftest import Notes
from tests.support.audio_files import make_audio, write_tags
from tests.support.pulse import wait_for

SPEED = 8.0


@pytest.fixture
def engine() -> Iterator[NullEngine]:
    made = NullEngine(SPEED)
    yield made
    made.close()


@pytest.fixture
def notes(engine: NullEngine) -> Notes:
    found = Notes()
    found.listen_to(engine)
    return found


@pytest.fixture
def early(engine: NullEngine) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    engine.track_ended_early.connect(lambda token, why: found.append((token, why)))
    return found


@pytest.mark.parametrize("suffix", [".m4a", ".mp3", ".flac", ".ogg"])
def test_a_file_that_is_retagged_while_it_plays_goes_on(
    engine: NullEngine, notes: Notes, early: list[tuple[int, str]], tmp_path: Path, suffix: str
) -> None:
    path = make_audio(tmp_path / f"song{suffix}", 12.0)
    engine.start(Playable(1, path))
    wait_for(lambda: engine.status().position_s > 1.0)
    write_tags(path, {"title": "long " * 30_000, "artist": "B"})
    wait_for(lambda: engine.status().position_s > 8.0)
    wait_for(lambda: ("finished", 1) in notes.events)
    assert notes.events == [("started", 1), ("finished", 1)]
    assert early == []


def test_a_file_that_turns_to_noise_ends_early_and_the_next_plays(
    engine: NullEngine, notes: Notes, early: list[tuple[int, str]], tmp_path: Path
) -> None:
    first = make_audio(tmp_path / "first.wav", 30.0)
    engine.start(Playable(1, first))
    engine.set_next(Playable(2, make_audio(tmp_path / "second.wav", 1.0)))
    wait_for(lambda: engine.status().position_s > 1.0)
    first.write_bytes(b"not a song any more " * 10_000)
    wait_for(lambda: ("finished", 2) in notes.events)
    assert notes.events == [("started", 1), ("started", 2), ("finished", 2)]
    assert [token for token, _ in early] == [1]


def test_a_file_that_ends_early_says_how_much_is_there(
    engine: NullEngine, notes: Notes, early: list[tuple[int, str]], tmp_path: Path
) -> None:
    whole = make_audio(tmp_path / "whole.flac", 8.0).read_bytes()
    path = tmp_path / "cut.flac"
    path.write_bytes(whole[: len(whole) // 2])
    engine.start(Playable(1, path))
    wait_for(lambda: ("finished", 1) in notes.events)
    assert len(early) == 1
    assert early[0][1].endswith("s of 8.0 s are there")


def test_the_length_of_an_mp3_without_an_index_becomes_a_fact(
    engine: NullEngine, notes: Notes, tmp_path: Path
) -> None:
    indexed = make_audio(tmp_path / "song.mp3", 6.0).read_bytes()
    marker = max(indexed.find(b"Xing"), indexed.find(b"Info"))
    path = tmp_path / "bare.mp3"
    path.write_bytes(indexed[indexed.find(b"\xff\xfb", marker) :])
    engine.start(Playable(1, path))
    wait_for(lambda: engine.status().duration_is_estimate)
    wait_for(
        lambda: 0 < engine.status().duration_s < 7 and not engine.status().duration_is_estimate
    )
    assert engine.status().duration_s == pytest.approx(6.0, abs=0.1)
    wait_for(lambda: ("finished", 1) in notes.events)


def test_the_length_of_what_was_decoded_from_its_start_is_told(
    engine: NullEngine, notes: Notes, tmp_path: Path
) -> None:
    measured: list[tuple[int, float, bool]] = []
    engine.track_measured.connect(lambda *args: measured.append(args))
    cut = make_audio(tmp_path / "cut.wav", 6.0)
    data = cut.read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    engine.start(Playable(1, cut))
    engine.set_next(Playable(2, make_audio(tmp_path / "whole.flac", 2.0)))
    wait_for(lambda: ("finished", 2) in notes.events)
    assert [(token, early) for token, _, early in measured] == [(1, True), (2, False)]
    assert [length_s for _, length_s, _ in measured] == pytest.approx([3.0, 2.0], abs=0.01)
    # After a seek some formats only guess where they are: nothing is told then.
    engine.start(Playable(3, make_audio(tmp_path / "another.flac", 3.0)), 2.0)
    wait_for(lambda: ("finished", 3) in notes.events)
    assert len(measured) == 2
