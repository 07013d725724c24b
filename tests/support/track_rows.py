"""A small library for the tests of this room: real files, and their rows in a real store."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks


def audio_id_of(path: Path) -> AudioId:
    """A stand-in for the real identity: files with the same bytes are the same recording."""
    data = path.read_bytes() if path.is_file() else b""
    return AudioId(hashlib.sha256(data or str(path).encode()).hexdigest()[:32])


def add_files(database: Database, paths: Iterable[Path]) -> list[AudioId]:
    """Put files into the library as a scan would; return their audio ids in order."""
    root = Roots(database).add(Path("/music"))
    facts = []
    for path in paths:
        stat = path.stat() if path.exists() else None
        stamp = FileStamp(stat.st_size, stat.st_mtime_ns) if stat else FileStamp(1, 1)
        tags = Tags(title=path.stem, duration_s=2.0)
        facts.append(FileFacts(path, root, stamp, audio_id_of(path), tags))
    Tracks(database).upsert_many(facts)
    return [track.audio_id for track in facts]
