"""What the listener did, to be taken back: one stack for the whole program."""

import threading
from typing import Protocol

from mecomp_desktop.domain.events import Event

MAX_STEPS = 200
"""The oldest steps are forgotten: a step may hold a queue of many thousand songs."""


class Command(Protocol):
    """Something that can be undone and done again.

    Both methods return at once and may be called from any thread; what takes time is posted to
    the background by them, in order.

    Attributes:
        sentence: What was done, without a full stop: "3 songs removed from the queue".
        scope: What it changes. Commands of one scope build upon each other, so that one of them
            can only be undone after those that came later; commands of two scopes do not meet.
    """

    @property
    def sentence(self) -> str: ...  # noqa: D102 (told above)

    @property
    def scope(self) -> str: ...  # noqa: D102 (told above)

    def do(self) -> None:
        """Do it, for the first time or again."""

    def undo(self) -> None:
        """Take it back."""


class UndoStack:
    """Commands that were done, and commands that were undone. Thread-safe.

    Attributes:
        changed: What can be undone or redone is another command.
    """

    def __init__(self) -> None:
        self.changed: Event[[]] = Event()
        self._lock = threading.RLock()
        self._done: list[Command] = []
        self._undone: list[Command] = []

    @property
    def undo_sentence(self) -> str:
        """What `undo` would take back; empty when there is nothing."""
        with self._lock:
            return self._done[-1].sentence if self._done else ""

    @property
    def redo_sentence(self) -> str:
        """What `redo` would do again; empty when there is nothing."""
        with self._lock:
            return self._undone[-1].sentence if self._undone else ""

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is anything to do again."""
        return bool(self._undone)

    def run(self, command: Command) -> Command:
        """Do a command and keep it; return it, for `undo_command`."""
        with self._lock:
            command.do()
            self._keep(command)
        self.changed.emit()
        return command

    def push(self, command: Command) -> Command:
        """Keep a command that has just been done by other means; return it."""
        with self._lock:
            self._keep(command)
        self.changed.emit()
        return command

    def undo(self) -> str:
        """Take the last command back; return its sentence, empty when there is none."""
        with self._lock:
            if not self._done:
                return ""
            command = self._done.pop()
            command.undo()
            self._undone.append(command)
        self.changed.emit()
        return command.sentence

    def redo(self) -> str:
        """Do again what was taken back last; return its sentence, empty when there is none."""
        with self._lock:
            if not self._undone:
                return ""
            command = self._undone.pop()
            command.do()
            self._done.append(command)
        self.changed.emit()
        return command.sentence

    def undo_command(self, command: Command) -> bool:
        """Take one command back, and before it the later ones of its scope.

        This is what the "Undo" beside a sentence does: it takes back what the sentence speaks
        of, whatever the listener did elsewhere since.

        Returns:
            Whether it was done and is undone now.
        """
        with self._lock:
            if not any(done is command for done in self._done):
                return False
            while True:
                place = _last_of_scope(self._done, command.scope)
                found = self._done.pop(place)
                found.undo()
                self._undone.append(found)
                if found is command:
                    break
        self.changed.emit()
        return True

    def clear(self, scope: str) -> None:
        """Forget the commands of a scope: what they build upon is no longer there."""
        with self._lock:
            self._done = [command for command in self._done if command.scope != scope]
            self._undone = [command for command in self._undone if command.scope != scope]
        self.changed.emit()

    def _keep(self, command: Command) -> None:
        self._done.append(command)
        del self._done[:-MAX_STEPS]
        # Only of its scope: a song queued since does not keep a removed folder from being
        # removed again, but a queue cannot become what it was on a branch that was left.
        self._undone = [undone for undone in self._undone if undone.scope != command.scope]


def _last_of_scope(commands: list[Command], scope: str) -> int:
    return max(place for place, command in enumerate(commands) if command.scope == scope)
