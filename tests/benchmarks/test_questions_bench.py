"""How many answers the quiz's questions are worth, beside random ones; and how long one takes.

``pytest tests/benchmarks/test_questions_bench.py -m benchmark -s``: learning curves of ten
listeners on real music (``../shared/data/music``; the embeddings are kept in pytest's cache). The
descriptors are taught on half of the artists, and the listeners' library is the other half.
``LISTENERS=n`` asks fewer.
"""

import os
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from threadpoolctl import threadpool_limits

from mecomp_desktop.contracts.evaluation import Outcome, judge
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair, Question, same_trio
from mecomp_desktop.paths import resource
from mecomp_desktop.quiz.sampler import Facts, Sampler
from mecomp_desktop.quiz.song_coordinates import place
from tests.support.listeners import squared_sides
from tests.support.real_listeners import IDEAS, MUSIC, RealListener, RealMusic, embed_music
from trainer.personal.descriptors import fit_linear_probe
from trainer.personal.finetune import _POOLED_SHARES, Library, learn
from trainer.personal.head import build_head
from trainer.personal.metric_learner import LearnerConfig, learn_metrics
from trainer.personal.questions import Questions
from trainer.personal.space import build_space, side_by_side

Matrix = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

POINTS = tuple(range(10, 201, 10))
UNSEEN, LIBRARY = 3000, 100_000
pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3_600)]


def say(text: str) -> None:
    """One line of what was measured, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass(frozen=True, eq=False)
class QuizLibrary:
    """A listener's library: half of the music, and what the other half taught about it."""

    music: RealMusic
    rows: Ints
    pooled: Matrix
    embedding: Matrix
    probe: Matrix

    @property
    def library(self) -> Library:
        """As the learner takes it."""
        return Library(self.pooled, self.embedding, self.probe)


@pytest.fixture(scope="module")
def owned(request: pytest.FixtureRequest) -> QuizLibrary:
    if not MUSIC.is_dir():
        pytest.skip(f"needs the music in {MUSIC}")
    model = resource(BUNDLED_MODEL)
    kept = Path(request.config.cache.mkdir("quiz")) / f"{zlib.crc32(model.read_bytes())}.npz"
    music = _load(kept) if kept.is_file() else _keep(embed_music(model), kept)
    mine = np.array([zlib.crc32(artist.encode()) % 2 == 0 for artist in music.artists])
    probe, _ = fit_linear_probe(music.pooled[~mine], music.described[~mine])
    rows = np.flatnonzero(mine)
    return QuizLibrary(music, rows, music.pooled[rows], music.embedding[rows], probe)


def _keep(music: RealMusic, path: Path) -> RealMusic:
    named = {f"quality {name}": values for name, values in music.qualities.items()}
    np.savez(path, artists=music.artists, pooled=music.pooled, embedding=music.embedding,
             described=music.described, **named)  # fmt: skip
    return music


def _load(path: Path) -> RealMusic:
    with np.load(path) as kept:
        qualities = {
            name.removeprefix("quality "): kept[name] for name in kept if name.startswith("quality")
        }
        artists = [str(name) for name in kept["artists"]]
        return RealMusic(artists, kept["pooled"], kept["embedding"], kept["described"], qualities)


def unseen(allowed: Ints, seed: int) -> Ints:
    rng = np.random.default_rng([seed, 31])
    trios = allowed[rng.integers(0, len(allowed), (2 * UNSEEN, 3))]
    a, b, c = trios.T
    return trios[(a != b) & (a != c) & (b != c)][:UNSEEN]


def ask(owned: QuizLibrary, listener: RealListener, seed: int, *, active: bool) -> list[Judgment]:
    """What a listener answers to 200 questions, as the quiz puts them or all at random."""
    names = [AudioId(str(number)) for number in range(len(owned.rows))]
    facts = {
        name: Facts(owned.music.artists[row], name)
        for name, row in zip(names, owned.rows, strict=True)
        if listener.knows[row]
    }
    sampler = Sampler(place(names, owned.embedding, owned.pooled, owned.probe), facts, seed)
    judgments: list[Judgment] = []
    for _ in range(POINTS[-1]):
        if active:
            question = sampler.choose(judgments)
        else:
            asked = {same_trio(judgment.trio) for judgment in judgments}
            first, second, third = (names[row] for row in sampler._draw(1, asked, set())[0])
            question = Question((first, second, third), sampler._is_held_back(judgments, ()))
        assert question is not None
        trio = owned.rows[[int(song) for song in question.trio]]
        judgments.append(_judgment(question, listener.answer(trio)))
    return judgments


def _judgment(question: Question, closest: Pair) -> Judgment:
    return Judgment(JudgmentId(0), question.trio, closest, question.held_back, "quiz", "", 1.0, 1.0)


def questions_of(judgments: list[Judgment]) -> Questions:
    return Questions(
        np.array([[int(song) for song in judgment.trio] for judgment in judgments]),
        np.array([int(judgment.closest) for judgment in judgments if judgment.closest is not None]),
        np.array([judgment.held_back for judgment in judgments]),
        np.arange(1, len(judgments) + 1),
    )


