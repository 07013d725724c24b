"""Every kind of data folder, and what is wrong with some."""

from pathlib import Path

import mutagen.flac
import pytest
import soundfile

from tests.trainer.music import RATE_HZ, make_fma, make_manifest_set, tone
from trainer.data.cache import AudioCache
from trainer.data.fma import lineage, read_fma
from trainer.data.loader import readable
from trainer.data.read import read_music
from trainer.errors import DataError


def test_fma_is_read_as_distributed(fma: Path) -> None:
    music = read_music(fma)
    first = music.clips[0]
    assert len(music.clips) == 32
    assert first.path == fma / "fma_small" / "000" / "000002.mp3"
    assert (first.genre, first.artist, first.title) == ("Bells", "Bells artist 0", "Title, 2")
    assert first.lineage == {"Bells", "Bells 0"}


def test_fma_names_what_it_skips(fma: Path) -> None:
    skipped = read_fma(fma).skipped
    assert skipped == {
        "98565": "known to be broken",
        "77": "named in tracks.csv, but not there",
    }


def test_fma_medium_includes_small(fma: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "fma_metadata").symlink_to(fma / "fma_metadata")
    (folder / "fma_medium").symlink_to(fma / "fma_small")
    music = read_fma(folder)
    assert music.name == "fma_medium"
    assert "78" in music.skipped
    assert len(music.clips) == 32
    (folder / "fma_small").symlink_to(fma / "fma_small")
    assert read_music(folder).name == "fma_medium"
    assert read_music(folder, "small").name == "fma_small"
    with pytest.raises(DataError, match="no audio of the subset 'large'"):
        read_music(folder, "large")


def test_only_the_fma_set_has_subsets(music: Path) -> None:
    with pytest.raises(DataError, match="not the FMA set"):
        read_music(music, "small")


def test_lineage_survives_a_circle() -> None:
    assert lineage(["1"], {"1": "2", "2": "1"}, {"1": "a", "2": "b"}) == {"a", "b"}


def test_fma_without_audio_is_an_error(tmp_path: Path) -> None:
    folder = make_fma(tmp_path, artists=1, each=1, seconds=0.2)
    (folder / "fma_small").rename(folder / "elsewhere")
    with pytest.raises(DataError, match="no audio of the subset"):
        read_music(folder)


def test_fma_with_a_damaged_table_is_an_error(tmp_path: Path) -> None:
    folder = make_fma(tmp_path, artists=1, each=1, seconds=0.2)
    (folder / "fma_metadata" / "tracks.csv").write_text(",set\n,subset\ntrack_id,\n2,small\n")
    with pytest.raises(DataError, match="lacks the column artist/name"):
        read_music(folder)


def test_manifest_gives_labels_and_feelings(music: Path) -> None:
    read = read_music(music)
    assert len(read.clips) == 32
    assert {clip.genre for clip in read.clips} == {"Bells", "Drone", "Hiss", "Pulse"}
    assert read.emotions["clip_2"][0] == 1.0
    assert len(read.emotions) == 32


def test_manifest_without_a_column_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file,artist\nx.wav,y\n")
    with pytest.raises(DataError, match="album, title, genre"):
        read_music(tmp_path)


def test_manifest_names_a_missing_file(tmp_path: Path) -> None:
    folder = make_manifest_set(tmp_path, artists=1, each=1, seconds=0.2)
    gone = next(folder.rglob("*.wav"))
    gone.unlink()
    skipped = read_music(folder).skipped
    assert skipped == {gone.relative_to(folder).as_posix(): "named in the manifest, but not there"}


def test_tags_give_labels(tmp_path: Path) -> None:
    path = tmp_path / "Artist" / "song.flac"
    path.parent.mkdir()
    soundfile.write(path, tone("Hiss", 0, 0.5), RATE_HZ)
    tags = mutagen.flac.FLAC(path)
    tags.update({"artist": "Björk", "album": "A", "title": "T", "genre": "Pop"})
    tags.save()
    (tmp_path / "notes.txt").write_text("not music")
    (tmp_path / "broken.flac").write_bytes(b"fLaC" + bytes(20))
    read = read_music(tmp_path)
    (clip,) = read.clips
    assert (clip.key, clip.artist, clip.genre) == ("Artist/song.flac", "Björk", "Pop")
    assert list(read.skipped) == ["broken.flac"]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no music found"):
        read_music(tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        read_music(tmp_path / "nowhere")


def test_broken_audio_is_skipped_by_name(tmp_path: Path) -> None:
    folder = make_manifest_set(tmp_path / "music", artists=1, each=2, seconds=0.5)
    victims = sorted(folder.rglob("*.wav"))[:2]
    victims[0].write_bytes(b"")
    victims[1].write_bytes(b"RIFF" + bytes(50))
    good, skipped = readable(AudioCache(tmp_path / "cache", RATE_HZ), read_music(folder).clips)
    assert len(good) == 6
    assert set(skipped) == {str(victim) for victim in victims}
    assert all(skipped.values())
