"""Late news from the engine: told about songs that no longer matter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.domain.ids import EntryId
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.playback.deck import Deck
from mecomp_desktop.threads import WorkerThread
from tests.support.audio_files import make_audio
from tests.support.players import wait_for

ONE, TWO, THREE = EntryId(1), EntryId(2), EntryId(3)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_audio(tmp_path_factory.mktemp("music") / "song.wav", 20.0, sample_rate_hz=8000)


@pytest.fixture
def engine() -> Iterator[NullEngine]:
    made = NullEngine()
    yield made
    made.close()


@pytest.fixture
def deck(engine: NullEngine) -> Iterator[Deck]:
    worker = WorkerThread("deck")
    yield Deck(engine, worker, lambda _token, _error: None)
    worker.close()


def token_of(deck: Deck) -> int:
    assert deck.token is not None
    return deck.token


def test_nothing_is_loaded_at_first(deck: Deck, song: Path) -> None:
    deck.cue(ONE, song)
    deck.uncue()
    deck.unload()
    assert (deck.loaded, deck.cued, deck.token) == (None, None, None)


def test_the_engine_plays_what_is_loaded(deck: Deck, engine: NullEngine, song: Path) -> None:
    deck.load(ONE, song, 5.0)
    deck.cue(TWO, song)
    assert (deck.loaded, deck.cued) == (ONE, TWO)
    wait_for(lambda: engine.status().position_s > 5)
    assert engine.status().token == deck.token
    deck.unload()
    wait_for(lambda: engine.status().state is PlayerState.STOPPED)


def test_its_own_start_is_no_news(deck: Deck, song: Path) -> None:
    deck.load(ONE, song)
    assert deck.went_on(token_of(deck)) is None
    assert deck.loaded == ONE


def test_going_on_to_what_was_cued(deck: Deck, song: Path) -> None:
    deck.load(ONE, song)
    deck.cue(TWO, song)
    assert deck.went_on(token_of(deck) + 1) == TWO
    assert (deck.loaded, deck.cued) == (TWO, None)


def test_going_on_to_what_was_cued_a_moment_ago(deck: Deck, song: Path) -> None:
    """The engine took the old successor before it heard of the new one: it is what plays."""
    deck.load(ONE, song)
    old = token_of(deck) + 1
    deck.cue(TWO, song)
    deck.cue(THREE, song)
    assert deck.went_on(old) == TWO
    assert (deck.loaded, deck.cued) == (TWO, THREE)


def test_news_from_before_a_new_start_is_old(deck: Deck, song: Path) -> None:
    deck.load(ONE, song)
    deck.cue(TWO, song)
    late = token_of(deck) + 1
    deck.load(THREE, song)
    assert deck.went_on(late) is None
    deck.ended(late)
    assert deck.entry_of(late) is None
    assert deck.loaded == THREE


def test_the_same_song_twice_is_two_songs(deck: Deck, song: Path) -> None:
    deck.load(ONE, song)
    first = token_of(deck)
    deck.cue(ONE, song)
    assert deck.went_on(first + 1) == ONE
    assert deck.token == first + 1
    assert deck.cued is None


def test_many_changes_of_mind_forget_no_song_that_matters(deck: Deck, song: Path) -> None:
    deck.load(ONE, song)
    for number in range(100):
        deck.cue(EntryId(number + 10), song)
    assert deck.loaded == ONE
    assert deck.cued == 109


def test_a_song_may_stand_for_another_entry(deck: Deck, song: Path) -> None:
    deck.load(ONE, song)
    deck.rename(TWO)
    assert deck.loaded == TWO


def test_a_failure_of_what_follows_leaves_what_plays(deck: Deck, song: Path) -> None:
    deck.load(ONE, song)
    deck.cue(TWO, song)
    cued = token_of(deck) + 1
    assert deck.entry_of(cued) == TWO
    deck.drop_cued(cued)
    assert (deck.loaded, deck.cued) == (ONE, None)


def test_an_engine_that_refuses_at_once_is_heard(song: Path) -> None:
    class Refusing(NullEngine):
        def start(self, *_: object, **__: object) -> None:
            raise UnreadableFile(song, Reason.DAMAGED)

    engine, worker, failed = Refusing(), WorkerThread("deck"), list[int]()
    deck = Deck(engine, worker, lambda token, _error: failed.append(token))
    deck.load(ONE, song)
    wait_for(lambda: failed)
    assert failed == [deck.token]
    worker.close()
    engine.close()
