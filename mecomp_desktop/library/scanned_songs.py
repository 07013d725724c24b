"""The songs of a file that a scan has looked at: what is known of them, and what was read."""

from collections.abc import Sequence
from pathlib import Path

from mecomp_desktop.domain.changes import FileFacts, KnownFile
from mecomp_desktop.library.identity import part_id
from mecomp_desktop.library.inspection import Inspected
from mecomp_desktop.library.versions import CURRENT
from mecomp_desktop.library.walk import MusicFile
from mecomp_desktop.store.roots import Root


def rows_as_they_are(file: MusicFile, rows: Sequence[KnownFile]) -> Sequence[KnownFile]:
    """Return the rows that a file still is; none where it has changed, or its sheets have.

    Hidden rows are of another time (a file that was one song before it had a sheet) and count only
    where there are no others: a file that was deleted is back.
    """
    if len(rows) == 1:  # nearly every file, and this is asked for each at every start
        row = rows[0]
        return rows if row.stamp == file.stamp and row.sheets == file.sheets.number else ()
    listed = [row for row in rows if not row.gone] or rows
    is_same = all(row.stamp == file.stamp and row.sheets == file.sheets.number for row in listed)
    # Hidden rows of two times: only reading the file tells which of them it is.
    is_mixed = len({row.part is None for row in listed}) > 1
    return listed if is_same and not is_mixed else ()


def is_outdated(row: KnownFile) -> bool:
    """Return whether an older reader than this program's has read it."""
    return row.versions.tags < CURRENT.tags or row.versions.identity < CURRENT.identity


def facts_of_songs(file: MusicFile, root: Root, read: Inspected) -> list[FileFacts]:
    """Return what was read of a file: the file as one song, or each of its parts."""
    path, sheets = Path(file.path), file.sheets.number
    if not read.songs:
        facts = FileFacts(path, root.id, file.stamp, read.audio_id, read.tags, CURRENT, sheets)
        return [facts]
    return [
        FileFacts(
            *(path, root.id, file.stamp, part_id(read.audio_id, song.part), song.tags, CURRENT),
            sheets,
            song.part,
        )
        for song in read.songs
    ]
