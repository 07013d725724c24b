from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import Subject, SubjectKind
from mecomp_desktop.domain.track import Track
from mecomp_desktop.paths import Paths
from mecomp_desktop.playback.service import QueueSnapshot
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.plays import Plays
from tests.support.audio_files import make_audio
from tests.support.libraries import INFO, directions, open_application, store_vectors
from tests.support.players import wait_for

COUNT = 60


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty short songs by twenty bands."""
    folder = tmp_path_factory.mktemp("music")
    for number in range(COUNT):
        tags = {
            "title": f"Song {number}",
            "artist": f"Band {number // 3}",
            "album": f"Album {number // 3}",
        }
        make_audio(folder / f"{number:02}.flac", 1.5, seed=number, sample_rate_hz=8000, tags=tags)
    return folder


@pytest.fixture
def app(paths: Paths, music: Path) -> Iterator[Application]:
    with open_application(paths) as made:
        radio = replace(made.settings.current.radio, min_duration_s=0.0, songs=20)
        made.settings.update(radio=radio, watch_folders=False)
        made.library.load()
        made.library.add_root(music)
        assert made.library.settle(60)
        made.analysis.cancel()  # the tests choose the vectors; one of them starts it again
        assert made.analysis.wait_idle(30)
        assert len(made.library.catalog()) == COUNT
        yield made


@pytest.fixture
def tracks(app: Application) -> list[Track]:
    return sorted(app.library.catalog().tracks, key=lambda track: track.path)


def give_vectors(app: Application, tracks: list[Track]) -> None:
    store_vectors(app._core.database, tracks, directions(COUNT)[: len(tracks)])
    app.similarity.use_model(INFO)
    assert app.similarity.settle(10)


def queue_with(app: Application, count: int) -> QueueSnapshot:
    wait_for(lambda: len(app.playback.queue_snapshot().entries) >= count, "for the radio's songs")
    assert app.radio.settle(10)
    return app.playback.queue_snapshot()


def notices(app: Application) -> list[str]:
    messages: list[str] = []
    app.notice.connect(messages.append)
    return messages


def test_fills_the_queue_with_what_sounds_close(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.radio.start([tracks[0].id])
    queue = queue_with(app, 21)
    assert queue.entries[0].track_id == tracks[0].id
    assert queue.entries[0].source == "user"
    assert app.playback.status().state is PlayerState.PLAYING
    added = queue.entries[1:]
    assert len(added) == 20
    assert {entry.source for entry in added} == {"radio"}
    assert len({entry.track_id for entry in queue.entries}) == 21
    closeness = [entry.closeness or 0.0 for entry in added]
    everyone = app.similarity.similar([tracks[0].id], COUNT)
    assert np.mean(closeness) > np.mean([similar.closeness for similar in everyone])
    assert app.radio.active_seeds() == (tracks[0].id,)


def test_keeps_artists_apart(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.radio.start([tracks[0].id])
    queue = queue_with(app, 21)
    artists = [app.library.catalog().track(entry.track_id).artist for entry in queue.entries]
    window = app.settings.current.radio.artist_window
    for row, artist in enumerate(artists):
        assert artist not in artists[max(0, row - window) : row]


def test_goes_on_while_it_plays(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.radio.start([tracks[0].id])
    queue = queue_with(app, 21)
    app.playback.jump(queue.entries[12].id)
    longer = queue_with(app, 33)
    assert len({entry.track_id for entry in longer.entries}) == len(longer.entries)


def test_says_when_nothing_is_left(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    messages = notices(app)
    app.radio.start([tracks[0].id])
    for _ in range(COUNT):
        app.playback.jump(app.playback.queue_snapshot().entries[-1].id)
        assert app.radio.settle(10)
    assert len(app.playback.queue_snapshot().entries) == COUNT
    assert messages == ["There are no more songs that fit this radio."]


def test_recent_plays_come_back_only_when_there_is_nothing_else(
    app: Application, tracks: list[Track]
) -> None:
    give_vectors(app, tracks)
    plays = Plays(app._core.database)
    for track in tracks[10:]:
        plays.record(track.audio_id, 1.0, 100.0)
    app.radio.start([tracks[0].id])
    queue = queue_with(app, 21)
    fresh = {track.id for track in tracks[:10]}
    assert {entry.track_id for entry in queue.entries[:10]} == fresh


def test_stop_leaves_the_songs_and_adds_no_more(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.radio.start([tracks[0].id])
    queue = queue_with(app, 21)
    app.radio.stop()
    app.playback.jump(queue.entries[-1].id)
    assert app.radio.settle(10)
    assert app.playback.queue_snapshot().entries == queue.entries
    assert app.radio.active_seeds() == ()


def test_a_seed_without_a_vector_plays_at_once_and_is_analysed_first(
    app: Application, tracks: list[Track]
) -> None:
    """The real model and a real worker process hear the seed, then the library."""
    messages = notices(app)
    app.radio.start([tracks[30].id])
    assert app.playback.status().track_id == tracks[30].id
    assert app.playback.status().state is PlayerState.PLAYING
    app.playback.pause()
    wait_for(lambda: messages, "for the word that it has to be heard")
    assert "has to be analysed first" in messages[0]
    assert app.analysis.wait_idle(60)
    assert app.similarity.settle(10)
    # The radio begins with what is heard by then, and goes on while it plays.
    queue = queue_with(app, 1 + app.settings.current.radio.keep_ahead)
    assert queue.entries[0].track_id == tracks[30].id
    embedded_at = [
        stored.embedded_at_s
        for track in (tracks[30], tracks[0], tracks[59])
        if (stored := Embeddings(app._core.database).get(track.audio_id, _body(app)))
    ]
    assert embedded_at[0] == min(embedded_at)


def test_a_seed_that_cannot_be_analysed_is_reported(
    app: Application, music: Path, tmp_path: Path
) -> None:
    outside = make_audio(tmp_path / "outside.wav", 2.0)
    messages = notices(app)
    app.open_paths([outside])
    wait_for(lambda: app.playback.status().track_id is not None)
    seed = app.playback.status().track_id
    assert seed is not None
    app.radio.start([seed])
    wait_for(lambda: messages)
    assert messages == [
        "There is no radio from “outside”: it is not in the library, or not there now."
    ]
    assert app.radio.active_seeds() == ()


def test_starting_from_nothing_is_no_radio(app: Application) -> None:
    app.radio.start([])
    assert app.radio.active_seeds() == ()
    app.radio.start([TrackId(99_999)])
    assert app.radio.settle(10)
    assert app.radio.active_seeds() == ()


def _body(app: Application) -> str:
    assert app.similarity.model is not None
    return app.similarity.model.body_hash


def test_what_was_embedded_before_the_start_is_not_analysed_again(
    paths: Paths, app: Application, tracks: list[Track]
) -> None:
    """A radio may be asked for before the vectors have been read."""
    app.analysis.prepare()
    assert app.analysis.settle(30)
    assert app.similarity.model is not None
    info = app.similarity.model
    store_vectors(app._core.database, tracks, directions(COUNT, dimension=info.dimension), info)
    app.close()
    with open_application(paths) as again:
        messages = notices(again)
        again.library.load()
        again.library.cancel_scan()
        assert again.library.settle(10)
        again.analysis.cancel()
        again.radio.start([tracks[0].id])
        queue_with(again, 12)
        assert messages == []


def test_comes_back_after_a_restart(paths: Paths, app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.radio.start([tracks[0].id])
    queue_with(app, 21)
    app.close()
    with open_application(paths) as again:
        again.library.load()
        assert again.library.settle(10)
        assert again.radio.active_seeds() == (tracks[0].id,)
        assert len(again.playback.queue_snapshot().entries) == 21


def test_chooses_again_what_is_still_to_come(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.radio.start([tracks[0].id])
    app.playback.jump(queue_with(app, 21).entries[2].id)
    app.playback.enqueue([tracks[30].id])
    before = queue_with(app, 22)
    radio = replace(app.settings.current.radio, adventure=1.0, songs=10)
    app.settings.update(radio=radio)
    app.radio.choose_again()
    assert app.radio.settle(10)
    after = app.playback.queue_snapshot()
    assert after.current_id == before.current_id
    assert after.entries[:3] == before.entries[:3], "what was heard stays"
    assert after.entries[3] == before.entries[-1], "what the listener queued stays"
    assert not {entry.id for entry in after.entries[4:]} & {entry.id for entry in before.entries}
    assert len(after.entries) == len(before.entries)
    app.playback.undo()
    assert app.playback.queue_snapshot().entries == before.entries


def test_choosing_again_without_a_radio_changes_nothing(
    app: Application, tracks: list[Track]
) -> None:
    give_vectors(app, tracks)
    app.playback.play_tracks([track.id for track in tracks[:3]])
    app.radio.choose_again()
    assert app.radio.settle(10)
    assert [entry.track_id for entry in app.playback.queue_snapshot().entries] == [
        track.id for track in tracks[:3]
    ]


def take_in(app: Application, tracks: list[Track], first: int, last: int) -> None:
    """Give more songs vectors, as the analysis does while it goes on."""
    store_vectors(app._core.database, tracks[first:last], directions(COUNT)[first:last])
    app.similarity.use_model(INFO)
    assert app.similarity.settle(10)
    assert app.radio.settle(10)


def test_what_is_to_come_is_planned_anew_when_far_more_songs_are_known(
    app: Application, tracks: list[Track]
) -> None:
    give_vectors(app, tracks[:25])
    app.radio.start([tracks[0].id])
    early = queue_with(app, 15)
    status = app.radio.status()
    assert status is not None
    assert (status.known, status.total) == (25, COUNT)
    app.playback.enqueue([tracks[50].id])
    steps = app.playback.queue_snapshot()
    take_in(app, tracks, 25, COUNT)
    later = app.playback.queue_snapshot()
    assert later.entries[:3] == early.entries[:3], "what plays, and the next two, stay"
    assert steps.entries[-1] in later.entries, "what the listener queued stays"
    new = {tracks[row].id for row in range(25, COUNT)} - {tracks[50].id}
    assert new & {entry.track_id for entry in later.entries[3:]}
    assert len({entry.track_id for entry in later.entries}) == len(later.entries)
    app.playback.undo()  # the plan was no step of the listener's: what is undone is the queueing
    assert tracks[50].id not in {entry.track_id for entry in app.playback.queue_snapshot().entries}


def test_few_more_songs_change_nothing(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks[:50])
    app.radio.start([tracks[0].id])
    early = queue_with(app, 21)
    take_in(app, tracks, 50, 54)
    assert app.playback.queue_snapshot().entries == early.entries


def test_the_radio_of_an_album_is_named_and_plays_what_sounds_like_it(
    app: Application, tracks: list[Track]
) -> None:
    give_vectors(app, tracks)
    album = [track.id for track in tracks[3:6]]
    app.radio.start(album)
    queue = queue_with(app, 20)
    assert not {entry.track_id for entry in queue.entries} & set(album)
    status = app.radio.status()
    assert status is not None
    assert (status.seed.kind, status.seed.name) == ("album", "Album 1")
    assert status.seed.title == "Album 1 (album)"
    assert app.playback.status().state is PlayerState.PLAYING
    app.radio.stop()
    assert app.radio.status() is None


def test_a_song_of_an_album_that_plays_goes_on_when_the_album_becomes_a_radio(
    app: Application, tracks: list[Track]
) -> None:
    give_vectors(app, tracks)
    app.playback.play_tracks([tracks[4].id])
    wait_for(lambda: app.playback.status().position_s > 0.05)
    app.radio.start([track.id for track in tracks[3:6]])
    queue = queue_with(app, 20)
    assert queue.entries[0].track_id == tracks[4].id


def test_says_when_nothing_is_near(app: Application, tracks: list[Track]) -> None:
    """One song opposite to all others, which lie together."""
    vectors = directions(COUNT) * 0.3
    vectors[:, 0] += 1.0
    vectors[0] = -np.eye(1, vectors.shape[1])[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store_vectors(app._core.database, tracks, vectors.astype(np.float32))
    app.similarity.use_model(INFO)
    assert app.similarity.settle(10)
    messages = notices(app)
    app.radio.start([tracks[0].id])
    queue_with(app, 21)
    assert messages == ["Nothing in your library is close to “Song 0”; the nearest there is plays."]
    status = app.radio.status()
    assert status is not None
    assert status.is_far
    app.radio.start([tracks[7].id])
    queue_with(app, 21)
    assert len(messages) == 1
    status = app.radio.status()
    assert status is not None
    assert not status.is_far


def test_what_was_put_away_is_not_planned(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.ratings.put_away([Subject(SubjectKind.ARTIST, f"Band {number}") for number in range(4, 20)])
    app.radio.start([tracks[0].id])
    queue_with(app, 10)
    for _ in range(15):
        app.playback.jump(app.playback.queue_snapshot().entries[-1].id)
        assert app.radio.settle(10)
    queued = {entry.track_id for entry in app.playback.queue_snapshot().entries}
    assert queued == {track.id for track in tracks[:12]}


def test_what_is_put_away_leaves_the_radio(app: Application, tracks: list[Track]) -> None:
    give_vectors(app, tracks)
    app.radio.start([tracks[0].id])
    queue = queue_with(app, 21)
    gone = queue.entries[1].track_id
    app.ratings.put_away([Subject.song(app.library.catalog().track(gone))])

    def queued() -> set[TrackId]:
        return {entry.track_id for entry in app.playback.queue_snapshot().entries}

    wait_for(lambda: gone not in queued(), "for another song in its place")
    assert len(queued()) >= 21
