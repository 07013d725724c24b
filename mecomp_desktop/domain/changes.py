"""What a scan finds out: the differences between the disk and the library, one by one."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason

# What SQLite can hold. File systems can hold more: a time past the year 2262, say.
_MAX_INT64 = (1 << 63) - 1


class FileStamp(NamedTuple):
    """What tells an untouched file from a changed one without opening it.

    Attributes:
        size_bytes: Its size.
        mtime_ns: When its content was changed, as its writer says: some taggers set it back.
        ctime_ns: When anything of it was changed, as the file system says; 0 where not known.
    """

    size_bytes: int
    mtime_ns: int
    ctime_ns: int = 0

    @classmethod
    def of(cls, status: os.stat_result) -> "FileStamp":
        """Return the stamp of a file, each number within what the store can hold."""
        return cls(
            min(status.st_size, _MAX_INT64),
            max(-_MAX_INT64, min(status.st_mtime_ns, _MAX_INT64)),
            max(-_MAX_INT64, min(status.st_ctime_ns, _MAX_INT64)),
        )


class DerivedVersions(NamedTuple):
    """Which versions of the readers made what is stored of a file; 0 where not known."""

    tags: int = 0
    identity: int = 0


NOT_KNOWN = DerivedVersions()
"""Read by a program that kept no versions; older than every version."""


class KnownFile(NamedTuple):
    """What the library knows of a file before a scan; a tuple, since there is one for every file.

    Attributes:
        track_id: Its row.
        audio_id: What was in it at the last look.
        root_id: The folder through which it was found.
        stamp: What it looked like from outside.
        available: Whether it could be reached at the last look.
        gone: Whether it was deleted; the row is only remembered.
        versions: Which readers read it.
        sheets: What the CUE sheets beside it looked like, as one number; 0 for none.
        part: The stretch of the file that the row is; ``None`` for all of it.
    """

    track_id: TrackId
    audio_id: AudioId
    root_id: RootId
    stamp: FileStamp
    available: bool = True
    gone: bool = False
    versions: DerivedVersions = NOT_KNOWN
    sheets: int = 0
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything that was read of one song: a music file, or a part of one."""

    path: Path
    root_id: RootId
    stamp: FileStamp
    audio_id: AudioId
    tags: Tags
    versions: DerivedVersions = NOT_KNOWN
    sheets: int = 0
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A file that the library did not know."""

    facts: FileFacts


@dataclass(frozen=True, slots=True)
class Changed:
    """A known file whose tags or audio are different now.

    Attributes:
        track_id: The track.
        facts: What it says now.
        same_audio_as: The identity by which an older version of the program knew this very
            audio; ``None`` where the audio, if its identity changed, is really another.
    """

    track_id: TrackId
    facts: FileFacts
    same_audio_as: AudioId | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A known track that lies somewhere else now.

    Attributes:
        track_id: The track.
        old_path: Where it was.
        facts: Where it is, and what it says there.
    """

    track_id: TrackId
    old_path: Path
    facts: FileFacts


@dataclass(frozen=True, slots=True)
class Returned:
    """A track that could not be reached and is there again, untouched."""

    track_id: TrackId


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A track that cannot be reached: its drive or folder is not there. It stays listed."""

    track_id: TrackId


@dataclass(frozen=True, slots=True)
class Gone:
    """A track whose file was deleted. It is no longer listed, but remembered."""

    track_id: TrackId
    path: Path


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is named like music and cannot be read.

    Attributes:
        path: The file.
        stamp: What it looks like from outside.
        reason: Why, in a listener's words.
        detail: What the library underneath said.
        track_id: The track it used to be, if it was readable once.
    """

    path: Path
    stamp: FileStamp
    reason: Reason
    detail: str = ""
    track_id: TrackId | None = None


@dataclass(frozen=True, slots=True)
class Cleared:
    """A file that was listed as unreadable and is not there any more."""

    path: Path


@dataclass(frozen=True, slots=True)
class RootMissing:
    """A folder of music that is not there; its tracks become unavailable, none is deleted."""

    root_id: RootId
    path: Path


@dataclass(frozen=True, slots=True)
class RemovalRefused:
    """So many files vanished at once that a disk is likelier to be away than a listener tidying.

    Attributes:
        root_id: The folder they vanished from.
        path: Where it is.
        tracks: How many tracks became unavailable instead of being removed.
    """

    root_id: RootId
    path: Path
    tracks: int


Change = (
    Found
    | Changed
    | Moved
    | Returned
    | Unavailable
    | Gone
    | Unreadable
    | Cleared
    | RootMissing
    | RemovalRefused
)
"""One difference between the disk and the library."""
