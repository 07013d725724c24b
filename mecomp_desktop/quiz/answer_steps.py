"""What the listener does to the answers, as steps that can be undone.

Each method only posts its work: the store may have to wait for another program, and the window
must not. Steps of the answers share a scope, so their jobs run in the order of the clicks, and a
step may rely on what the one before has stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.store.judgments import Judgments

Post = Callable[[Callable[[], object]], None]
"""Has a change of the store done in the background, and those told who show answers."""

SCOPE = "answers"


@dataclass(slots=True, eq=False)
class AnswerGiven:
    """A new answer."""

    judgments: Judgments
    post: Post
    judgment: Judgment
    then: Callable[[], object]
    stored: list[JudgmentId] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What was done."""
        return "An answer was given"

    @property
    def scope(self) -> str:
        """What it changes."""
        return SCOPE

    def do(self) -> None:
        """Store the answer."""
        self.post(self._store)

    def undo(self) -> None:
        """Take the answer back."""
        self.post(self._take_back)

    def _store(self) -> None:
        self.stored.append(self.judgments.add(self.judgment))
        self.then()

    def _take_back(self) -> None:
        if self.stored:  # else it could not be stored, which was told then
            self.judgments.remove([self.stored.pop()])


@dataclass(slots=True, eq=False)
class AnswerChanged:
    """Another answer to a question of before."""

    judgments: Judgments
    post: Post
    judgment_id: JudgmentId
    closest: Pair | None
    before: list[Pair | None] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What was done."""
        return "An answer was changed"

    @property
    def scope(self) -> str:
        """What it changes."""
        return SCOPE

    def do(self) -> None:
        """Change the answer."""
        self.post(self._change)

    def undo(self) -> None:
        """Give the answer of before."""
        self.post(self._change_back)

    def _change(self) -> None:
        for judgment in self.judgments.with_ids([self.judgment_id]):
            self.judgments.change(self.judgment_id, self.closest)
            self.before.append(judgment.closest)

    def _change_back(self) -> None:
        if self.before:
            self.judgments.change(self.judgment_id, self.before.pop())


@dataclass(slots=True, eq=False)
class AnswersRemoved:
    """Answers that were deleted."""

    judgments: Judgments
    post: Post
    judgment_ids: Sequence[JudgmentId]
    removed: list[Judgment] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """What was done."""
        number = len(self.judgment_ids)
        return "1 answer was deleted" if number == 1 else f"{number} answers were deleted"

    @property
    def scope(self) -> str:
        """What it changes."""
        return SCOPE

    def do(self) -> None:
        """Delete the answers."""
        self.post(self._remove)

    def undo(self) -> None:
        """Put the answers back."""
        self.post(self._put_back)

    def _remove(self) -> None:
        removed = self.judgments.with_ids(self.judgment_ids)
        self.judgments.remove(self.judgment_ids)
        self.removed = removed

    def _put_back(self) -> None:
        # Under their numbers: an earlier step may be about one of them.
        self.judgments.put_back(self.removed)
        self.removed = []
