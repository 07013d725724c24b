"""A long file with a CUE sheet is its songs, whatever happens to either."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import mutagen.flac
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import Reason
from mecomp_desktop.library.identity import audio_id, part_id
from mecomp_desktop.store.failures import Failures
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio
from tests.support.music_folder import Library, counts
from tests.support.permissions import ordinary_permissions

_LENGTH_S = 6.0
_STARTS = ("00:00:00", "00:02:37", "00:04:00")
_TIMES_S = (0.0, 2 + 37 / 75, 4.0)


def sheet(file: str = "disc.wav", starts: tuple[str, ...] = _STARTS, title: str = "Song") -> str:
    tracks = "".join(
        f'  TRACK {number:02} AUDIO\n    TITLE "{title} {number}"\n    INDEX 01 {start}\n'
        for number, start in enumerate(starts, start=1)
    )
    return f'PERFORMER "Band"\nTITLE "Album"\nFILE "{file}" WAVE\n{tracks}'


def disc(library: Library, name: str = "album/disc.flac") -> Path:
    path = library.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    template = library.root.parent / "template.flac"
    if not template.exists():
        make_audio(template, _LENGTH_S, seed=1)
    shutil.copy(template, path)
    return path


def beside(path: Path, text: str, name: str = "disc.cue") -> Path:
    where = path.with_name(name)
    where.write_text(text, encoding="utf-8")
    return where


def songs(library: Library) -> list[Track]:
    found = Tracks(library.database).all()
    return sorted(found, key=lambda track: (track.path, track.start_s or 0.0))


def titles(library: Library) -> list[str]:
    return [track.title for track in songs(library)]


def test_a_file_with_a_sheet_is_its_songs(library: Library) -> None:
    path = disc(library)
    beside(path, sheet())
    assert counts(library.scan()) == {"found": 3}
    found = songs(library)
    assert [track.part for track in found] == [
        Part(_TIMES_S[0], _TIMES_S[1]),
        Part(_TIMES_S[1], _TIMES_S[2]),
        Part(_TIMES_S[2], None),
    ]
    assert [track.tags.track_number for track in found] == [1, 2, 3]
    assert {(track.path, track.artist, track.album) for track in found} == {(path, "Band", "Album")}
    assert [track.duration_s for track in found] == pytest.approx([2 + 37 / 75, 1 + 38 / 75, 2.0])
    whole = audio_id(path)
    assert [track.audio_id for track in found] == [
        part_id(whole, track.part) for track in found if track.part is not None
    ]
    assert counts(library.scan()) == {}


def test_the_identity_of_a_part_never_changes() -> None:
    """Golden values: were they others, plays, vectors and judgments would be lost."""
    whole = AudioId("0123456789abcdef0123456789abcdef")
    assert part_id(whole, Part(0.0, 2 + 37 / 75)) == "05cd48543289115a05052b9803c4ef87"
    assert part_id(whole, Part(2 + 37 / 75, None)) == "691e48aecd650e7c80f8b71c553efd47"


def test_new_words_in_the_sheet_are_new_tags_of_the_same_songs(library: Library) -> None:
    path = disc(library)
    beside(path, sheet())
    library.scan()
    before = songs(library)
    beside(path, sheet(title="Other"))
    assert counts(library.scan()) == {"changed": 3}
    after = songs(library)
    assert titles(library) == ["Other 1", "Other 2", "Other 3"]
    assert [(track.id, track.audio_id) for track in after] == [
        (track.id, track.audio_id) for track in before
    ]


def test_new_times_in_the_sheet_cut_anew(library: Library) -> None:
    path = disc(library)
    beside(path, sheet())
    library.scan()
    first, second, third = songs(library)
    beside(path, sheet(starts=("00:00:00", "00:03:00")))
    library.scan()
    after = songs(library)
    assert [track.part for track in after] == [Part(0.0, 3.0), Part(3.0, None)]
    assert after[0].id == first.id
    assert after[0].audio_id != first.audio_id
    # As it was: the same songs under the ids by which queues know them.
    beside(path, sheet())
    library.scan()
    assert [(track.id, track.audio_id) for track in songs(library)] == [
        (track.id, track.audio_id) for track in (first, second, third)
    ]


def test_a_sheet_that_comes_and_goes(library: Library) -> None:
    path = disc(library)
    library.scan()
    (whole,) = songs(library)
    where = beside(path, sheet())
    assert counts(library.scan()) == {"found": 3, "gone": 1}
    parts = songs(library)
    where.unlink()
    library.scan()
    (again,) = songs(library)
    assert (again.id, again.audio_id, again.part) == (whole.id, whole.audio_id, None)
    beside(path, sheet())
    library.scan()
    assert [track.id for track in songs(library)] == [track.id for track in parts]
    assert counts(library.scan()) == {}


def test_moved_with_its_sheet_every_song_keeps_its_history(library: Library) -> None:
    beside(disc(library), sheet())
    library.scan()
    before = songs(library)
    Plays(library.database).record(before[1].audio_id, 1.0, 60.0)
    (library.root / "album").rename(library.root / "moved")
    assert counts(library.scan()) == {"moved": 3}
    after = songs(library)
    assert [(track.id, track.audio_id) for track in after] == [
        (track.id, track.audio_id) for track in before
    ]
    assert {track.path for track in after} == {library.root / "moved" / "disc.flac"}
    assert counts(library.scan()) == {}


def test_deleted_and_back(library: Library) -> None:
    path = disc(library)
    beside(path, sheet())
    library.song("another.flac", seed=3)
    library.scan()
    ids = [track.id for track in songs(library)]
    path.rename(library.root.parent / "away.flac")
    assert counts(library.scan()) == {"gone": 3}
    (library.root.parent / "away.flac").rename(path)
    library.scan()
    assert [track.id for track in songs(library)] == ids
    assert all(track.available for track in songs(library))


def test_a_folder_that_is_away_takes_all_parts_along(library: Library) -> None:
    beside(disc(library), sheet())
    library.scan()
    library.root.rename(library.root.with_name("unplugged"))
    assert counts(library.scan()) == {"unavailable": 3}
    assert [track.available for track in songs(library)] == [False] * 3
    library.root.with_name("unplugged").rename(library.root)
    assert counts(library.scan()) == {"returned": 3}


def test_a_file_that_turns_bad_makes_all_parts_unavailable(library: Library) -> None:
    path = disc(library)
    beside(path, sheet())
    library.scan()
    path.write_bytes(b"no music any more")
    library.scan()
    assert [track.available for track in songs(library)] == [False] * 3
    assert library.failures() == {"disc.flac": Reason.NOT_AUDIO}
    disc(library)
    library.scan()
    assert [track.available for track in songs(library)] == [True] * 3
    assert library.failures() == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (sheet(starts=("00:00:00", "05:00:00")), "the music ends at 0:06"),
        (sheet(starts=("00:00:00", "00:03:00", "00:02:00")), "before the one before"),
        (sheet().replace("INDEX 01 00:02:37", ""), "track 2 has no beginning"),
        (sheet(starts=("00:00:00", "99999999:00:00")), "track 2 begins at"),
        ("no sheet at all", "no tracks"),
    ],
)
def test_a_broken_sheet_is_listed_and_the_file_stays_one_song(
    library: Library, text: str, why: str
) -> None:
    path = disc(library)
    where = beside(path, text)
    assert counts(library.scan()) == {"found": 1, "failed": 1}
    (failure,) = Failures(library.database).all()
    assert (failure.path, failure.reason) == (where, Reason.BAD_SHEET)
    assert why in failure.detail
    assert songs(library)[0].part is None
    # It stays listed as long as it stays as it is, and costs nothing.
    assert counts(library.scan()) == {}
    assert library.failures() == {"disc.cue": Reason.BAD_SHEET}
    beside(path, sheet())
    assert counts(library.scan()) == {"found": 3, "gone": 1}
    assert library.failures() == {}


def test_a_broken_sheet_that_is_deleted_is_not_listed(library: Library) -> None:
    where = beside(disc(library), "no sheet")
    library.scan()
    where.unlink()
    library.scan()
    assert library.failures() == {}
    assert len(songs(library)) == 1


def test_a_sheet_that_may_not_be_read_costs_nothing(library: Library) -> None:
    where = beside(disc(library), sheet())
    where.chmod(0)
    with ordinary_permissions(), library.fresh_readers():
        assert counts(library.scan()) == {"found": 1}


def test_a_sheet_for_files_of_one_song_each_cuts_nothing(library: Library) -> None:
    names = ["01.flac", "02.flac"]
    for seed, name in enumerate(names):
        library.song(f"album/{name}", seed=seed)
    text = "".join(
        f'FILE "{number:02}.wav" WAVE\nTRACK {number:02} AUDIO\nINDEX 01 00:00:00\n'
        for number in (1, 2)
    )
    (library.root / "album" / "album.cue").write_text(text)
    assert counts(library.scan()) == {"found": 2}
    assert [track.part for track in songs(library)] == [None, None]
    assert library.failures() == {}


def test_two_files_of_one_sheet(library: Library) -> None:
    for name in ("album/a.flac", "album/b.flac"):
        disc(library, name)
    halves = [sheet(f"{name}.wav", ("00:00:00", "00:03:00"), name.upper()) for name in "ab"]
    second = (
        halves[1].split("\n", 2)[2].replace("TRACK 01", "TRACK 03").replace("TRACK 02", "TRACK 04")
    )
    (library.root / "album" / "both.cue").write_text(halves[0] + second)
    assert counts(library.scan()) == {"found": 4}
    assert titles(library) == ["A 1", "A 2", "B 1", "B 2"]
    assert [track.tags.track_number for track in songs(library)] == [1, 2, 3, 4]


def _with_tag(path: Path) -> None:
    file = mutagen.flac.FLAC(path)
    file["cuesheet"] = sheet()
    file["album"] = "Of the file"
    file.save()


def _with_block(path: Path) -> None:
    file = mutagen.flac.FLAC(path)
    block = mutagen.flac.CueSheet(None)
    for number, start_s in enumerate((*_TIMES_S, _LENGTH_S), start=1):
        is_end = start_s == _LENGTH_S
        track = mutagen.flac.CueSheetTrack(170 if is_end else number, round(start_s * 44_100))
        if not is_end:
            track.indexes.append(mutagen.flac.CueSheetTrackIndex(1, 0))
        block.tracks.append(track)
    file.metadata_blocks.append(block)
    file.cuesheet = block
    file["artist"] = "Band"
    file.save()


@pytest.mark.parametrize(
    ("put_in", "wanted"),
    [(_with_tag, "Song"), (_with_block, "Track")],
)
def test_a_sheet_inside_the_file(
    library: Library, put_in: Callable[[Path], None], wanted: str
) -> None:
    put_in(disc(library))
    assert counts(library.scan()) == {"found": 3}
    assert titles(library) == [f"{wanted} {number}" for number in (1, 2, 3)]
    assert [track.start_s for track in songs(library)] == pytest.approx(_TIMES_S)
    assert {track.artist for track in songs(library)} == {"Band"}
    assert counts(library.scan()) == {}


def test_the_sheet_beside_comes_before_the_one_inside(library: Library) -> None:
    path = disc(library)
    _with_tag(path)
    where = beside(path, sheet(title="Beside"))
    library.scan()
    assert titles(library) == ["Beside 1", "Beside 2", "Beside 3"]
    beside(path, "broken")
    library.scan()
    assert titles(library) == ["Song 1", "Song 2", "Song 3"]
    where.unlink()
    library.scan()
    assert titles(library) == ["Song 1", "Song 2", "Song 3"]


def test_a_sheet_with_a_name_that_is_not_utf8(library: Library) -> None:
    path = disc(library, os.fsdecode(b"album/caf\xe9.flac"))
    path.with_suffix(".cue").write_bytes(sheet("caf\xe9.wav").encode("cp1252"))
    assert counts(library.scan()) == {"found": 3}
