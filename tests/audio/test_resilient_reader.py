"""Files that are rewritten while they are read, by a real tagger."""

import time
from pathlib import Path

import mutagen
import numpy as np
import pytest

from mecomp_desktop.audio.decode import open_audio
from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.resilient_reader import ResilientReader
from mecomp_desktop.errors import UnreadableFile
from tests.support.audio_files import FORMATS, make_audio, write_tags

BLOCK = 4_410
PATIENCE_S = 20.0
COVER = b"\xff\xd8" + b"picture " * 60_000


def read_to_end(reader: ResilientReader, parts: list[Samples]) -> Samples:
    until_s = time.monotonic() + PATIENCE_S
    while (block := reader.read(BLOCK)) is not None:
        parts.append(block)
        assert time.monotonic() < until_s
        if reader.waiting:
            time.sleep(0.01)
    reader.close()
    return np.concatenate(parts)


def decoded(path: Path) -> Samples:
    with open_audio(path) as decoder:
        return decoder.read(10_000_000)


@pytest.mark.parametrize("kind", ["aac", "alac", "mp3", "flac", "vorbis", "opus", "wav", "aiff"])
def test_a_file_that_is_retagged_is_read_to_its_end(tmp_path: Path, kind: str) -> None:
    path = make_audio(tmp_path / f"song{FORMATS[kind].suffix}", 8.0, kind=kind)
    write_tags(path, {"title": "before"})
    wanted = decoded(path)
    reader = ResilientReader(path)
    parts = [reader.read(BLOCK) for _ in range(5)]
    write_tags(path, {"title": "long " * 20_000, "album": "B"}, COVER)
    found = read_to_end(reader, [part for part in parts if part is not None])
    assert len(found) == len(wanted)
    assert np.abs(found - wanted).max() <= 2e-6
    assert not reader.cut_off


@pytest.mark.parametrize("kind", ["aac", "mp3", "flac"])
def test_tags_that_are_taken_away_do_no_harm_either(tmp_path: Path, kind: str) -> None:
    path = make_audio(tmp_path / f"song{FORMATS[kind].suffix}", 8.0, kind=kind)
    write_tags(path, {"title": "long " * 20_000}, COVER)
    wanted = decoded(path)
    reader = ResilientReader(path, place_s=2.0)
    parts = [reader.read(BLOCK)]
    file = mutagen.File(path)
    assert file is not None
    file.delete()
    found = read_to_end(reader, [part for part in parts if part is not None])
    rate_hz = FORMATS[kind].sample_rate_hz
    assert len(found) == len(wanted) - 2 * rate_hz
    assert np.abs(found - wanted[2 * rate_hz :]).max() <= 2e-6


def test_a_file_that_vanishes_plays_on(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.flac", 3.0)
    wanted = decoded(path)
    reader = ResilientReader(path)
    path.unlink()
    np.testing.assert_array_equal(read_to_end(reader, []), wanted)


def test_a_file_that_grows_is_not_opened_again(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.mp3", 3.0)
    whole = path.read_bytes()
    reader = ResilientReader(path)
    first = reader.read(BLOCK)
    decoder = reader._decoder
    with path.open("ab") as file:
        file.write(whole[-200:])
    second = reader.read(BLOCK)
    assert first is not None
    assert second is not None
    assert len(second) == BLOCK
    assert reader._decoder is decoder
    reader.close()


def test_a_file_that_becomes_another_song_is_given_up(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.wav", 5.0)
    reader = ResilientReader(path)
    reader.read(BLOCK)
    make_audio(path, 5.0, sample_rate_hz=22_050, seed=3)
    with pytest.raises(UnreadableFile):
        read_to_end(reader, [])
    reader.close()


def test_what_fails_twice_at_one_place_is_given_up(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.flac", 5.0)
    reader = ResilientReader(path)
    reader.read(BLOCK)
    path.write_bytes(b"not a song any more " * 10_000)
    with pytest.raises(UnreadableFile):
        read_to_end(reader, [])
    reader.close()
