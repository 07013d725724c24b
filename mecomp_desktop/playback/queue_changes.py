"""Changes of the queue: made under the player's lock, told without it, undone by the one stack."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import ParamSpec

from mecomp_desktop.domain.events import Event
from mecomp_desktop.domain.queue import PlayQueue
from mecomp_desktop.domain.queue_order import QueueOrder
from mecomp_desktop.domain.undo import Command, UndoStack
from mecomp_desktop.playback.queue_edit import QueueEdit
from mecomp_desktop.playback.snapshots import QueueSnapshot
from mecomp_desktop.playback.transport import Transport

P = ParamSpec("P")


class QueueChanges:
    """Does what changes the queue or what plays, and tells of it afterwards. Thread-safe.

    Args:
        lock: Guards the queue and the transport; one that its holder may take again.
        queue: What is changed.
        transport: Follows it, and collects what the listener should be told.
        position_s: Tells where in the current track it is, in seconds.
        undo: Takes the steps that can be taken back.

    Attributes:
        queue_changed: The queue, its order, its mode or the current entry has changed.
        notice: One plain sentence that the listener should see.
    """

    def __init__(
        self,
        lock: threading.RLock,
        queue: PlayQueue,
        transport: Transport,
        position_s: Callable[[], float],
        undo: UndoStack,
    ) -> None:
        self.queue_changed: Event[[]] = Event()
        self.notice: Event[[str]] = Event()
        self._lock = lock
        self._queue = queue
        self._transport = transport
        self._position_s = position_s
        self._undo = undo

    @contextlib.contextmanager
    def changing(self, sentence: str = "") -> Iterator[list[Command]]:
        """Hold the lock; afterwards, without it, tell what has changed.

        Args:
            sentence: What the listener does to the queue, as a step that can be undone; empty
                for what is none. The step is put into the list that is given.
        """
        steps: list[Command] = []
        with self._lock:
            before, order = QueueSnapshot.of(self._queue), self._queue.order
            position_s = self._position_s() if sentence else 0.0
            yield steps
            after = self._queue.order
            changed = QueueSnapshot.of(self._queue) != before
            notices = self._transport.notices.take()
        # Without the lock: the stack has one of its own, and holds it while a step takes this.
        if sentence and changed:
            edit = QueueEdit(sentence, order, after, position_s, self._put_back)
            steps.append(self._undo.push(edit))
        # A listener may call back, or wait for a thread that does.
        if changed:
            self.queue_changed.emit()
        for notice in notices:
            self.notice.emit(notice)

    def edit(
        self, sentence: str, edit: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> Command | None:
        """Change the queue and let the engine follow; return the step, if it is one."""
        with self.changing(sentence) as steps:
            before = self._queue.current
            edit(*args, **kwargs)
            self._transport.after_edit(before)
        return next(iter(steps), None)

    def steering(self, action: Callable[P, object]) -> Callable[P, None]:
        """Return the action, done under the lock and with its changes told afterwards."""

        def steer(*args: P.args, **kwargs: P.kwargs) -> None:
            with self.changing():
                action(*args, **kwargs)

        return steer

    def _put_back(self, order: QueueOrder, position_s: float) -> None:
        """Make the queue what it was, its track at a place in seconds."""
        with self.changing():
            before = self._queue.current
            self._queue.put_back(order)
            self._transport.after_edit(before, position_s)
