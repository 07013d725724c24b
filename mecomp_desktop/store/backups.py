"""Copies of the library: one a day, one before each migration, and whenever the listener asks.

SQLite's own backup makes them, so that a copy is whole whatever else is being written. The
daily ones leave the vectors out: those are nine tenths of the bytes and can be made again from
the music files, while plays, answers and folders cannot. They are copied table by table, within
one transaction: copying everything and deleting the vectors took ten times as long.
"""

import contextlib
import logging
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from mecomp_desktop.errors import BrokenEnvironment, UserError
from mecomp_desktop.files import DRAFT_SUFFIX, replacing
from mecomp_desktop.store.schema import MIGRATIONS

Occasion = Literal["daily", "migration", "restore"]

_log = logging.getLogger(__name__)
_FOLDER = "backups"
_DAY_S = 24 * 3600.0
_KEPT: dict[Occasion, int] = {"daily": 7, "migration": 3, "restore": 3}
_NAME = re.compile(r"(daily|migration|restore)-(\d{6})\.sqlite3")
# So many pages at a time: a writer waits for one such slice at most.
_PAGES = 256
# SQLite's own small steps between two looks at whether to stop: some milliseconds.
_STEPS = 100_000


def folder_of(library: Path) -> Path:
    """Return where the backups of a library are kept."""
    return library.parent / _FOLDER


def all_of(library: Path, occasion: Occasion | None = None) -> list[Path]:
    """Return the backups that the program made, newest first."""
    found = []
    for path in folder_of(library).glob("*.sqlite3"):
        match = _NAME.fullmatch(path.name)
        if match and occasion in (None, match[1]):
            # The number counts up whatever the clock says: a clock set back ages no backup.
            found.append((int(match[2]), path))
    return [path for _, path in sorted(found, reverse=True)]


def daily(library: Path, stopped: Callable[[], bool] = lambda: False) -> Path | None:
    """Make the backup of the day, if none is younger; blocks, for a background thread.

    Args:
        library: The database.
        stopped: Asked again and again; the backup is given up when it says so.

    Returns:
        The backup; ``None`` when none is due.

    Raises:
        BrokenEnvironment: It cannot be written.
    """
    newest = next(iter(all_of(library, "daily")), None)
    # A backup from the future means that the clock was set back; then one is due as well.
    if newest is not None and abs(time.time() - newest.stat().st_mtime) < _DAY_S:
        return None
    if newest is None and not _holds_anything(library):
        return None
    return _keep(library, "daily", with_vectors=False, stopped=stopped)


def before_migration(library: Path, version: int) -> Path:
    """Make a complete backup of a library that is about to be changed to another schema.

    Raises:
        BrokenEnvironment: It cannot be written.
    """
    _log.info("the library is backed up before it leaves schema %d", version)
    return _keep(library, "migration", with_vectors=True)


def before_restore(library: Path) -> Path:
    """Make a complete backup of a library that is about to be replaced by another.

    Raises:
        BrokenEnvironment: It cannot be written.
    """
    return _keep(library, "restore", with_vectors=True)


