"""How many answers the chosen questions save, beside as many random ones.

On real music: ``tests/benchmarks/test_questions_bench.py``.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pytest

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Question
from mecomp_desktop.quiz.sampler import Facts, Sampler
from mecomp_desktop.quiz.song_coordinates import place
from tests.support.listeners import HEAD, Listener, World, any_questions, make_world
from trainer.personal.descriptors import fit_linear_probe
from trainer.personal.head import build_head
from trainer.personal.metric_learner import LearnerConfig, learn_metrics
from trainer.personal.questions import Questions
from trainer.personal.space import build_space

SONGS, LISTENERS, SHARE = 400, 5, 0.7
RANDOM = (60, 100, 150, 200)
CHOSEN = tuple(int(SHARE * count) for count in RANDOM)
NAMES = [AudioId(str(row)) for row in range(SONGS)]

Matrix = npt.NDArray[np.float32]
Ask = Callable[[World, Matrix, int], tuple[Questions, Sequence[int]]]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Matrix]:
    """A library, and what other songs taught about reading qualities from summaries."""
    both = make_world(tmp_path_factory.mktemp("taught"), 2 * SONGS)
    probe, _ = fit_linear_probe(both.pooled[SONGS:], both.qualities[SONGS:])
    library = (both.qualities[:SONGS], both.pooled[:SONGS], both.embedding[:SONGS])
    return World(*library, both.model), probe


@pytest.mark.nightly
@pytest.mark.slow
def test_seventy_chosen_are_worth_a_hundred_random_ones(taught: tuple[World, Matrix]) -> None:
    world, probe = taught
    chosen, random = (
        np.mean([levels(world, probe, seed, ask) for seed in range(LISTENERS)], axis=0)
        for ask in (ask_chosen, ask_random)
    )
    assert np.all(np.diff(random) > 0.01)  # more answers still teach: there is something to save
    assert np.mean(chosen - random) >= 0


def levels(world: World, probe: Matrix, seed: int, ask: Ask) -> list[float]:
    """Agreement with one listener on unseen questions, after growing numbers of answers."""
    questions, counts = ask(world, probe, seed)
    space = build_space(world.embedding, world.pooled, 0.4, probe)
    number = np.arange(len(questions.chosen))
    weights = np.stack([(number < count) & ~questions.held_back for count in counts])
    places = space.place(world.embedding, world.pooled)
    maps = learn_metrics(places, questions, weights.astype(np.float32), LearnerConfig())
    unseen, listener = any_questions(2000, SONGS, 1000 + seed), Listener(world, seed)
    heads = [build_head(space.then(metric), world.embedding, world.pooled) for metric in maps]
    return [listener.agreement(h.embed(world.embedding, world.pooled), unseen) for h in heads]


def ask_chosen(world: World, probe: Matrix, seed: int) -> tuple[Questions, Sequence[int]]:
    """What a listener answers to the quiz's own questions, and after how many to look."""
    places = place(NAMES, world.embedding, world.pooled, probe)
    sampler = Sampler(places, {name: Facts(name, name) for name in NAMES}, seed)
    listener, judgments = Listener(world, seed), list[Judgment]()
    for _ in range(CHOSEN[-1]):
        question = sampler.choose(judgments)
        assert question is not None
        judgments.append(_answered(question, listener))
    trios = np.array([[int(name) for name in judgment.trio] for judgment in judgments])
    pairs = np.array([judgment.closest for judgment in judgments], np.int64)
    held_back = np.array([judgment.held_back for judgment in judgments])
    return Questions(trios, pairs, held_back, np.arange(len(pairs))), CHOSEN


def ask_random(world: World, _: Matrix, seed: int) -> tuple[Questions, Sequence[int]]:
    """The same for any three songs; a fifth of the answers is held back here too."""
    listener, trios = Listener(world, seed), any_questions(RANDOM[-1], SONGS, seed)
    pairs = np.array([listener.answer(trio) for trio in trios], np.int64)
    number = np.arange(len(pairs))
    return Questions(trios, pairs, number % 5 == 4, number), RANDOM


def _answered(question: Question, listener: Listener) -> Judgment:
    closest = listener.answer(np.array([int(name) for name in question.trio]))
    return Judgment(
        JudgmentId(0), question.trio, closest, question.held_back, "quiz", HEAD, 1.0, 1.0
    )
