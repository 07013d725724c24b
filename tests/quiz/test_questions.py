from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.domain.judgment import Pair, same_trio
from mecomp_desktop.domain.rating import Subject
from mecomp_desktop.domain.track import Track
from mecomp_desktop.paths import Paths
from mecomp_desktop.quiz.questions_status import QuestionsState
from tests.support.audio_files import make_audio
from tests.support.libraries import INFO, directions, open_application, store_vectors
from tests.support.players import wait_for

SONGS = 8


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    for number in range(SONGS):
        tags = {"title": f"Song {number}", "artist": f"Band {number}", "album": f"Album {number}"}
        make_audio(folder / f"{number}.flac", 13.0, seed=number, sample_rate_hz=8000, tags=tags)
    return folder


@pytest.fixture
def app(paths: Paths, music: Path) -> Iterator[Application]:
    with open_application(paths) as made:
        made.settings.update(watch_folders=False)
        made.library.load()
        made.library.add_root(music)
        assert made.library.settle(60)
        made.analysis.cancel()
        yield made


def tracks_of(app: Application) -> list[Track]:
    return sorted(app.library.catalog().tracks, key=lambda track: track.path)


def place(app: Application) -> None:
    """Give every song a vector of the bundled model's body, without listening to it."""
    base = app.quiz.registry.bundled().info
    info = type(INFO)("x", 22_050, 8, 4, base.body_hash, base.head_hash, {})
    store_vectors(app._core.database, tracks_of(app), directions(SONGS), info)
    app.quiz.quiz.forget_library()


def test_has_three_questions_ready(app: Application) -> None:
    place(app)
    app.quiz.quiz.prepare()
    assert app.quiz.quiz.settle(60)
    taken = [app.quiz.quiz.take() for _ in range(3)]
    trios = [same_trio(prepared.question.trio) for prepared in taken if prepared is not None]
    assert len(set(trios)) == 3
    for prepared in taken:
        assert prepared is not None
        assert [track.audio_id for track in prepared.tracks] == list(prepared.question.trio)
        assert all(clip.length_s == pytest.approx(12, abs=0.1) for clip in prepared.clips)


@pytest.mark.slow
def test_a_file_that_is_gone_or_broken_is_not_asked_about(app: Application) -> None:
    place(app)
    tracks = tracks_of(app)
    tracks[0].path.unlink()
    tracks[1].path.write_bytes(b"no music any more")
    bad = {tracks[0].audio_id, tracks[1].audio_id}
    app.quiz.quiz.prepare()
    asked = 0
    while asked < 12 and app.quiz.quiz.settle(60):
        prepared = app.quiz.quiz.take()
        if prepared is None:
            break
        assert not set(prepared.question.trio) & bad
        app.quiz.answer(prepared, Pair.FIRST_SECOND, 1.0)
        asked += 1
    assert asked == 12


def test_says_when_there_is_nothing_to_ask(app: Application) -> None:
    app.quiz.quiz.prepare()
    wait_for(lambda: app.quiz.quiz.status().has_ended, "to be told")
    assert app.quiz.quiz.take() is None
    assert app.quiz.quiz.status().state is QuestionsState.TOO_FEW_SONGS
    assert "there are 0 songs so far" in app.quiz.quiz.status().sentence


def test_who_takes_on_every_change_ends_when_there_is_nothing(app: Application) -> None:
    changes: list[int] = []

    def take() -> None:
        changes.append(1)
        app.quiz.quiz.take()

    app.quiz.quiz.changed.connect(take)
    for _ in range(5):
        app.quiz.quiz.prepare()
        assert app.quiz.quiz.settle(60)
    assert len(changes) == 1, "it is told once that there is no question"


def test_a_question_comes_by_itself_once_there_are_songs(app: Application) -> None:
    app.quiz.quiz.prepare()
    wait_for(lambda: app.quiz.quiz.status().has_ended, "to be told")
    place(app)
    wait_for(lambda: app.quiz.quiz.status().state is QuestionsState.READY, "for a question")
    assert app.quiz.quiz.take() is not None


def test_a_library_of_unreadable_files_says_so(app: Application) -> None:
    place(app)
    for track in tracks_of(app):
        track.path.write_bytes(b"no music any more")
    app.quiz.quiz.prepare()
    wait_for(lambda: app.quiz.quiz.status().has_ended, "to be told")
    assert app.quiz.quiz.status().sentence


@pytest.mark.logs_errors
def test_what_raises_is_reported(app: Application) -> None:
    place(app)
    with app._core.database.write() as connection:
        connection.execute("ALTER TABLE judgments RENAME TO gone")
    app.quiz.quiz.prepare()
    wait_for(lambda: app.quiz.quiz.status().has_ended, "to be told")
    assert app.quiz.quiz.status().state is QuestionsState.FAILED
    assert "No question could be prepared" in app.quiz.quiz.status().sentence


@pytest.mark.slow
def test_a_question_is_not_asked_again_after_a_restart(app: Application) -> None:
    place(app)
    app.quiz.quiz.prepare()
    assert app.quiz.quiz.settle(60)
    first = app.quiz.quiz.take()
    assert first is not None
    app.quiz.answer(first, None, 1.0)
    app.quiz.quiz.forget_library()
    app.quiz.quiz.forget_questions()
    for _ in range(20):
        app.quiz.quiz.prepare()
        assert app.quiz.quiz.settle(60)
        second = app.quiz.quiz.take()
        assert second is not None
        assert same_trio(second.question.trio) != same_trio(first.question.trio)


@pytest.mark.slow
def test_a_question_that_waits_for_its_answer_is_not_asked_again(app: Application) -> None:
    place(app)
    trios = []
    for _ in range(8):
        app.quiz.quiz.prepare()
        assert app.quiz.quiz.settle(60)
        taken = app.quiz.quiz.take()
        assert taken is not None
        trios.append(same_trio(taken.question.trio))
        app.quiz.quiz.forget_questions()
    assert len(set(trios)) == len(trios)


def test_what_was_put_away_is_not_asked_about(app: Application) -> None:
    place(app)
    app.quiz.quiz.prepare()
    assert app.quiz.quiz.settle(60)
    tracks = tracks_of(app)
    away = {track.audio_id for track in tracks[:3]}
    app.ratings.put_away(Subject.song(track) for track in tracks[:3])
    asked = 0
    while asked < 8 and app.quiz.quiz.settle(60):
        prepared = app.quiz.quiz.take()
        assert prepared is not None
        assert not set(prepared.question.trio) & away
        app.quiz.answer(prepared, Pair.FIRST_SECOND, 1.0)
        asked += 1
    assert asked == 8
