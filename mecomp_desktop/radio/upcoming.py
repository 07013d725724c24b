"""The part of the queue that is still to come."""

from collections.abc import Sequence

from mecomp_desktop.domain.ids import EntryId
from mecomp_desktop.domain.queue import QueueEntry
from mecomp_desktop.playback.service import QueueSnapshot


def to_come(queue: QueueSnapshot) -> Sequence[QueueEntry]:
    """Return the entries after the current one; all when nothing is current."""
    for row, entry in enumerate(queue.entries):
        if entry.id == queue.current_id:
            return queue.entries[row + 1 :]
    return queue.entries


def radio_songs_to_come(queue: QueueSnapshot) -> list[EntryId]:
    """Return the entries to come that the radio added; the listener's own are left alone."""
    return [entry.id for entry in to_come(queue) if entry.source == "radio"]
