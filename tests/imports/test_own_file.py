from pathlib import Path

import pytest

from mecomp_desktop.domain.dynamic_playlist import DynamicPlaylist
from mecomp_desktop.domain.ids import AudioId, DynamicPlaylistId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.playlist import (
    NO_AUDIO_ID,
    Playlist,
    PlaylistEntry,
    PlaylistKind,
    new_entry_id,
    new_playlist_id,
)
from mecomp_desktop.domain.rating import Rating, Subject, SubjectKind
from mecomp_desktop.errors import UserError
from mecomp_desktop.imports import own_file
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.dynamic_playlists import DynamicPlaylistStore
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.playlists import PlaylistStore, StoredPlaylists
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.ratings import RatingStore

RATINGS = {
    Subject(SubjectKind.SONG, "a1"): Rating(liked_at_s=1.5, half_stars=7),
    Subject(SubjectKind.ALBUM, "50% of 100%41", "Björk"): Rating(half_stars=0),
    Subject.folder(Path("/music/caf\udce9/100%")): Rating(never_at_s=3.0),
}
TRIO = (AudioId("a1"), AudioId("a2"), AudioId("a3"))
ANSWER = Judgment(JudgmentId(0), TRIO, Pair.FIRST_THIRD, True, "quiz", "head", 2.5, 77.25)

DYNAMIC = DynamicPlaylist(DynamicPlaylistId(1 << 51), "Björk", 'artist = "Björk"', "year desc", 9)

FOLDER = Playlist(new_playlist_id(), "Folder", PlaylistKind.FOLDER)
MINE = Playlist(
    new_playlist_id(),
    "Mine",
    parent_id=FOLDER.id,
    entries=(
        PlaylistEntry(new_entry_id(), AudioId("a1"), "/music/caf\udce9 100%.flac", "Title"),
        PlaylistEntry(new_entry_id(), NO_AUDIO_ID, "..\\gone.mp3"),
    ),
)
PLAYLISTS = {playlist.id: playlist for playlist in (FOLDER, MINE)}


def fill(database: Database) -> None:
    RatingStore(database).put(RATINGS)
    plays = Plays(database)
    plays.record(AudioId("a1"), 10.125, 60.0)
    plays.record(AudioId("a1"), 20.0, 70.0)
    plays.record_skip(AudioId("a2"), 30.0, 5.0)
    plays.put_imported("iTunes", {AudioId("a1"): PlayCounts(9, 1, None, 5.0)})
    Judgments(database).add(ANSWER)
    PlaylistStore(database).change(StoredPlaylists(), lambda _there: PLAYLISTS)
    DynamicPlaylistStore(database).put(DYNAMIC)


def contents(database: Database) -> list[object]:
    plays = Plays(database)
    answers = [
        (judgment.trio, judgment.closest, judgment.judged_at_s)
        for judgment in Judgments(database).all()
    ]
    ratings = dict(RatingStore(database).all().all())
    dynamic = DynamicPlaylistStore(database).all()
    playlists = PlaylistStore(database).all().playlists
    return [ratings, plays.log(), plays.skip_log(), plays.imported(), answers, dynamic, playlists]


def test_there_and_back(database: Database, tmp_path: Path) -> None:
    fill(database)
    file = tmp_path / "own.json"
    own_file.write(database, Catalog(), file)
    assert own_file.is_own(file)
    elsewhere = Database(tmp_path / "elsewhere")
    for _ in range(2):  # reading it twice is reading it once
        own_file.carry_out(own_file.plan_merge(own_file.read(file), elsewhere), elsewhere)
        assert contents(elsewhere) == contents(database)
    merge = own_file.plan_merge(own_file.read(file), elsewhere)
    assert not merge.ratings
    assert [merge.plays, merge.skips, merge.answers] == [[], [], []]
    assert [merge.dynamic_playlists, merge.playlists] == [[], []]
    elsewhere.close()


def test_what_is_here_stays(database: Database, tmp_path: Path) -> None:
    fill(database)
    file = tmp_path / "own.json"
    own_file.write(database, Catalog(), file)
    song = next(iter(RATINGS))
    RatingStore(database).put({song: Rating(half_stars=1)})
    own_file.carry_out(own_file.plan_merge(own_file.read(file), database), database)
    assert RatingStore(database).all().of(song) == Rating(half_stars=1)


@pytest.mark.parametrize("change", ["cut", "version", "kind"])
def test_a_damaged_file_is_told_and_changes_nothing(
    database: Database, tmp_path: Path, change: str
) -> None:
    fill(database)
    file = tmp_path / "own.json"
    own_file.write(database, Catalog(), file)
    text = file.read_text()
    changed = {
        "cut": text[: len(text) // 2],
        "version": text.replace('"version": 1', '"version": 2'),
        "kind": text.replace('"kind": "album"', '"kind": "planet"'),
    }
    file.write_text(changed[change])
    with pytest.raises(UserError, match="newer version" if change == "version" else "damaged"):
        own_file.read(file)
