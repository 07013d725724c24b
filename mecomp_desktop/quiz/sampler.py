"""Which three songs to ask about next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Doubles, Flags, Rows
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, Question, same_trio
from mecomp_desktop.quiz.preference_model import MetricPosterior
from mecomp_desktop.quiz.song_coordinates import SongCoordinates
from mecomp_desktop.similarity.duplicates import ALIKE_SOUND, SAME_LENGTH_S

HELD_BACK_SHARE = 0.2
FEWEST_SONGS = 3
"""A question is about three."""
_CANDIDATES = 500
_TYPICAL = 200
_NEAR_DUPLICATE = 0.05
_ATTEMPTS = 12
# Beyond so many answers the oldest no longer steer what is asked; the learning uses them all.
_MAX_ANSWERS = 250
# A song that was asked about lately has told its part.
_RESTING = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known of a recording before it is asked about.

    Attributes:
        album: Two songs of one album are not asked about together.
        recording: Two versions of one song are not asked about together.
        duration_s: How long it is; 0 where that is unknown.
        is_tagged: Whether its tags say which recording it is; else sound and length tell it.
    """

    album: str
    recording: str
    duration_s: float = 0.0
    is_tagged: bool = True


class Sampler:
    """Chooses questions over a library that has been listened to.

    Args:
        layout: Where the songs lie.
        facts: Of every song that can be played now; others are not asked about.
        seed: Two samplers with one seed ask the same.
    """

    def __init__(self, layout: SongCoordinates, facts: Mapping[AudioId, Facts], seed: int) -> None:
        self._layout = layout
        self._row_of = {audio_id: row for row, audio_id in enumerate(layout.audio_ids)}
        known = [row for row, audio_id in enumerate(layout.audio_ids) if audio_id in facts]
        self._rows = np.array(known, np.int64)
        self._albums = _numbered([facts[layout.audio_ids[row]].album for row in known])
        self._recordings = _numbered([facts[layout.audio_ids[row]].recording for row in known])
        lengths_s = np.zeros(len(layout.audio_ids))
        lengths_s[self._rows] = [facts[layout.audio_ids[row]].duration_s for row in known]
        is_tagged = np.ones(len(layout.audio_ids), np.bool_)
        is_tagged[self._rows] = [facts[layout.audio_ids[row]].is_tagged for row in known]
        self._lengths_s, self._is_tagged = lengths_s, is_tagged
        self._rng = np.random.default_rng(seed)
        self._known_for: tuple[object, ...] = ()
        self._known = self._fit(())

    @property
    def songs(self) -> int:
        """How many songs can be asked about."""
        return len(self._rows)

    def choose(
        self, judgments: Sequence[Judgment], waiting: Sequence[Question] = ()
    ) -> Question | None:
        """Choose the next question, or ``None`` when the library is too small for another.

        A fixed share is random and kept for measuring. The others are those whose answer would
        say most about which of the library's songs sound alike to this listener.

        Args:
            judgments: All answers so far.
            waiting: Questions that have been chosen and not yet answered.
        """
        asked = {same_trio(judgment.trio) for judgment in judgments}
        asked |= {same_trio(question.trio) for question in waiting}
        # Decided before the question is chosen: one that was kept because it looked unclear would
        # make the measurement worse than the listener's answers are.
        held_back = self._is_held_back(judgments, waiting)
        wanted = 1 if held_back else _CANDIDATES
        # The same song in question after question is dull, and its clip is remembered instead of
        # listened to.
        lately = {song for judgment in judgments[-_RESTING:] for song in judgment.trio}
        lately |= {song for question in waiting for song in question.trio}
        trios = self._draw(wanted, asked, lately)
        if not len(trios):
            trios = self._draw(wanted, asked, set())
        if not len(trios):
            return None
        best = 0 if held_back else self._most_telling(trios, judgments)
        first, second, third = (self._layout.audio_ids[row] for row in trios[best])
        return Question((first, second, third), held_back)

    def _is_held_back(self, judgments: Sequence[Judgment], waiting: Sequence[Question]) -> bool:
        """Keep the share at every length of the list; which ones they are cannot be foreseen."""
        total = len(judgments) + len(waiting) + 1
        held = sum(judgment.held_back for judgment in judgments)
        held += sum(question.held_back for question in waiting)
        short = HELD_BACK_SHARE * total - held
        return bool(self._rng.random() < np.clip(short, 0.0, 1.0))

    def _draw(self, count: int, asked: set[frozenset[AudioId]], resting: set[AudioId]) -> Rows:
        """Draw up to ``count`` trios at random that may be asked, as rows of the layout."""
        found: list[Rows] = []
        if len(self._rows) < FEWEST_SONGS:
            return np.zeros((0, 3), np.int64)
        for _ in range(_ATTEMPTS):
            drawn = self._rng.integers(0, len(self._rows), (2 * count + 8, 3))
            # More than are wanted, and then sieved as arrays: of a library with few albums most
            # trios fall away, and to try them one after the other is slow.
            drawn = drawn[_distinct(drawn)]
            drawn = drawn[_distinct(self._albums[drawn]) & _distinct(self._recordings[drawn])]
            trios = self._rows[drawn]
            trios = trios[self._apart(trios)]
            found.extend(trio for trio in trios if self._askable(trio, asked, resting))
            if len(found) >= count:
                break
        return np.array(found[:count], np.int64).reshape(-1, 3)

    def _askable(self, trio: Rows, asked: set[frozenset[AudioId]], resting: set[AudioId]) -> bool:
        songs = frozenset(self._layout.audio_ids[row] for row in trio)
        return songs not in asked and not songs & resting

    def _apart(self, trios: Rows) -> Flags:
        """Return which trios hold no two songs that are the same recording by their sound.

        The rule of `similarity.duplicates`, for many trios at once; places are about 1 apart.
        """
        first, second = trios[:, (0, 0, 1)], trios[:, (1, 2, 2)]
        sides = self._layout.coordinates[first] - self._layout.coordinates[second]
        shares = np.sqrt((sides**2).sum(axis=2))
        lengths_s = self._lengths_s
        as_long = (lengths_s[first] > 0) & (
            np.abs(lengths_s[first] - lengths_s[second]) < SAME_LENGTH_S
        )
        # Tags decide where both songs have them: a live take and the studio's may lie as close to
        # each other as two copies do, and are a fair question.
        untagged = ~(self._is_tagged[first] & self._is_tagged[second])
        same = (shares <= _NEAR_DUPLICATE) | ((shares < ALIKE_SOUND) & as_long & untagged)
        apart: Flags = ~same.any(axis=1)
        return apart

    def _most_telling(self, trios: Rows, judgments: Sequence[Judgment]) -> int:
        """Return the trio whose answer would settle most of what is in doubt elsewhere.

        For each candidate: how much its answer would shrink the doubt about a sample of typical
        questions, each weighed by how much in doubt its own outcome is. A question that is
        undecided but about nothing else, or answered by the slips of a finger, gains little.
        """
        # Not the most doubtful question: near the middle of the library everything is doubtful, and
        # an answer there says little of the rest. What counts is the doubt that it takes away
        # elsewhere.
        posterior = self._posterior(judgments)
        typical = self._draw(_TYPICAL, set(), set())
        asked = posterior.predict(self._corners(trios))
        reference = posterior.predict(self._corners(typical))
        chance = 1 / (1 + np.exp(-asked.lead / np.sqrt(1 + asked.variance * np.pi / 8)))
        information = 0.7 * chance * (1 - chance) + 1e-4
        shared = asked.covariance(reference) ** 2
        settled = shared / (asked.variance + 1 / information)[:, None] / reference.variance
        doubt = np.exp(-(reference.lead**2) / reference.variance / 2)
        return int((settled @ doubt).argmax())

    def _posterior(self, judgments: Sequence[Judgment]) -> MetricPosterior:
        decided = [
            judgment
            for judgment in judgments
            if judgment.closest is not None
            and not judgment.held_back
            and all(song in self._row_of for song in judgment.trio)
        ][-_MAX_ANSWERS:]
        # Questions are chosen ahead, several for one state of the answers; the fit is most of the
        # cost.
        key = tuple((judgment.trio, judgment.closest) for judgment in decided)
        if key != self._known_for:
            self._known_for, self._known = key, self._fit(decided)
        return self._known

    def _fit(self, decided: Sequence[Judgment]) -> MetricPosterior:
        # Answers about songs that have left the library cannot be placed; they stay in the store.
        trios = [[self._row_of[song] for song in judgment.trio] for judgment in decided]
        chosen = np.array([judgment.closest for judgment in decided], np.int64)
        return MetricPosterior(self._corners(np.array(trios, np.int64).reshape(-1, 3)), chosen)

    def _corners(self, trios: Rows) -> Doubles:
        return self._layout.coordinates[trios].astype(np.float64)


def _numbered(names: Sequence[str]) -> Rows:
    """Return equal numbers for equal names; an empty name is like no other."""
    numbers: dict[str, int] = {}
    named = (name or f"\0{place}" for place, name in enumerate(names))
    return np.array([numbers.setdefault(name, len(numbers)) for name in named], np.int64)


def _distinct(values: Rows) -> Flags:
    """Return which rows of ``[n, 3]`` hold three different values."""
    a, b, c = values.T
    different: Flags = (a != b) & (a != c) & (b != c)
    return different
