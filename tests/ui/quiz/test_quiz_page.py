"""The quiz through the window: real audio, a real model, the real trainer in a child process."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.page import PageContext
from mecomp_desktop.ui.quiz.page import QuizPage
from mecomp_desktop.ui.theme.theme import Theme
from tests.support.audio_files import write_audio
from tests.support.personal_library import say_about
from tests.support.windows import activate

SONGS, RATE_HZ, LENGTH_S = 40, 22_050, 14.0
_PATIENCE_MS = 120_000


def character(number: int) -> tuple[float, float]:
    """A song's own middle of the spectrum, and how many pulses it has a second, both in Hz."""
    rng = np.random.default_rng([number, 1])
    return 200 * 2 ** rng.uniform(0, 5), 2 ** rng.uniform(-1, 3)


def song(number: int) -> np.ndarray:
    """Noise through a filter, in pulses."""
    count, (centre, pace_hz) = round(LENGTH_S * RATE_HZ), character(number)
    spectrum = np.fft.rfft(np.random.default_rng(number).standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE_HZ)
    sound = np.fft.irfft(spectrum * np.exp(-(np.log2((frequency + 1) / centre) ** 2)), count)
    time_s = np.arange(count) / RATE_HZ
    pulses = 0.2 + 0.8 * (np.sin(2 * np.pi * pace_hz * time_s) > 0)
    sound = sound * pulses
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)[:, None]


def pace(path: Path) -> float:
    """All that the simulated listener goes by; the bundled model goes by the spectrum first."""
    return float(np.log2(character(int(path.stem.removeprefix("Song ")))[1]))


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    for number in range(SONGS):
        write_audio(folder / f"Song {number:02}.flac", song(number), RATE_HZ, "flac")
    return folder


@pytest.fixture(scope="module")
def listened(tmp_path_factory: pytest.TempPathFactory, music: Path) -> Path:
    """The data of the program after it has listened to the songs; copied for each test."""
    home = tmp_path_factory.mktemp("listened")
    app = Application.open(Paths.below(home), NullEngine())
    app.settings.update(watch_folders=False)
    app.library.load()
    app.library.add_root(music)
    assert app.library.settle(60)
    app.analysis.start()
    assert app.analysis.wait_idle(120)
    app.close()
    return home


@pytest.fixture
def app(home: Path, listened: Path) -> Iterator[Application]:
    """The program on songs that it has listened to."""
    app = Application.open(Paths.below(Path(shutil.copytree(listened, home))), NullEngine())
    app.library.load()
    app.analysis.prepare()
    for part in (app.library, app.analysis, app.similarity):
        assert part.settle(60)
    assert app.similarity.coverage() == (SONGS, SONGS)
    yield app
    app.close()


@pytest.fixture
def page(app: Application, bridge: Bridge, qtbot: QtBot) -> QuizPage:
    made = QuizPage(PageContext.of(app, bridge))
    qtbot.addWidget(made)
    made.resize(960, 900)
    made.show()
    activate(made, qtbot)
    qtbot.waitUntil(lambda: made.question.asking, timeout=_PATIENCE_MS)
    return made


@pytest.mark.slow
def test_asks_plays_and_takes_the_answer_by_keyboard(
    page: QuizPage, app: Application, qtbot: QtBot
) -> None:
    view = page.question
    names = {track.title for track in app.library.catalog().tracks}
    shown = " ".join(choice.text() for choice in view.choices) + view._words.text()
    assert not any(name in shown for name in names)
    for place in (2, 0):
        qtbot.keyClick(page, str(place + 1))
        qtbot.waitUntil(lambda place=place: view.cards[place].playing, timeout=10_000)
    qtbot.keyClick(page, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: len(app.quiz.answers.all()) == 1, timeout=5_000)
    (answer,) = app.quiz.answers.all()
    assert answer.judgment.closest is Pair.FIRST_THIRD
    assert answer.judgment.took_s > 0
    assert [track.title for track in answer.tracks if track] == [
        name.partition(". ")[2] for name in view.last.names
    ]
    qtbot.waitUntil(lambda: view.asking, timeout=_PATIENCE_MS)
    qtbot.keyClick(page, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(app.quiz.answers.all()) == 2, timeout=5_000)
    assert app.quiz.answers.all()[0].judgment.closest is None
    qtbot.keyClick(page, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: len(app.quiz.answers.all()) == 1, timeout=5_000)


