from dataclasses import dataclass

import pytest

from mecomp_desktop.domain.undo import MAX_STEPS, UndoStack


@dataclass
class Append:
    """A small command: one word more in a list. This is all that a feature has to write."""

    words: list[str]
    word: str
    scope: str = "words"

    @property
    def sentence(self) -> str:
        return f"“{self.word}” added"

    def do(self) -> None:
        self.words.append(self.word)

    def undo(self) -> None:
        assert self.words.pop() == self.word, "undone out of order"


@pytest.fixture
def stack() -> UndoStack:
    return UndoStack()


def test_nothing_to_undo_is_no_error(stack: UndoStack) -> None:
    assert (stack.undo(), stack.redo()) == ("", "")
    assert (stack.can_undo, stack.can_redo) == (False, False)
    assert (stack.undo_sentence, stack.redo_sentence) == ("", "")


def test_undo_and_redo_go_back_and_forth(stack: UndoStack) -> None:
    words: list[str] = []
    changes: list[int] = []
    stack.changed.connect(lambda: changes.append(1))
    for word in ("one", "two"):
        stack.run(Append(words, word))
    assert words == ["one", "two"]
    assert stack.undo_sentence == "“two” added"
    assert stack.undo() == "“two” added"
    assert stack.undo() == "“one” added"
    assert words == []
    assert stack.redo_sentence == "“one” added"
    assert stack.redo() == "“one” added"
    assert words == ["one"]
    assert (stack.can_undo, stack.can_redo) == (True, True)
    assert len(changes) == 5


def test_a_new_command_ends_what_could_be_done_again_in_its_scope(stack: UndoStack) -> None:
    words: list[str] = []
    other_words: list[str] = []
    stack.run(Append(words, "one"))
    stack.run(Append(other_words, "other", scope="others"))
    stack.undo()
    stack.undo()
    stack.run(Append(words, "two"))
    assert stack.redo() == "“other” added"
    assert stack.redo() == ""
    assert (words, other_words) == (["two"], ["other"])


def test_push_keeps_what_was_done_already(stack: UndoStack) -> None:
    words = ["there"]
    stack.push(Append(words, "there"))
    assert words == ["there"]
    stack.undo()
    assert words == []


def test_the_undo_of_a_notice_takes_back_what_it_speaks_of(stack: UndoStack) -> None:
    words: list[str] = []
    other_words: list[str] = []
    first = stack.run(Append(words, "one"))
    spoken_of = stack.run(Append(words, "two"))
    stack.run(Append(other_words, "other", scope="others"))
    stack.run(Append(words, "three"))
    assert stack.undo_command(spoken_of)
    assert (words, other_words) == (["one"], ["other"])
    assert not stack.undo_command(spoken_of), "undone twice"
    assert stack.redo() == "“two” added"
    assert stack.redo() == "“three” added"
    assert words == ["one", "two", "three"]
    assert stack.undo_command(first)
    assert words == []


def test_a_scope_can_be_forgotten(stack: UndoStack) -> None:
    words: list[str] = []
    stack.run(Append(words, "one"))
    stack.run(Append([], "other", scope="others"))
    stack.clear("words")
    assert stack.undo() == "“other” added"
    assert stack.undo() == ""
    assert words == ["one"]


def test_only_so_many_steps_are_kept(stack: UndoStack) -> None:
    words: list[str] = []
    for number in range(MAX_STEPS + 5):
        stack.run(Append(words, str(number)))
    while stack.undo():
        pass
    assert words == ["0", "1", "2", "3", "4"]
