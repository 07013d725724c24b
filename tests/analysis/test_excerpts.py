import dataclasses
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf

from mecomp_desktop.analysis import excerpts
from mecomp_desktop.analysis.excerpts import (
    DEFAULT_POLICY,
    Excerpts,
    Span,
    WholeTrack,
    decode_excerpts,
    embed_track,
)
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.audio.decode import decode_mono, open_audio
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.paths import resource
from tests.support.audio_files import (
    make_audio,
    make_bad_files,
    make_every_format,
    write_audio,
)
from tests.support.odd_files import bare_mp3
from tests.support.permissions import ordinary_permissions

RATE_HZ = 22_050


def reason_of(path: Path) -> Reason:
    with pytest.raises(UnreadableFile) as reasons:
        embed_track(path, RATE_HZ, Excerpts(2, 0.5))
    return reasons.value.reason


def test_excerpts_are_spread_evenly() -> None:
    assert Excerpts(3, 10).spans(300) == [Span(45, 10), Span(145, 10), Span(245, 10)]


def test_excerpts_never_overlap_nor_leave_the_track() -> None:
    for duration_s in np.linspace(30.01, 200, 50):
        spans = Excerpts(3, 10).spans(float(duration_s))
        assert spans[0].start_s >= 0
        assert sum(spans[-1]) <= duration_s
        assert all(sum(a) <= b.start_s for a, b in pairwise(spans))


def test_a_short_track_and_one_of_unknown_length_are_decoded_whole() -> None:
    assert Excerpts(3, 10).spans(30) == [Span(0, 30)]
    assert Excerpts(3, 10).spans(0) == [Span(0, 30)]


def test_of_a_very_long_track_the_middle_is_decoded() -> None:
    assert WholeTrack(100).spans(60) == [Span(0, 100)]
    assert WholeTrack(100).spans(300) == [Span(100, 100)]


def test_policies_have_distinct_names() -> None:
    names = [
        policy.name for policy in (DEFAULT_POLICY, Excerpts(3, 7.5), WholeTrack(), WholeTrack(60))
    ]
    assert names == ["excerpts-10x5s", "excerpts-3x7.5s", "whole-300s", "whole-60s"]


def test_decodes_the_excerpts_one_after_the_other(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.flac", 8.0)
    embedded = embed_track(path, RATE_HZ, Excerpts(2, 1.0))
    expected = [decode_mono(path, RATE_HZ, start_s, 1.0) for start_s in (1.5, 5.5)]
    np.testing.assert_array_equal(embedded, np.concatenate(expected))
    assert embedded.dtype == np.float32


def test_decodes_every_format(tmp_path: Path) -> None:
    for kind, path in make_every_format(tmp_path, 3.0).items():
        embedded = embed_track(path, RATE_HZ, Excerpts(2, 0.75))
        assert abs(len(embedded) - 1.5 * RATE_HZ) < 30, kind
        assert np.abs(embedded).max() > 0.1, kind


def test_decodes_a_short_track_whole(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.wav", 2.0)
    np.testing.assert_array_equal(embed_track(path, RATE_HZ), decode_mono(path, RATE_HZ))


def test_a_jingle_is_filled_up_with_silence(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "jingle.wav", 0.4)
    embedded = embed_track(path, RATE_HZ)
    sound = decode_mono(path, RATE_HZ)
    assert len(embedded) == RATE_HZ
    np.testing.assert_array_equal(embedded[: len(sound)], sound)
    assert not embedded[len(sound) :].any()


def test_a_click_is_too_short(tmp_path: Path) -> None:
    assert reason_of(make_audio(tmp_path / "click.wav", 0.05)) is Reason.TOO_SHORT
    assert reason_of(make_audio(tmp_path / "one frame.aiff", 1 / 44_100)) is Reason.TOO_SHORT


def test_numbers_that_are_not_finite_are_no_sound(tmp_path: Path) -> None:
    samples = np.zeros(RATE_HZ * 2, np.float32)
    samples[RATE_HZ - 5 : RATE_HZ + 5] = np.nan
    path = tmp_path / "nan.wav"
    sf.write(path, samples, RATE_HZ, subtype="FLOAT")
    with pytest.raises(UnreadableFile) as reasons:
        embed_track(path, RATE_HZ)
    assert reasons.value.reason is Reason.NOT_FINITE


@pytest.mark.parametrize("suffix", [".flac", ".wav", ".aiff", ".mp3", ".ogg", ".opus", ".m4a"])
def test_what_is_there_of_a_cut_off_file_is_the_track(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"song{suffix}", 20.0)
    if suffix == ".m4a":
        path = index_in_front(path)
    whole, music = decode_excerpts(path, RATE_HZ), decode_mono(path, RATE_HZ)
    assert not whole.ends_early
    assert whole.duration_s == pytest.approx(20.0, abs=0.1)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.85)])
    cut = decode_excerpts(path, RATE_HZ, Excerpts(3, 2.0))
    assert cut.ends_early
    assert cut.duration_s is not None
    assert 14.0 < cut.duration_s < 19.5
    # The excerpts are those of a track that ends there, but for the last block.
    for number, (start_s, _) in enumerate(Excerpts(3, 2.0).spans(cut.duration_s)):
        excerpt = cut.audio[number * 2 * RATE_HZ :][:RATE_HZ]
        around = music[round((start_s - 0.2) * RATE_HZ) :][: round(1.4 * RATE_HZ)]
        at = int(np.correlate(around, excerpt, "valid").argmax())
        assert np.corrcoef(around[at : at + RATE_HZ], excerpt)[0, 1] > 0.98


