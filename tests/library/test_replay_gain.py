from pathlib import Path

import mutagen.id3
import mutagen.oggopus
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mecomp_desktop.library.replay_gain import gain_db, peak, with_usual_spelling
from mecomp_desktop.library.tags import read_tags
from tests.support.audio_files import FORMATS, make_audio

_GAINS = {
    "replaygain_track_gain": "-6.30 dB",
    "replaygain_track_peak": "0.988553",
    "replaygain_album_gain": "+1.25 dB",
    "replaygain_album_peak": "1.021",
}


@pytest.mark.parametrize("kind", sorted(set(FORMATS) - {"webm", "wav", "aiff"}))
def test_gains_and_peaks_in_every_format_with_tags(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"x{FORMATS[kind].suffix}"
    tags = read_tags(make_audio(path, kind=kind, tags=_GAINS))
    assert (tags.track_gain_db, tags.track_peak) == (-6.3, 0.988553)
    assert (tags.album_gain_db, tags.album_peak) == (1.25, 1.021)


def test_opus_counts_in_steps_towards_another_aim(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.opus", kind="opus")
    file = mutagen.oggopus.OggOpus(path)
    # Some programs write both; what the format's own standard says goes first.
    file["R128_TRACK_GAIN"] = "-1830"
    file["R128_ALBUM_GAIN"] = "0"
    file["REPLAYGAIN_TRACK_GAIN"] = "-1.00 dB"
    file.save()
    tags = read_tags(path)
    assert tags.track_gain_db == pytest.approx(-1830 / 256 + 5, abs=1e-3)
    assert tags.album_gain_db == pytest.approx(5.0)


def test_id3_has_a_frame_of_its_own(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "x.mp3", kind="mp3")
    file = mutagen.id3.ID3(path)
    file.add(mutagen.id3.RVA2(desc="track", channel=1, gain=-3.5, peak=0.75))
    file.add(mutagen.id3.RVA2(desc="ALBUM", channel=1, gain=-2.0, peak=0.5))
    file.add(mutagen.id3.RVA2(desc="normalize", channel=1, gain=9.0, peak=0.5))
    file.save()
    tags = read_tags(path)
    assert tags.track_gain_db == pytest.approx(-3.5, abs=0.01)
    assert tags.track_peak == pytest.approx(0.75, abs=0.001)
    assert tags.album_gain_db == pytest.approx(-2.0, abs=0.01)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-6.30 dB", -6.3),
        ("+1,5 dB", 1.5),
        ("-7", -7.0),
        ("0.00 dB", 0.0),
        (" -18.2 LU", -18.2),
        ("-999 dB", None),
        ("nan dB", None),
        ("1e9", None),
        ("loud", None),
        ("", None),
    ],
)
def test_a_gain_is_a_number_that_can_be_true(text: str, value: float | None) -> None:
    assert gain_db(text) == value


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ("1.2", 1.2), ("0", None), ("-1", None)])
def test_a_peak_is_above_zero(text: str, value: float | None) -> None:
    assert peak(text) == value


def test_no_gain_is_not_the_same_as_a_gain_of_zero(tmp_path: Path) -> None:
    tagged = make_audio(tmp_path / "a.flac", tags={"replaygain_track_gain": "0.00 dB"})
    assert read_tags(tagged).track_gain_db == 0.0
    assert read_tags(make_audio(tmp_path / "b.flac")).track_gain_db is None


def test_another_reference_is_corrected() -> None:
    fields = {
        "replaygain_reference_loudness": ["83.0 dB"],
        "replaygain_track_gain": ["-10.0 dB"],
    }
    assert gain_db(with_usual_spelling(fields)["replaygain_track_gain"][0]) == pytest.approx(-4.0)
    usual = fields | {"replaygain_reference_loudness": ["89.0 dB"]}
    assert with_usual_spelling(usual) == usual


@given(st.dictionaries(st.sampled_from([*_GAINS, "r128_track_gain"]), st.lists(st.text())))
def test_nothing_that_stands_in_a_file_raises(fields: dict[str, list[str]]) -> None:
    for name, texts in with_usual_spelling(fields).items():
        for text in texts:
            value = gain_db(text) if name.endswith("gain") else peak(text)
            assert value is None or abs(value) <= 64
