import time

import numpy as np
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair, Question, same_trio
from mecomp_desktop.quiz.sampler import Facts, Sampler
from mecomp_desktop.quiz.song_coordinates import SongCoordinates, place
from tests.support.listeners import HEAD, Listener, World


def ids(count: int) -> list[AudioId]:
    return [AudioId(f"{row:06}") for row in range(count)]


def facts_of(songs: list[AudioId], per_album: int = 1) -> dict[AudioId, Facts]:
    return {
        song: Facts(album=f"album {row // per_album}", recording=song)
        for row, song in enumerate(songs)
    }


def sampler_of(world: World, seed: int = 0, facts: dict[AudioId, Facts] | None = None) -> Sampler:
    songs = ids(len(world.pooled))
    return Sampler(place(songs, world.embedding, world.pooled), facts or facts_of(songs), seed)


def judgment_of(question: Question, closest: Pair | None) -> Judgment:
    return Judgment(
        JudgmentId(0), question.trio, closest, question.held_back, "quiz", HEAD, 1.0, 1.0
    )


def ask(sampler: Sampler, listener: Listener, count: int) -> list[Judgment]:
    judgments: list[Judgment] = []
    for _ in range(count):
        question = sampler.choose(judgments)
        assert question is not None
        rows = np.array([int(song) for song in question.trio])
        judgments.append(judgment_of(question, listener.answer(rows)))
    return judgments


def test_never_asks_the_same_three_twice(world: World) -> None:
    songs = ids(6)
    places = place(songs, world.embedding[:6], world.pooled[:6])
    sampler = Sampler(places, facts_of(songs), 0)
    judgments: list[Judgment] = []
    while (question := sampler.choose(judgments)) is not None:
        judgments.append(judgment_of(question, Pair.FIRST_SECOND))
        assert len(judgments) <= 20
    assert len({same_trio(judgment.trio) for judgment in judgments}) == len(judgments)
    assert len(judgments) == 20  # six songs make twenty trios


def test_asks_what_waits_no_second_time(world: World) -> None:
    songs = ids(4)
    places = place(songs, world.embedding[:4], world.pooled[:4])
    waiting: list[Question] = []
    sampler = Sampler(places, facts_of(songs), 0)
    while (question := sampler.choose([], waiting)) is not None:
        waiting.append(question)
    assert len({same_trio(judgment.trio) for judgment in waiting}) == len(waiting) == 4


def test_asks_only_about_songs_that_can_be_played(world: World) -> None:
    songs = ids(len(world.pooled))
    there = facts_of(songs[::10])
    judgments = ask(sampler_of(world, facts=there), Listener(world, 0), 30)
    assert {song for judgment in judgments for song in judgment.trio} <= there.keys()


def test_avoids_songs_of_one_album_and_one_recording(world: World) -> None:
    songs = ids(len(world.pooled))
    facts = {
        song: Facts(f"album {row // 40}", f"recording {row % 20}") for row, song in enumerate(songs)
    }
    for judgment in ask(sampler_of(world, facts=facts), Listener(world, 0), 30):
        assert len({facts[song].album for song in judgment.trio}) == 3
        assert len({facts[song].recording for song in judgment.trio}) == 3


def test_songs_without_album_may_meet(world: World) -> None:
    songs = ids(len(world.pooled))
    facts = {song: Facts("", song) for song in songs}
    assert sampler_of(world, facts=facts).choose([]) is not None


def test_avoids_near_duplicates() -> None:
    songs = ids(6)
    spots = np.array([[0, 0], [0, 1e-4], [1, 0], [1, 1e-4], [0, 1], [1e-4, 1]], np.float32)
    sampler = Sampler(SongCoordinates(tuple(songs), spots), facts_of(songs), 0)
    judgments = []
    while (question := sampler.choose(judgments)) is not None:
        judgments.append(judgment_of(question, None))
        assert len({int(song) // 2 for song in question.trio}) == 3
    assert len(judgments) == 8


@pytest.mark.parametrize(
    ("is_tagged", "longer_s", "together"),
    [(False, 0.1, False), (False, 2.0, True), (True, 0.1, True)],
)
def test_one_song_in_two_formats_is_not_asked_about_together(
    is_tagged: bool, longer_s: float, together: bool
) -> None:
    songs = ids(3)
    spots = np.array([[0, 0], [0.1, 0], [0, 1]], np.float32)
    facts = {
        song: Facts("", song, 200.0 + longer_s * row, is_tagged) for row, song in enumerate(songs)
    }
    sampler = Sampler(SongCoordinates(tuple(songs), spots), facts, 0)
    assert (sampler.choose([]) is not None) is together


@pytest.mark.slow
def test_keeps_a_fifth_for_measuring_at_every_length(world: World) -> None:
    judgments = ask(sampler_of(world), Listener(world, 0), 100)
    for length in (20, 60, 100):
        held_back = sum(judgment.held_back for judgment in judgments[:length])
        assert abs(held_back - 0.2 * length) <= 1.5


def test_spreads_over_the_library(world: World) -> None:
    judgments = ask(sampler_of(world), Listener(world, 0), 60)
    songs = [song for judgment in judgments for song in judgment.trio]
    assert len(set(songs)) > 0.6 * len(songs)


def test_too_small_a_library_has_no_question() -> None:
    songs = ids(2)
    places = SongCoordinates(tuple(songs), np.eye(2, dtype=np.float32))
    assert Sampler(places, facts_of(songs), 0).choose([]) is None
    assert Sampler(SongCoordinates((), np.zeros((0, 1), np.float32)), {}, 0).choose([]) is None


def test_one_seed_asks_the_same(world: World) -> None:
    first, second = (ask(sampler_of(world, 7), Listener(world, 1), 12) for _ in range(2))
    assert [judgment.trio for judgment in first] == [judgment.trio for judgment in second]


def test_is_quick_at_a_hundred_thousand_songs() -> None:
    rng = np.random.default_rng(0)
    songs = ids(100_000)
    pooled = rng.standard_normal((len(songs), 64)).astype(np.float32)
    sampler = Sampler(place(songs, pooled[:, :32], pooled), facts_of(songs, 10), 0)
    judgments = []
    for number, trio in enumerate(rng.integers(0, len(songs), (150, 3))):
        first, second, third = (songs[row] for row in trio)
        question = Question((first, second, third), number % 5 == 4)
        judgments.append(judgment_of(question, Pair(int(trio[0] % 3))))
    spent_s = []
    while len(spent_s) < 4:  # with 149 answers the next would surely be held back
        start_s = time.process_time()
        chosen = sampler.choose(judgments[: 145 + len(spent_s)])
        assert chosen is not None
        if not chosen.held_back:  # those are drawn at random, in no time
            spent_s.append(time.process_time() - start_s)
    # 100 ms are promised; a machine that does other things besides is given room.
    assert min(spent_s) < 0.3
