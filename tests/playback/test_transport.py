"""What happens when the queue changes at the very moment the engine goes on."""

from collections.abc import Iterator

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.queue import PlayQueue, Repeat
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.playback.engine_tracks import EngineTracks
from mecomp_desktop.playback.history import Play, PlayLog
from mecomp_desktop.playback.passing_over import PassingOver
from mecomp_desktop.playback.track_finder import Verdict, no_objection
from mecomp_desktop.playback.transport import Transport
from tests.support.players import FakeLibrary, library_of_files


@pytest.fixture(scope="module")
def fake_library(tmp_path_factory: pytest.TempPathFactory) -> FakeLibrary:
    return library_of_files(tmp_path_factory.mktemp("music"), [20.0] * 3)


class Rig:
    """A transport that plays songs 1, 2 and 3; the engine's news are told by hand."""

    def __init__(self, fake_library: FakeLibrary, verdict: Verdict = no_objection) -> None:
        self.engine = NullEngine()
        self.tracks = EngineTracks(self.engine)
        self.queue = PlayQueue()
        self.unwanted: set[int] = set()
        self.passing_over = PassingOver(self.queue, lambda track: track.id in self.unwanted)
        self.now_s = 0.0
        self.plays: list[Play] = []
        self.transport = Transport(
            self.queue,
            self.tracks,
            fake_library,
            PlayLog(lambda: self.now_s),
            self.plays.append,
            verdict,
            self.passing_over,
        )
        self.queue.replace([TrackId(number) for number in (1, 2, 3)])
        self.transport.begin()

    def current(self) -> int | None:
        return self.queue.current.track_id if self.queue.current else None

    @property
    def token(self) -> int:
        assert self.tracks.token is not None
        return self.tracks.token

    def close(self) -> None:
        self.engine.close()


@pytest.fixture
def rig(fake_library: FakeLibrary) -> Iterator[Rig]:
    made = Rig(fake_library)
    yield made
    made.close()


def test_what_follows_is_handed_over_early(rig: Rig) -> None:
    assert rig.current() == 1
    assert rig.tracks.cued == rig.queue.entries[1].id


def test_follows_the_engine_to_the_next_song(rig: Rig) -> None:
    rig.transport.started(rig.token + 1)
    assert rig.current() == 2
    assert rig.tracks.cued == rig.queue.entries[2].id


def test_a_song_taken_out_while_it_begins_is_not_played(rig: Rig) -> None:
    begun = rig.token + 1
    rig.queue.remove([rig.queue.entries[1].id])
    rig.transport.started(begun)
    assert rig.current() == 3
    assert rig.tracks.loaded == rig.queue.entries[1].id


def test_a_queue_emptied_while_a_song_begins_ends(rig: Rig) -> None:
    begun = rig.token + 1
    rig.queue.clear()
    rig.transport.started(begun)
    assert rig.transport.state is PlayerState.STOPPED
    assert rig.tracks.loaded is None


def test_a_song_added_while_the_last_one_ends_is_played(rig: Rig) -> None:
    rig.transport.skip()
    rig.transport.skip()
    assert rig.tracks.cued is None
    rig.queue.append([TrackId(1)])
    rig.transport.finished(rig.token)
    assert rig.current() == 1
    assert rig.transport.state is PlayerState.PLAYING


def test_old_news_change_nothing(rig: Rig, fake_library: FakeLibrary) -> None:
    old = rig.token
    rig.transport.skip()
    rig.transport.finished(old)
    rig.transport.started(old)
    rig.transport.failed(old, UnreadableFile(fake_library.tracks[TrackId(1)].path, Reason.DAMAGED))
    assert rig.current() == 2
    assert rig.transport.notices.take() == []


def test_a_song_that_fails_while_paused_leaves_it_paused(
    rig: Rig, fake_library: FakeLibrary
) -> None:
    rig.transport.pause()
    error = UnreadableFile(fake_library.tracks[TrackId(1)].path, Reason.DAMAGED)
    rig.transport.failed(rig.token, error)
    assert rig.current() == 2
    assert rig.transport.state is PlayerState.PAUSED
    assert rig.tracks.loaded is None
    rig.transport.resume()
    assert rig.transport.state is PlayerState.PLAYING


def test_what_follows_fails_and_another_is_handed_over(rig: Rig, fake_library: FakeLibrary) -> None:
    error = UnreadableFile(fake_library.tracks[TrackId(2)].path, Reason.DAMAGED)
    rig.transport.failed(rig.token + 1, error)
    assert rig.current() == 1
    assert rig.tracks.cued == rig.queue.entries[2].id
    assert len(rig.transport.notices.take()) == 1