def curve(
    owned: QuizLibrary, listener: RealListener, judgments: list[Judgment], seed: int
) -> list[float]:
    """Agreement on unseen questions, before any answer and after each of ``POINTS``."""
    questions = questions_of(judgments)
    number = np.arange(len(judgments))
    weights = np.stack([(number < point) & ~questions.held_back for point in POINTS])
    library, spaces = owned.library, []
    for share in _POOLED_SHARES:
        space = build_space(library.embedding, library.pooled, share, library.probe)
        places = space.place(library.embedding, library.pooled)
        maps = learn_metrics(places, questions, weights.astype(np.float32), LearnerConfig())
        spaces.append((space, maps))
    trios = unseen(np.flatnonzero(listener.knows[owned.rows]), seed)
    truth = listener.closest(owned.rows[trios])
    found = [_agreement(library.embedding, trios, truth)]
    for fit in range(len(POINTS)):
        metric = side_by_side([space.then(maps[fit]) for space, maps in spaces])
        head = build_head(metric, library.embedding, library.pooled)
        found.append(_agreement(head.embed(library.embedding, library.pooled), trios, truth))
    return found


def _agreement(vectors: Matrix, trios: Ints, truth: Ints) -> float:
    return float((squared_sides(vectors.astype(np.float64), trios).argmin(axis=1) == truth).mean())


def needed(mean: npt.NDArray[np.float64], level: float) -> float:
    """After how many answers a mean curve has reached a level, by interpolation."""
    risen = np.maximum.accumulate(mean)
    if risen[-1] < level:
        return float("inf")
    return float(np.interp(level, risen, (0, *POINTS)))


def test_questions_beside_random_ones(owned: QuizLibrary) -> None:
    ideas = IDEAS[: int(os.environ.get("LISTENERS", len(IDEAS)))]
    curves: dict[bool, list[list[float]]] = {True: [], False: []}
    with threadpool_limits(1):
        for number, idea in enumerate(ideas):
            seed = 7000 + number
            for active, found in curves.items():
                listener = RealListener(owned.music, idea, seed)
                answers = ask(owned, listener, seed, active=active)
                found.append(curve(owned, listener, answers, seed))
            line = "  ".join(
                f"{name} {100 * found[-1][0]:.0f} → {100 * found[-1][6]:.1f} → "
                f"{100 * found[-1][20]:.1f}"
                for name, found in (("chosen", curves[True]), ("random", curves[False]))
            )
            say(f"{' + '.join(idea):45s} {line}")
    chosen, random = (100 * np.array(curves[active]) for active in (True, False))
    say(f"agreement on {UNSEEN} unseen questions, {len(ideas)} listeners, mean ± deviation")
    for place_, point in enumerate((0, *POINTS)):
        gain = chosen[:, place_] - chosen[:, 0]
        say(
            f"{point:4d} answers: chosen {chosen[:, place_].mean():5.1f} ± "
            f"{chosen[:, place_].std():4.1f}  random {random[:, place_].mean():5.1f} ± "
            f"{random[:, place_].std():4.1f}  gained {gain.mean():+5.1f} ± {gain.std():4.1f}"
        )
    for point in (40, 60, 80, 100, 150, 200):
        level = float(random.mean(axis=0)[point // 10])
        least = needed(chosen.mean(axis=0), level)
        say(f"random {point}: {level:.1f} %; chosen needs {least:.0f}, {least / point:.0%}")


def test_listeners_who_answer_at_random(owned: QuizLibrary) -> None:
    adopted = 0
    with threadpool_limits(1):
        for seed in range(20):
            listener = RealListener(owned.music, ("harmony",), seed, slip=1.0)
            judgments = ask(owned, listener, seed, active=False)[:60]
            learned = learn(
                owned.library, questions_of(judgments), "", LearnerConfig(), 0, lambda *_: None
            )
            verdict = judge(
                [
                    Outcome(outcome.held_back, outcome.before, outcome.after, outcome.gain)
                    for outcome in learned.outcomes
                ]
            )
            adopted += verdict.adopted
    say(f"answers at random: {adopted} of 20 adopted")


def test_a_question_among_a_hundred_thousand_songs() -> None:
    rng = np.random.default_rng(0)
    took = {}
    for count in (1_000, LIBRARY):
        songs = [AudioId(f"{row:06}") for row in range(count)]
        pooled = rng.standard_normal((count, 256)).astype(np.float32)
        probe = rng.standard_normal((256, 14)).astype(np.float32)
        facts = {song: Facts(f"album {row // 10}", song) for row, song in enumerate(songs)}
        sampler = Sampler(place(songs, pooled[:, :32], pooled, probe), facts, 0)
        judgments = [
            _judgment(Question((songs[a], songs[b], songs[c]), number % 5 == 4), Pair(int(a % 3)))
            for number, (a, b, c) in enumerate(rng.integers(0, count, (200, 3)))
        ]
        took[count] = _milliseconds(sampler, judgments)
    for count, (first, later) in took.items():
        say(f"{count:7,} songs: {later:.0f} ms a question, {first:.0f} ms after a new answer")
    say(f"a hundred times the songs: {took[LIBRARY][0] / took[1_000][0]:.2f} times as long")


def _milliseconds(sampler: Sampler, judgments: list[Judgment]) -> tuple[float, float]:
    """CPU time of a question after a new answer, and of one more; the least of several.

    A question that is held back is drawn at random, and says nothing here.
    """
    first: list[float] = []
    later: list[float] = []
    with threadpool_limits(1):
        for end in range(len(judgments) - 12, len(judgments)):
            for found in (first, later):
                began = time.thread_time()
                question = sampler.choose(judgments[:end])
                assert question is not None
                if not question.held_back:
                    found.append(1000 * (time.thread_time() - began))
    return min(first), min(later)