def test_of_a_file_without_its_index_nothing_can_be_found(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "song.m4a", 20.0)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.85)])
    assert reason_of(path) is Reason.CUT_OFF


def index_in_front(path: Path) -> Path:
    """Return an M4A whose index stands before its sound, as the shops write them."""
    moved = path.with_name("front.m4a")
    with av.open(path) as source, av.open(moved, "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return moved


def test_a_file_that_is_longer_than_it_says_is_measured(tmp_path: Path) -> None:
    song = make_audio(tmp_path / "one.flac", 60.0, seed=1)
    with open_audio(song) as decoder:
        decoder.info = dataclasses.replace(decoder.info, duration_s=30.0)
        assert excerpts._by_seeking(decoder, RATE_HZ, Excerpts(3, 2.0).spans(30.0)) is None
    assert excerpts._measured(song, None) == (pytest.approx(60.0, abs=0.01), False)


@pytest.mark.slow
def test_a_header_that_promises_too_much_does_not_hide_the_rest(tmp_path: Path) -> None:
    whole = make_audio(tmp_path / "whole.mp3", 20.0).read_bytes()
    start = whole.index(b"Xing") if b"Xing" in whole else whole.index(b"Info")
    path = tmp_path / "song.mp3"  # an MP3 without an index can only guess its length
    path.write_bytes(whole[:start] + b"\0\0\0\0" + whole[start + 4 : len(whole) * 3 // 4])
    assert len(embed_track(path, RATE_HZ, Excerpts(2, 1.0))) >= RATE_HZ


def test_the_eight_bad_files_have_their_reasons(tmp_path: Path) -> None:
    with ordinary_permissions():
        bad = make_bad_files(tmp_path)
        assert decode_excerpts(bad.pop("truncated"), RATE_HZ).ends_early
        reasons = {kind: reason_of(path) for kind, path in bad.items()}
    assert reasons == {
        "empty": Reason.EMPTY,
        "wrong extension": Reason.NOT_AUDIO,
        "random bytes": Reason.NOT_AUDIO,
        "header only": reasons["header only"],
        "zero length": Reason.NO_AUDIO,
        "one sample": Reason.TOO_SHORT,
        "no permission": Reason.NO_PERMISSION,
    }
    assert reasons["header only"] in (Reason.CUT_OFF, Reason.NO_AUDIO, Reason.DAMAGED)


@pytest.mark.slow
def test_an_mp3_without_an_index_has_the_vector_of_its_sound(tmp_path: Path) -> None:
    """Its header's guess is twice its length; by that, other excerpts would be taken."""
    mp3 = tmp_path / "song.mp3"
    mp3.write_bytes(b"".join(bare_mp3(tmp_path, 40.0, rate) for rate in (64_000, 256_000)))
    with open_audio(mp3) as decoder:
        assert decoder.info.duration_is_estimate
        assert decoder.info.duration_s > 150
        sound = decoder.read(44_100 * 100)
    flac = write_audio(tmp_path / "song.flac", np.clip(sound, -1, 1), 44_100, "FLAC/PCM_16")
    model = load_model(resource(BUNDLED_MODEL))
    vectors = [
        model.embed(embed_track(path, model.info.sample_rate_hz)[np.newaxis])[0][0]
        for path in (mp3, flac)
    ]
    assert float(vectors[0] @ vectors[1]) > 0.999
