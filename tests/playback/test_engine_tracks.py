"""Late news from the engine: told about songs that no longer matter."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import AudioId, EntryId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.playback.engine_tracks import EngineTracks
from tests.support.audio_files import make_audio
from tests.support.players import wait_for

ONE, TWO, THREE = EntryId(1), EntryId(2), EntryId(3)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Track:
    path = tmp_path_factory.mktemp("music") / "song.wav"
    make_audio(path, 20.0, sample_rate_hz=8000)
    return Track(TrackId(1), AudioId("x"), path, RootId(1), Tags("Song"), True, 0.0)


@pytest.fixture
def engine() -> Iterator[NullEngine]:
    made = NullEngine()
    yield made
    made.close()


@pytest.fixture
def tracks(engine: NullEngine) -> EngineTracks:
    return EngineTracks(engine)


def token_of(tracks: EngineTracks) -> int:
    assert tracks.token is not None
    return tracks.token


def test_nothing_is_loaded_at_first(tracks: EngineTracks, song: Track) -> None:
    tracks.cue(ONE, song)
    tracks.uncue()
    tracks.unload()
    assert (tracks.loaded, tracks.cued, tracks.token) == (None, None, None)


def test_the_engine_plays_what_is_loaded(
    tracks: EngineTracks, engine: NullEngine, song: Track
) -> None:
    tracks.load(ONE, song, 5.0)
    tracks.cue(TWO, song)
    assert (tracks.loaded, tracks.cued) == (ONE, TWO)
    wait_for(lambda: engine.status().position_s > 5)
    assert engine.status().token == tracks.token
    tracks.unload()
    wait_for(lambda: engine.status().state is PlayerState.STOPPED)


def test_its_own_start_is_no_news(tracks: EngineTracks, song: Track) -> None:
    tracks.load(ONE, song)
    assert tracks.went_on(token_of(tracks)) is None
    assert tracks.loaded == ONE


def test_going_on_to_what_was_cued(tracks: EngineTracks, song: Track) -> None:
    tracks.load(ONE, song)
    tracks.cue(TWO, song)
    assert tracks.went_on(token_of(tracks) + 1) == TWO
    assert (tracks.loaded, tracks.cued) == (TWO, None)


def test_going_on_to_what_was_cued_a_moment_ago(tracks: EngineTracks, song: Track) -> None:
    """The engine took the old successor before it heard of the new one: it is what plays."""
    tracks.load(ONE, song)
    old = token_of(tracks) + 1
    tracks.cue(TWO, song)
    tracks.cue(THREE, song)
    assert tracks.went_on(old) == TWO
    assert (tracks.loaded, tracks.cued) == (TWO, THREE)


def test_news_from_before_a_new_start_is_old(tracks: EngineTracks, song: Track) -> None:
    tracks.load(ONE, song)
    tracks.cue(TWO, song)
    late = token_of(tracks) + 1
    tracks.load(THREE, song)
    assert tracks.went_on(late) is None
    tracks.ended(late)
    assert tracks.entry_of(late) is None
    assert tracks.loaded == THREE


def test_the_same_song_twice_is_two_songs(tracks: EngineTracks, song: Track) -> None:
    tracks.load(ONE, song)
    first = token_of(tracks)
    tracks.cue(ONE, song)
    assert tracks.went_on(first + 1) == ONE
    assert tracks.token == first + 1
    assert tracks.cued is None


def test_many_changes_of_mind_forget_no_song_that_matters(
    tracks: EngineTracks, song: Track
) -> None:
    tracks.load(ONE, song)
    for number in range(100):
        tracks.cue(EntryId(number + 10), song)
    assert tracks.loaded == ONE
    assert tracks.cued == 109


def test_a_song_may_stand_for_another_entry(tracks: EngineTracks, song: Track) -> None:
    tracks.load(ONE, song)
    tracks.rename(TWO)
    assert tracks.loaded == TWO


def test_a_failure_of_what_follows_leaves_what_plays(tracks: EngineTracks, song: Track) -> None:
    tracks.load(ONE, song)
    tracks.cue(TWO, song)
    cued = token_of(tracks) + 1
    assert tracks.entry_of(cued) == TWO
    tracks.drop_cued(cued)
    assert (tracks.loaded, tracks.cued) == (ONE, None)


def test_of_a_part_the_engine_gets_the_part(engine: NullEngine, song: Track) -> None:
    tracks = EngineTracks(engine)
    tracks.load(ONE, replace(song, start_s=5.0, end_s=12.0), 3.0)
    wait_for(lambda: engine.status().duration_s == 7.0)
    assert 3.0 <= engine.status().position_s < 7.0
