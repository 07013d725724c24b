"""When songs came into the listener's possession."""

from collections.abc import Mapping

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.database import Database


def set_earlier(database: Database, added: Mapping[AudioId, float]) -> None:
    """Let recordings have been added at these times, where that is earlier than what is stored.

    Args:
        database: The library database.
        added: Seconds since the epoch, by recording.
    """
    with database.write() as connection:
        connection.executemany(
            "UPDATE tracks SET added_at_s = ? WHERE audio_id = ? AND added_at_s > ?",
            [(at_s, audio_id, at_s) for audio_id, at_s in added.items()],
        )
