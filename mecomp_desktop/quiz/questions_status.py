"""Whether there is a question, and why not."""

from dataclasses import dataclass
from enum import StrEnum


class QuestionsState(StrEnum):
    """What the preparing of questions is doing."""

    PREPARING = "preparing"
    READY = "ready"
    TOO_FEW_SONGS = "too few songs"
    ALL_ASKED = "all asked"
    UNREADABLE = "unreadable"
    FAILED = "failed"


_SENTENCES = {
    QuestionsState.PREPARING: "The next question is being prepared…",
    QuestionsState.READY: "",
    QuestionsState.TOO_FEW_SONGS: (
        "There is nothing to ask yet. The quiz needs three songs from different albums that have "
        "been analysed, and there are {songs} songs so far."
    ),
    QuestionsState.ALL_ASKED: (
        "There is nothing to ask yet. The {songs} songs that have been analysed are from too few "
        "albums, or you have answered everything about them."
    ),
    QuestionsState.UNREADABLE: (
        "There is no question: the songs that were chosen could not be read. They are left out "
        "from now on; open this page again to go on with the others."
    ),
    QuestionsState.FAILED: "No question could be prepared: {error}.",
}


@dataclass(frozen=True, slots=True)
class QuestionsStatus:
    """Whether there is a question.

    Attributes:
        state: What the preparing of questions is doing.
        songs: How many songs can be asked about; 0 before that is known.
        error: Why it failed, in plain words; empty otherwise.
    """

    state: QuestionsState = QuestionsState.PREPARING
    songs: int = 0
    error: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether there will be no question until something changes."""
        return self.state not in (QuestionsState.PREPARING, QuestionsState.READY)

    @property
    def sentence(self) -> str:
        """What to tell the listener; empty while a question is ready."""
        return _SENTENCES[self.state].format(songs=self.songs, error=self.error)
