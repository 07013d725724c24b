"""Folders that hold no music of the listener's: bins, snapshots, thumbnails, caches.

What lies in a bin was deleted, and a snapshot holds every song once more for each day. A dot
alone hides nothing: "...And Justice for All" and ".38 Special" are records. What is left out is
named in the result of a scan, so that nobody looks in vain for a song.
"""

import re
from collections.abc import Iterable

NO_MEDIA = ".nomedia"
"""A file of this name says that what lies beside and below it is no music (as on Android)."""

_BINS = frozenset(
    {"#recycle", "@recycle", ".recycle", "$recycle.bin", "recycler", "recycled", "lost.dir"}
    | {"lost+found", "@deleted", "#deleted"}
)
_SNAPSHOTS = frozenset(
    {"#snapshot", "@snapshot", ".snapshot", ".snapshots", "~snapshot", "@recently-snapshot"}
    | {".zfs", ".timemachine", ".mobilebackups", ".stversions", ".syncversions"}
)
_SYSTEM = frozenset(
    {"@eadir", "@tmp", "@appdata", "@sharebin", "@__thumb", ".@__thumb", ".@upload_cache"}
    | {"system volume information", "__macosx", ".appledouble", ".appledb", ".appledesktop"}
    | {".spotlight-v100", ".fseventsd", ".temporaryitems", ".documentrevisions-v100"}
    | {".thumbnails", ".cache", ".config", ".local", ".git", ".hg", ".svn", ".bzr", ".wdmc"}
    | {".stfolder", ".sync", ".dropbox.cache", ".gnupg", ".ssh", ".mozilla", ".wine", ".var"}
)
_SYSTEM_FOLDER = "a folder of the system"
_PATTERNS = (
    (re.compile(r"\.trash.*|.*\.trash", re.IGNORECASE), "a bin"),
    (re.compile(r"found\.\d{3}", re.IGNORECASE), "remains of a repaired disk"),
    (re.compile(r"\._.*"), _SYSTEM_FOLDER),
)


def why_left_out(name: str) -> str:
    """Return why a folder of this name is left out, as in "a bin"; empty if it is not."""
    plain = name.lower()
    for names, why in ((_BINS, "a bin"), (_SNAPSHOTS, "a snapshot"), (_SYSTEM, _SYSTEM_FOLDER)):
        if plain in names:
            return why
    return next((why for pattern, why in _PATTERNS if pattern.fullmatch(name)), "")


def is_left_out(parts: Iterable[str]) -> bool:
    """Return whether any of these names of folders is one that is left out."""
    return any(map(why_left_out, parts))
