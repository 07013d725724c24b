"""A folder of real music with the store that follows it, for the tests of scanning."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from mecomp_desktop.domain.track import Track
from mecomp_desktop.errors import Reason
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.scanner import Scanner, ScanProgress
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.failures import Failures
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio


class Library:
    """A folder of music, its store and a scanner."""

    def __init__(self, root: Path, database: Database, inspector: Inspector) -> None:
        self.root = root
        self.inspector = inspector
        self.database = database
        root.mkdir(exist_ok=True)
        self.root_id = Roots(database).add(root)
        self._templates = root.parent / "templates"

    def song(self, name: str, seed: int = 0) -> Path:
        """Put a song into the folder; the same seed is the same audio."""
        template = self._templates / f"{seed}.flac"
        if not template.exists():
            make_audio(template, 0.2, seed=seed)
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, path)
        return path

    def songs(self, count: int, folder: str = ".") -> list[Path]:
        return [self.song(f"{folder}/{number:02}.flac", seed=number) for number in range(count)]

    def scan(self, **options: bool) -> ScanProgress:
        return self.scanner().run(**options)  # type: ignore[arg-type]  # flags alone

    def scanner(self) -> Scanner:
        return Scanner(self.database, self.inspector)

    @contextlib.contextmanager
    def fresh_readers(self) -> Iterator[None]:
        """Scan with processes that start now, with the permissions that we have now."""
        kept, self.inspector = self.inspector, Inspector(workers=1)
        try:
            yield
        finally:
            self.inspector.close()
            self.inspector = kept

    def tracks(self) -> dict[str, Track]:
        return {
            str(track.path.relative_to(self.root)): track for track in Tracks(self.database).all()
        }

    def failures(self) -> dict[str, Reason]:
        return {failure.path.name: failure.reason for failure in Failures(self.database).all()}


def counts(progress: ScanProgress) -> dict[str, int]:
    """What a scan did, without the zeros."""
    names = ("found", "changed", "moved", "returned", "unavailable", "gone", "failed")
    return {name: count for name in names if (count := getattr(progress, name))}