@pytest.mark.slow
def test_next_question_is_there_without_a_wait(page: QuizPage, app: Application) -> None:
    assert app.quiz.quiz.settle(60)
    for _ in range(2):
        page.question.answer(Pair.FIRST_SECOND)
        assert page.question.asking
    trios = [frozenset(answer.judgment.trio) for answer in app.quiz.answers.all()]
    assert len(set(trios)) == len(trios)


@pytest.mark.slow
def test_answers_are_listed_changed_and_deleted(
    page: QuizPage, app: Application, qtbot: QtBot
) -> None:
    page.question.answer(Pair.FIRST_SECOND)
    qtbot.waitUntil(lambda: page.answers.list.count() == 1, timeout=5_000)
    page.answers.list.setCurrentRow(0)
    page.answers._change(Pair.SECOND_THIRD)
    assert app.quiz.answers.settle(10)
    assert app.quiz.answers.all()[0].judgment.closest is Pair.SECOND_THIRD
    qtbot.waitUntil(lambda: "2 and 3 alike" in page.answers.list.item(0).text(), timeout=5_000)
    page.answers.list.setCurrentRow(0)
    page.answers.delete.click()
    qtbot.waitUntil(lambda: page.answers.list.count() == 0, timeout=5_000)


@pytest.mark.slow
def test_learns_from_the_window_and_goes_back(
    page: QuizPage, app: Application, qtbot: QtBot
) -> None:
    tracks = sorted(app.library.catalog().tracks, key=lambda track: track.path)
    qualities = {AudioId(track.audio_id): pace(track.path) for track in tracks}
    say_about(Judgments(app._core.database), qualities, 150)

    def radio() -> list[int]:
        return [int(similar.track_id) for similar in app.similarity.similar([tracks[0].id], 10)]

    before = radio()
    app.quiz.answers.changed.emit()
    qtbot.waitUntil(page.learning.learn.isEnabled, timeout=5_000)
    page.learning.learn.click()
    qtbot.waitUntil(lambda: app.quiz.learning().running, timeout=5_000)
    qtbot.waitUntil(lambda: not app.quiz.learning().running, timeout=_PATIENCE_MS)
    status = app.quiz.learning()
    assert status.error == ""
    assert status.verdict is not None
    assert status.verdict.adopted, status.verdict.reason
    qtbot.waitUntil(lambda: "had not seen; now on" in page.learning.reason.text(), timeout=5_000)
    after = radio()
    assert after != before
    qtbot.waitUntil(lambda: len(page.models.radios) == 2, timeout=5_000)
    shown = app.quiz.comparison.last()
    new = [
        sum(track not in comparison.before for track in comparison.after) for comparison in shown
    ]
    assert any(new)
    headings = [f"Now, {number} of them new" if number else "Now, the same" for number in new]
    texts = [label.text() for label in page.models.findChildren(QLabel)]
    assert [text for text in texts if text.startswith("Now")] == headings
    assert "What sounds closest to some of your songs" in texts  # none of them was played yet
    for comparison in shown:
        Plays(app._core.database).record(comparison.song.audio_id, 0.0, 60.0)
    page.models.refresh()

    def headings_now() -> list[str]:
        return [label.text() for label in page.models.findChildren(QLabel)]

    favourites = "What sounds closest to your favourites"
    qtbot.waitUntil(lambda: favourites in headings_now(), timeout=_PATIENCE_MS)
    page.models.radios[None].click()
    qtbot.waitUntil(lambda: app.quiz.registry.active() is None, timeout=_PATIENCE_MS)
    assert app.quiz.settle(60)
    assert radio() == before


def test_says_what_it_needs_while_nothing_is_analysed(
    empty_app: Application, bridge: Bridge, qtbot: QtBot
) -> None:
    page = QuizPage(PageContext.of(empty_app, bridge))
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: "nothing to ask yet" in page.question._words.text(), timeout=10_000)
    assert not any(choice.isEnabled() for choice in page.question.choices)


@pytest.mark.parametrize("dark", [False, True])
def test_draws_in_both_themes(
    page: QuizPage, theme: Theme, qapp: QApplication, qtbot: QtBot, dark: bool
) -> None:
    theme.choose("dark" if dark else "light")
    qtbot.waitUntil(lambda: theme.is_dark == dark, timeout=5_000)
    picture = page.grab().toImage()
    corner = picture.pixelColor(2, 2).lightness()
    assert (corner < 100) == dark