def back_up(
    library: Path,
    target: Path,
    *,
    with_vectors: bool = True,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Copy a library, also while it is used; an existing file is replaced. Blocks.

    Args:
        library: The database.
        target: The copy; written beside its name first, so that it is never half a copy.
        with_vectors: Also copy what the model made of the songs.
        stopped: Asked again and again; the backup is given up when it says so.

    Raises:
        UserError: The target is the library itself.
        BrokenEnvironment: It cannot be read or written.
    """
    if target.exists() and target.samefile(library):
        raise UserError("A backup cannot be written over the library itself; choose another name.")
    try:
        with replacing(target) as draft, _opened(library) as source, _opened(draft) as copy:
            copy.set_progress_handler(stopped, _STEPS)
            if with_vectors:
                source.backup(copy, pages=_PAGES, sleep=0.001, progress=_until(stopped))
            else:
                _copy_without_vectors(library, copy, _until(stopped))
            # One file alone, which any folder, stick or cloud can hold.
            copy.execute("PRAGMA journal_mode=DELETE")
    except OSError as error:
        raise BrokenEnvironment(f"cannot write the backup {target}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise BrokenEnvironment(f"cannot back up to {target}: {error}") from error


def check(backup: Path) -> None:
    """Make sure that a file is a library that this version can use. Blocks.

    Raises:
        UserError: It is not, and why.
    """
    if not backup.is_file():
        raise UserError(f"There is no backup {backup}.")
    try:
        with _opened(backup, read_only=True) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            is_library = _has_table(connection, "tracks")
    except sqlite3.Error as error:
        raise UserError(f"{backup} is no backup of a library: {error}.") from error
    if verdict != "ok":
        raise UserError(f"The backup {backup} is damaged ({verdict}); choose another one.")
    if not is_library:
        raise UserError(f"{backup} is no backup of a library.")
    if version > len(MIGRATIONS):
        raise UserError(f"The backup {backup} is of a newer version of this program; update it.")


def _copy_without_vectors(
    library: Path, copy: sqlite3.Connection, progress: Callable[[int, int, int], None]
) -> None:
    """Copy the schema and every table but that of the vectors, all as of one moment."""
    copy.execute("ATTACH ? AS library", (str(library),))
    copy.execute("BEGIN")
    schema = copy.execute(
        "SELECT type, name, sql FROM library.sqlite_schema"
        " WHERE sql IS NOT NULL ORDER BY type = 'table' DESC, rowid"
    ).fetchall()
    for number, (kind, name, sql) in enumerate(schema):
        progress(sqlite3.SQLITE_OK, len(schema) - number, len(schema))
        copy.execute(sql)
        if kind == "table" and name != "embeddings":
            copy.execute(f"INSERT INTO main.{name} SELECT * FROM library.{name}")
    (version,) = copy.execute("PRAGMA library.user_version").fetchone()
    copy.execute(f"PRAGMA main.user_version = {version}")
    copy.execute("COMMIT")
    copy.execute("DETACH library")


def _until(stopped: Callable[[], bool]) -> Callable[[int, int, int], None]:
    def progress(_status: int, _remaining: int, _total: int) -> None:
        if stopped():
            raise sqlite3.OperationalError("the program is ending")

    return progress


def _keep(
    library: Path,
    occasion: Occasion,
    *,
    with_vectors: bool,
    stopped: Callable[[], bool] = lambda: False,
) -> Path:
    numbers = [int(path.stem.rsplit("-", 1)[1]) for path in all_of(library)]
    target = folder_of(library) / f"{occasion}-{max(numbers, default=0) + 1:06d}.sqlite3"
    _delete_drafts(library)
    back_up(library, target, with_vectors=with_vectors, stopped=stopped)
    # Only now: if the new one had failed, the old ones would be all there is.
    for old in all_of(library, occasion)[_KEPT[occasion] :]:
        with contextlib.suppress(OSError):
            old.unlink()
    return target


def _delete_drafts(library: Path) -> None:
    """Delete what a kill in the middle of a backup has left, unless it may still be going on."""
    for draft in folder_of(library).glob(f".*{DRAFT_SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - draft.stat().st_mtime > _DAY_S:
                draft.unlink()


@contextlib.contextmanager
def _opened(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    name = f"{path.absolute().as_uri()}?mode=ro" if read_only else str(path)
    connection = sqlite3.connect(name, uri=read_only, isolation_level=None, timeout=30.0)
    try:
        yield connection
    finally:
        connection.close()


def _holds_anything(library: Path) -> bool:
    """Return whether there is anything to lose; a library on its first day has nothing."""
    with _opened(library, read_only=True) as connection:
        query = "SELECT EXISTS (SELECT 1 FROM roots UNION SELECT 1 FROM judgments)"
        return bool(connection.execute(query).fetchone()[0])


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,)
    )
    return found.fetchone() is not None
