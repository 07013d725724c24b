from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import soxr

from mecomp_desktop.audio.decode import decode_mono, iter_mono, open_audio, probe
from mecomp_desktop.audio.decoder import Decoder, Samples
from mecomp_desktop.errors import Reason, UnreadableFile
from tests.support.audio_files import (
    FORMATS,
    make_audio,
    make_bad_files,
    make_every_format,
    music,
    write_audio,
)
from tests.support.permissions import ordinary_permissions

SECONDS = 6.0


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_every_format(tmp_path_factory.mktemp("formats"), SECONDS)


def read_all(decoder: Decoder, block: int = 7_001) -> Samples:
    parts = []
    while len(part := decoder.read(block)):
        parts.append(part)
    return np.concatenate(parts)


def original(kind: str) -> Samples:
    return music(SECONDS, FORMATS[kind].sample_rate_hz, 2, seed=list(FORMATS).index(kind))


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_reports_what_it_is(files: dict[str, Path], kind: str) -> None:
    info = probe(files[kind])
    assert info.duration_s == pytest.approx(SECONDS, abs=0.1)
    assert info.sample_rate_hz == FORMATS[kind].sample_rate_hz
    assert info.channels == 2
    assert info.codec


@pytest.mark.parametrize("kind", [name for name, form in FORMATS.items() if form.lossless])
def test_lossless_formats_give_back_every_sample(files: dict[str, Path], kind: str) -> None:
    with open_audio(files[kind]) as decoder:
        samples = read_all(decoder)
    assert samples.dtype == np.float32
    np.testing.assert_array_equal(samples, original(kind))


@pytest.mark.parametrize("kind", [name for name, form in FORMATS.items() if not form.lossless])
def test_lossy_formats_give_back_the_music_in_place(files: dict[str, Path], kind: str) -> None:
    with open_audio(files[kind]) as decoder:
        samples = read_all(decoder)
    wanted = original(kind)
    if kind == "wma":  # FFmpeg's encoder and decoder swallow the first block between them
        wanted = wanted[2048:]
    else:
        assert len(samples) == len(wanted), "encoder delay and padding are cut away"
    shared = min(len(samples), len(wanted))
    error = samples[:shared] - wanted[:shared]
    assert np.sqrt(np.mean(error**2)) < 0.25 * np.sqrt(np.mean(wanted**2))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_seek_lands_on_the_exact_frame(files: dict[str, Path], kind: str) -> None:
    rng = np.random.default_rng(3)
    with open_audio(files[kind]) as decoder:
        whole = read_all(decoder)
        places = [0, 1, len(whole) - 40, *rng.integers(0, len(whole) - 3_000, 25)]
        for place in map(int, places):
            decoder.seek(place)
            assert decoder.position == place
            block = decoder.read(2_500)
            wanted = whole[place : place + 2_500]
            assert block.shape == wanted.shape
            assert np.abs(block - wanted).max() <= 2e-6, place


@pytest.mark.parametrize("kind", ["flac", "mp3", "aac"])
def test_a_seek_beyond_the_end_reads_nothing(files: dict[str, Path], kind: str) -> None:
    with open_audio(files[kind]) as decoder:
        decoder.seek(10_000_000)
        assert decoder.read(100).shape == (0, 2)
        assert not decoder.cut_off
        decoder.seek(50)
        assert decoder.read(100).shape == (100, 2)


def test_blocks_are_as_long_as_asked_until_the_end(files: dict[str, Path]) -> None:
    for path in files.values():
        with open_audio(path) as decoder:
            lengths = []
            while length := len(decoder.read(10_000)):
                lengths.append(length)
        assert set(lengths[:-1]) == {10_000}


def test_an_mp3_without_an_index_is_read_to_its_end(files: dict[str, Path], tmp_path: Path) -> None:
    indexed = files["mp3"].read_bytes()
    marker = max(indexed.find(b"Xing"), indexed.find(b"Info"))
    assert marker > 0
    # The frame with the index is an MPEG frame like any other: the next one starts with a sync.
    start = indexed.find(b"\xff\xfb", marker)
    bare = tmp_path / "bare.mp3"
    bare.write_bytes(indexed[start:])
    with open_audio(bare) as decoder:
        assert len(read_all(decoder)) >= SECONDS * 44_100


def test_the_content_decides_and_not_the_name(files: dict[str, Path], tmp_path: Path) -> None:
    for kind, path in files.items():
        misnamed = tmp_path / f"{kind}.mp3"
        misnamed.write_bytes(path.read_bytes())
        assert probe(misnamed).duration_s == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("kind", ["flac", "alac"])
