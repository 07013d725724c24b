"""Files that could not be read, with the reason."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mecomp_desktop.domain.changes import FileStamp
from mecomp_desktop.domain.part import Part
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database

Stage = Literal["scan", "analysis"]
"""Who met the failure: the scan that reads tags, or the analysis that decodes."""

_PASSING = tuple(reason.name for reason in Reason if reason.passing)


@dataclass(frozen=True, slots=True)
class Failure:
    """One file that could not be read.

    Attributes:
        path: The file.
        stage: Who met the failure.
        reason: Why, in a listener's words.
        detail: What the library underneath said, for a bug report.
        size_bytes: How big it was; with the two times, tells when trying again makes sense.
        mtime_ns: When its content was last changed.
        failed_at_s: When it failed, in seconds since the epoch.
        ctime_ns: When anything of it was last changed; 0 where not known.
        reader_version: Which version of the readers failed; a newer one tries again.
        start_s: Where the part begins that failed, in seconds; ``None``: the whole file.
    """

    path: Path
    stage: Stage
    reason: Reason
    detail: str
    size_bytes: int
    mtime_ns: int
    failed_at_s: float
    ctime_ns: int = 0
    reader_version: int = 0
    start_s: float | None = None


class Failures:
    """The table of failures: at most one a stage of a file, or of each of its parts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, failure: Failure) -> None:
        """Note a failure; it replaces the one of the same file and stage."""
        self.record_many((failure,))

    def record_many(self, failures: Iterable[Failure]) -> None:
        """Note failures, all of them or none."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO failures (path, stage, reason, detail, size_bytes,"
                " mtime_ns, failed_at_s, ctime_ns, reader_version, start_s)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                map(_row, failures),
            )

    def all(self) -> list[Failure]:
        """Return every failure, by path."""
        rows = self._database.read().execute("SELECT * FROM failures ORDER BY path, stage, start_s")
        return [
            Failure(
                Path(os.fsdecode(row["path"])),
                row["stage"],
                _reason(row["reason"]),
                row["detail"],
                row["size_bytes"],
                row["mtime_ns"],
                row["failed_at_s"],
                row["ctime_ns"],
                row["reader_version"],
                row["start_s"],
            )
            for row in rows
        ]

    def stamps(self, stage: Stage) -> dict[str, FileStamp]:
        """Return, by path, what each failed file looked like then."""
        rows = self._database.read().execute(
            "SELECT path, size_bytes, mtime_ns, ctime_ns FROM failures WHERE stage = ?", (stage,)
        )
        return {
            os.fsdecode(row["path"]): FileStamp(row["size_bytes"], row["mtime_ns"], row["ctime_ns"])
            for row in rows
        }

    def to_try_again(self, stage: Stage, reader_version: int = 0) -> set[str]:
        """Return the paths whose failure may be over although the file is the same.

        Args:
            stage: Who met the failure.
            reader_version: The readers of today; what an older one could not read, it may.
        """
        rows = self._database.read().execute(
            f"SELECT path FROM failures WHERE stage = ? AND (reader_version < ?"
            f" OR reason IN ({', '.join('?' for _ in _PASSING)}))",
            (stage, reader_version, *_PASSING),
        )
        return {os.fsdecode(row["path"]) for row in rows}

    def clear(self, path: Path, stage: Stage | None = None) -> None:
        """Forget the failures of a file; of one stage, or of both."""
        self.clear_many((path,), stage)

    def clear_many(self, paths: Iterable[Path], stage: Stage | None = None) -> None:
        """Forget the failures of files; of one stage, or of both."""
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM failures WHERE path = ? AND (? IS NULL OR stage = ?)",
                ((os.fsencode(path), stage, stage) for path in paths),
            )

    def clear_analysed(self, places: Iterable[tuple[Path, Part | None]]) -> None:
        """Forget that the analysis of files, or of parts of files, failed."""
        with self._database.write() as connection:
            connection.executemany(
                "DELETE FROM failures WHERE path = ? AND stage = 'analysis' AND start_s IS ?",
                (
                    (os.fsencode(path), None if part is None else part.start_s)
                    for path, part in places
                ),
            )

    def clear_below(self, path: Path) -> None:
        """Forget the failures of a file, or of every file below a folder."""
        below = os.fsencode(path).rstrip(os.sep.encode()) + os.sep.encode()
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM failures WHERE path = ? OR substr(path, 1, ?) = ?",
                (os.fsencode(path), len(below), below),
            )


def _row(failure: Failure) -> tuple[object, ...]:
    return (
        os.fsencode(failure.path),
        failure.stage,
        failure.reason.name,
        # A detail may quote a name that is not UTF-8; SQLite takes only UTF-8.
        failure.detail.encode("utf-8", "replace").decode(),
        failure.size_bytes,
        failure.mtime_ns,
        failure.failed_at_s,
        failure.ctime_ns,
        failure.reader_version,
        failure.start_s,
    )


def _reason(name: str) -> Reason:
    # A name that only a newer version knows still means that the file is unusable.
    return Reason.__members__.get(name, Reason.DAMAGED)
