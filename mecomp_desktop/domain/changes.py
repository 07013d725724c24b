"""What a scan finds out: the differences between the disk and the library, one by one."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason


class FileStamp(NamedTuple):
    """What tells an untouched file from a changed one without opening it."""

    size_bytes: int
    mtime_ns: int


class KnownFile(NamedTuple):
    """What the library knows of a file before a scan; a tuple, since there is one for every file.

    Attributes:
        track_id: Its row.
        audio_id: What was in it at the last look.
        root_id: The folder through which it was found.
        stamp: What it looked like from outside.
        available: Whether it could be reached at the last look.
        gone: Whether it was deleted; the row is only remembered.
    """

    track_id: TrackId
    audio_id: AudioId
    root_id: RootId
    stamp: FileStamp
    available: bool = True
    gone: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything that was read from one music file."""

    path: Path
    root_id: RootId
    stamp: FileStamp
    audio_id: AudioId
    tags: Tags


@dataclass(frozen=True, slots=True)
class Found:
    """A file that the library did not know."""

    facts: FileFacts


@dataclass(frozen=True, slots=True)
class Changed:
    """A known file whose tags or audio are different now."""

    track_id: TrackId
    facts: FileFacts


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