def test_names_that_are_not_utf8_open(files: dict[str, Path], tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"caf\udce9{FORMATS[kind].suffix}"
    try:
        path.write_bytes(files[kind].read_bytes())
    except OSError:
        pytest.skip("this file system takes no such names")
    with open_audio(path) as decoder:
        np.testing.assert_array_equal(read_all(decoder), original(kind))


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_mono_is_the_mean_of_all_channels(tmp_path: Path, channels: int) -> None:
    path = make_audio(tmp_path / "a.flac", 1.0, channels=channels)
    wanted = music(1.0, 44_100, channels).mean(axis=1)
    np.testing.assert_allclose(decode_mono(path, 44_100), wanted, atol=1e-6)


def test_mono_is_resampled_like_the_whole_at_once(files: dict[str, Path]) -> None:
    wanted = soxr.resample(original("flac").mean(axis=1), 44_100, 22_050)
    found = decode_mono(files["flac"], 22_050)
    assert len(found) == len(wanted)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_a_part_of_a_file_is_decoded_alone(files: dict[str, Path]) -> None:
    part = decode_mono(files["wav"], 44_100, start_s=1.5, duration_s=2.0)
    wanted = original("wav").mean(axis=1)[66_150 : 66_150 + 88_200]
    np.testing.assert_allclose(part, wanted, atol=1e-6)


def test_long_files_come_in_bounded_blocks(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "long.flac", 30.0)
    sizes = [len(block) for block in iter_mono(path, 22_050)]
    assert sum(sizes) == 30 * 22_050
    assert max(sizes) < 3 * 22_050


BAD = {
    "empty": Reason.EMPTY,
    "truncated": Reason.CUT_OFF,
    "wrong extension": Reason.NOT_AUDIO,
    "random bytes": Reason.NOT_AUDIO,
    "header only": Reason.CUT_OFF,
    "zero length": Reason.NO_AUDIO,
    "no permission": Reason.NO_PERMISSION,
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_distinguished(tmp_path: Path, kind: str) -> None:
    path = make_bad_files(tmp_path)[kind]
    with ordinary_permissions(), pytest.raises(UnreadableFile) as failure:
        decode_mono(path, 22_050)
    assert failure.value.reason == BAD[kind]
    assert failure.value.path == path


def test_one_sample_is_decoded(tmp_path: Path) -> None:
    assert len(decode_mono(make_bad_files(tmp_path)["one sample"], 44_100)) == 1


@pytest.mark.parametrize("kind", ["wav", "flac", "aiff", "mp3", "aac", "alac", "wma", "wavpack"])
def test_a_cut_off_file_says_so(files: dict[str, Path], tmp_path: Path, kind: str) -> None:
    whole = files[kind].read_bytes()
    cut = tmp_path / files[kind].name
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile) as failure:
        decode_mono(cut, 22_050)
    assert failure.value.reason == Reason.CUT_OFF


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "vorbis", "opus", "wavpack"])
def test_what_is_left_of_a_cut_off_file_plays(
    files: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    cut = tmp_path / files[kind].name
    cut.write_bytes(files[kind].read_bytes()[: files[kind].stat().st_size // 2])
    with open_audio(files[kind]) as whole, open_audio(cut) as part:
        start, wanted = read_all(part), read_all(whole)
    assert len(start) > SECONDS / 4 * FORMATS[kind].sample_rate_hz
    # The last blocks before the cut may be patched up by the decoder.
    safe = len(start) - 10_000
    np.testing.assert_allclose(start[:safe], wanted[:safe], atol=2e-6)


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_are_never_taken_for_music(tmp_path: Path, seed: int) -> None:
    path = tmp_path / ("noise.mp3", "noise.flac", "noise.m4a", "noise.wav")[seed % 4]
    path.write_bytes(np.random.default_rng(seed).bytes(40_000))
    with pytest.raises(UnreadableFile) as failure:
        decode_mono(path, 22_050)
    assert failure.value.reason in (Reason.NOT_AUDIO, Reason.DAMAGED, Reason.NO_AUDIO)


@pytest.mark.parametrize("kind", ["flac", "mp3", "vorbis", "aac", "alac", "wma"])
def test_damage_in_the_middle_costs_only_what_is_damaged(
    files: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    data = bytearray(files[kind].read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2_000] = np.random.default_rng(1).bytes(2_000)
    path = tmp_path / files[kind].name
    path.write_bytes(data)
    with open_audio(path) as decoder:
        samples = read_all(decoder)
        assert not decoder.cut_off
    assert len(samples) > (SECONDS - 1) * FORMATS[kind].sample_rate_hz
    assert np.isfinite(samples).all()


@pytest.mark.parametrize("kind", ["opus", "wavpack"])
def test_damage_in_the_middle_never_raises_anything_else(
    files: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    path = tmp_path / files[kind].name
    data = bytearray(files[kind].read_bytes())
    path.write_bytes(data[: len(data) // 2] + bytes(2_000) + data[len(data) // 2 + 2_000 :])
    with open_audio(path) as decoder:
        assert len(read_all(decoder)) > SECONDS / 3 * FORMATS[kind].sample_rate_hz
        assert not decoder.cut_off


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "gone.mp3", Reason.MISSING), (tmp_path, Reason.NOT_AUDIO)):
        with pytest.raises(UnreadableFile) as failure:
            open_audio(path)
        assert failure.value.reason == reason


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/song.ts\n")
    with pytest.raises(UnreadableFile):
        open_audio(path)


def test_24_bit_and_float_files_keep_their_precision(tmp_path: Path) -> None:
    fine = (music(0.5) * np.float32(0.999)).astype(np.float32)
    path = write_audio(tmp_path / "f.wav", fine, 96_000, "WAV/FLOAT")
    with open_audio(path) as decoder:
        np.testing.assert_array_equal(read_all(decoder), fine)
    sf.write(tmp_path / "f.flac", fine, 96_000, subtype="PCM_24")
    with open_audio(tmp_path / "f.flac") as decoder:
        np.testing.assert_allclose(read_all(decoder), fine, atol=2**-23)