def test_choosing_a_failed_song_tries_it_again(rig: Rig, fake_library: FakeLibrary) -> None:
    error = UnreadableFile(fake_library.tracks[TrackId(1)].path, Reason.DAMAGED)
    rig.transport.failed(rig.token, error)
    assert rig.current() == 2
    rig.queue.previous()
    rig.transport.choose()
    assert rig.current() == 1


def test_a_place_chosen_while_stopped_is_where_it_begins(rig: Rig) -> None:
    rig.transport.stop()
    rig.transport.seek(7.0)
    assert rig.transport.resume_s == 7.0
    rig.transport.resume()
    assert rig.transport.state is PlayerState.PLAYING
    assert rig.engine.status().position_s == pytest.approx(7.0, abs=1.0)


def test_what_a_worker_objects_to_is_never_given_to_the_engine(fake_library: FakeLibrary) -> None:
    rig = Rig(fake_library, lambda track: "the decoder crashed on it" if track.id == 2 else None)
    try:
        assert rig.tracks.cued == rig.queue.entries[2].id
        rig.transport.skip()
        assert rig.current() == 3
        assert rig.transport.notices.take() == [
            "“Song 2” couldn't be read: the decoder crashed on it. It was skipped."
        ]
    finally:
        rig.close()


def test_a_track_that_ends_early_is_named(rig: Rig) -> None:
    rig.transport.ended_early(rig.token, "11.7 s of 24.0 s are there")
    assert rig.transport.notices.take() == ["“Song 1” ends early: 11.7 s of 24.0 s are there."]
    rig.transport.ended_early(rig.token + 50, "nobody asked")
    assert rig.transport.notices.take() == []


def shuffled(rig: Rig) -> None:
    """Let a shuffle have put the songs into the order that they have."""
    rig.queue.set_shuffle(True)
    rig.queue.replace([TrackId(1)])
    rig.queue.append([TrackId(2)])
    rig.queue.append([TrackId(3)])
    rig.transport.begin()


def test_a_shuffle_passes_over_what_was_put_away(rig: Rig) -> None:
    shuffled(rig)
    rig.unwanted = {2}
    rig.transport.prepare()
    assert rig.tracks.cued == rig.queue.entries[2].id
    rig.transport.skip()
    assert rig.current() == 3
    rig.transport.back(0.0)
    assert rig.current() == 1
    assert rig.transport.notices.take() == [], "the listener knows"


def test_a_shuffle_plays_what_was_put_away_where_it_was_chosen(rig: Rig) -> None:
    shuffled(rig)
    rig.unwanted = {2, 3}
    rig.passing_over.choose([TrackId(3)])
    rig.transport.prepare()
    assert rig.tracks.cued == rig.queue.entries[2].id
    rig.queue.jump(rig.queue.entries[1].id)
    rig.transport.choose()
    assert rig.current() == 2


def test_a_shuffle_of_nothing_that_may_play_ends(rig: Rig) -> None:
    shuffled(rig)
    rig.unwanted = {1, 2, 3}
    rig.queue.repeat = Repeat.ALL
    rig.transport.finished(rig.token)
    assert rig.transport.state is PlayerState.STOPPED
    rig.transport.begin()
    rig.transport.skip()
    assert rig.transport.state is PlayerState.STOPPED


def test_the_listeners_own_order_is_played_as_it_is(rig: Rig) -> None:
    rig.unwanted = {2}
    rig.transport.skip()
    assert rig.current() == 2


def test_a_radio_song_that_was_put_away_is_passed_over(rig: Rig) -> None:
    rig.queue.append([TrackId(1)], source="radio")
    rig.queue.append([TrackId(2)], source="radio")
    rig.queue.jump(rig.queue.entries[2].id)
    rig.unwanted = {1}
    rig.transport.skip()
    assert rig.current() == 2


@pytest.mark.parametrize("how", ["next", "choose", "previous", "stop", "ends"])
def test_a_skip_is_a_song_that_the_listener_left_for_another(rig: Rig, how: str) -> None:
    rig.now_s = 5.0
    if how == "next":
        rig.transport.skip()
    elif how == "choose":
        rig.queue.jump(rig.queue.entries[2].id)
        rig.transport.choose()
    elif how == "previous":
        rig.transport.back(9.0)
    elif how == "stop":
        rig.transport.stop()
    else:
        rig.transport.finished(rig.token)
    expected = [("audio 1", True)] if how in ("next", "choose") else []
    assert [(play.audio_id, play.is_skip) for play in rig.plays] == expected
