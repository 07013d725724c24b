"""Parts of a file: each as if it were a file, and all of them the file, to the sample."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.decode import decode_mono, open_audio, probe
from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.engine import Playable
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.audio.peaks import shape
from mecomp_desktop.audio.player_engine import SoundEngine
from mecomp_desktop.audio.resilient_reader import ResilientReader
from mecomp_desktop.audio.source import Source, open_source
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import UnreadableFile
from tests.audio.conftest import Notes
from tests.support.audio_files import FORMATS, make_audio, music, write_audio
from tests.support.pulse import RATE_HZ, PulseServer, wait_for

# As in a sheet: whole seconds and 75ths.
_TIMES_S = (0.0, 2 + 37 / 75, 5.0, 7 + 74 / 75)
_LENGTH_S = 10.0
_ALL = 100_000_000


def parts() -> list[Part]:
    return [Part(start_s, end_s) for start_s, end_s in pairwise((*_TIMES_S, None))]


def decoded(path: Path, part: Part | None = None) -> Samples:
    with open_audio(path, part) as decoder:
        return decoder.read(_ALL)


def read_all(source: Source) -> list[Samples]:
    found = []
    while (block := source.read()) is not None:
        found.append(block)
    return found


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_one_part_after_the_other_is_the_file(tmp_path: Path, kind: str) -> None:
    path = make_audio(tmp_path / f"disc{FORMATS[kind].suffix}", _LENGTH_S, kind=kind)
    whole = Playable(0, path)
    source = open_source(whole, lambda info: info.sample_rate_hz)
    wanted = np.concatenate(read_all(source))
    source.close()
    found: list[Samples] = []
    before: Source | None = None
    for number, part in enumerate(parts()):
        item = Playable(number, path, part=part)
        source = open_source(item, lambda info: info.sample_rate_hz, before=before)
        if before is not None:
            before.close()
        found += read_all(source)
        before = source
    assert before is not None
    before.close()
    np.testing.assert_array_equal(np.concatenate(found), wanted)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000, 22_050, 8_000])
def test_a_part_opened_for_itself_is_the_same_samples(tmp_path: Path, rate_hz: int) -> None:
    path = make_audio(tmp_path / "disc.flac", _LENGTH_S, sample_rate_hz=rate_hz)
    found = [decoded(path, part) for part in parts()]
    assert len(found[0]) == round(_TIMES_S[1] * rate_hz)
    np.testing.assert_array_equal(np.concatenate(found), decoded(path))


def test_a_part_has_its_own_length_and_places(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "disc.flac", _LENGTH_S)
    part = Part(2.0, 5.0)
    assert probe(path, part).duration_s == 3.0
    assert probe(path, Part(7.0, None)).duration_s == pytest.approx(3.0)
    wanted = decoded(path)[2 * 44_100 : 5 * 44_100]
    with open_audio(path, part) as decoder:
        decoder.seek(44_100)
        np.testing.assert_array_equal(decoder.read(_ALL), wanted[44_100:])
        assert (decoder.position, decoder.ended_at) == (3 * 44_100, 3 * 44_100)
        assert not decoder.cut_off
        decoder.seek(100 * 44_100)
        assert len(decoder.read(100)) == 0
        decoder.seek(0)
        np.testing.assert_array_equal(decoder.read(_ALL), wanted)


def test_of_a_file_that_is_cut_off_only_the_parts_that_miss_something_are(tmp_path: Path) -> None:
    whole = make_audio(tmp_path / "whole.flac", 40.0).read_bytes()
    path = tmp_path / "cut.flac"
    path.write_bytes(whole[: len(whole) // 2])
    for part, is_cut in ((Part(0.0, 10.0), False), (Part(10.0, 30.0), True)):
        with open_audio(path, part) as decoder:
            decoder.read(_ALL)
            assert decoder.cut_off is is_cut, part
    with pytest.raises(UnreadableFile):
        open_audio(path, Part(30.0)).close()


def test_mono_and_peaks_are_of_the_part(tmp_path: Path) -> None:
    loud, quiet = music(4.0, seed=1), music(4.0, seed=2) * np.float32(0.1)
    path = write_audio(
        tmp_path / "disc.flac", np.concatenate([loud, quiet]), RATE_HZ, "FLAC/PCM_16"
    )
    first, second = Part(0.0, 4.0), Part(4.0, None)
    drawn = [shape(path, 40, part) for part in (first, second)]
    assert drawn[0].levels.max() > 5 * drawn[1].levels.max()
    assert [found.duration_s for found in drawn] == [4.0, 4.0]
    mono = decode_mono(path, RATE_HZ, 1.0, 2.0, second)
    np.testing.assert_allclose(mono, quiet[RATE_HZ : 3 * RATE_HZ].mean(axis=1), atol=1e-4)


def test_the_open_decoder_goes_on_with_the_next_part(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "disc.mp3", _LENGTH_S)
    first, second, third, _last = parts()
    before = ResilientReader(path, part=first)
    decoder = before._decoder
    while before.read(4_096) is not None:
        pass
    after = ResilientReader(path, part=second, before=before)
    assert before._decoder is None
    assert after._decoder is not None
    assert decoder is not None
    assert after._decoder.whole is decoder.whole  # type: ignore[attr-defined]  # a PartDecoder
    # Not begun yet, and not at its end: another part opens the file for itself.
    elsewhere = ResilientReader(path, part=third, before=after)
    assert elsewhere._decoder.whole is not decoder.whole  # type: ignore[union-attr]
    for reader in (before, after, elsewhere):
        reader.close()


@pytest.mark.parametrize("speed", [4.0])
def test_the_engine_tells_places_within_the_part(tmp_path: Path, speed: float) -> None:
    path = make_audio(tmp_path / "disc.flac", 60.0)
    engine, notes = NullEngine(speed), Notes()
    notes.listen_to(engine)
    try:
        engine.start(Playable(1, path, part=Part(10.0, 50.0)), 30.0)
        engine.set_next(Playable(2, path, part=Part(50.0, None)))
        wait_for(lambda: engine.status().position_s > 30.5)
        status = engine.status()
        assert (status.token, status.duration_s) == (1, 40.0)
        assert status.position_s < 40.0
        engine.seek(39.0)
        wait_for(lambda: ("started", 2) in notes.events)
        status = engine.status()
        assert status.token == 2
        assert status.duration_s == pytest.approx(10.0)
        assert status.position_s < 10.0
        wait_for(lambda: ("finished", 2) in notes.events)
    finally:
        engine.close()


@pytest.mark.sound
def test_the_sound_card_gets_the_parts_as_one_file(
    pulse: PulseServer, sound_engine: SoundEngine, tmp_path: Path
) -> None:
    notes = Notes()
    notes.listen_to(sound_engine)
    samples = music(6.0, seed=5)
    path = write_audio(tmp_path / "disc.flac", samples, RATE_HZ, "FLAC/PCM_16")
    cut_s = 2 + 11 / 75
    with pulse.recording() as recording:
        sound_engine.start(Playable(1, path, part=Part(0.0, cut_s)))
        sound_engine.set_next(Playable(2, path, part=Part(cut_s, 4.0)))
        wait_for(lambda: ("started", 2) in notes.events)
        sound_engine.set_next(Playable(3, path, part=Part(4.0, None)))
        wait_for(lambda: ("finished", 3) in notes.events)
    loud = np.flatnonzero(np.any(samples != 0, axis=1))
    np.testing.assert_array_equal(recording.sound(), samples[loud[0] : loud[-1] + 1])
