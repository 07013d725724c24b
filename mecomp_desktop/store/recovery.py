"""What happens to the library before it is opened: a restore that was asked for, a repair."""

import contextlib
import json
import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.errors import BrokenEnvironment, LibraryDamaged, UserError
from mecomp_desktop.files import replacing, write_atomically
from mecomp_desktop.store import backups, damage, salvage
from mecomp_desktop.store.connection import is_busy
from mecomp_desktop.store.database import Database

DAMAGED = (
    "The library's file is damaged. Close the program and start it again: what can be read "
    "is carried over, and nothing is deleted."
)
"""What the listener reads when damage is found while the program runs."""

_log = logging.getLogger(__name__)
_DAMAGED_MARK = "library.damaged"
_RESTORE_MARK = "library.restore"
_SET_ASIDE = "damaged"
_REPAIRED = ".repaired"
_IN_USE_S = 2.0
# What is not in a daily backup, or newer in the library that is replaced.
_DERIVED_TABLES = ("embeddings",)


def open_library(library: Path, *, check_tracks: bool = False) -> tuple[Database, str]:
    """Open the library; restore or repair it before, where that was asked for or is needed.

    Args:
        library: The database.
        check_tracks: Look for damage among the tracks before, and not only while they are read.

    Returns:
        The library, and one sentence for the listener about what was done; empty when nothing.

    Raises:
        UserError: The file was written by a newer version of this program.
        BrokenEnvironment: It cannot be opened.
    """
    _take_finished_repair(library)
    message = _restore_if_requested(library)
    if _is_known_to_be_damaged(library, check_tracks):
        return _repaired(library)
    try:
        return Database(library), message
    except LibraryDamaged as error:
        _log.warning("the library is damaged: %s", error)
        return _repaired(library)


def mark_damaged(library: Path, problem: str) -> None:
    """Have the library repaired at the next start."""
    _log.warning("the library is damaged: %s", problem)
    with contextlib.suppress(OSError):
        write_atomically(library.with_name(_DAMAGED_MARK), problem)


def ask_for_restore(library: Path, backup: Path) -> None:
    """Have a backup take the place of the library at the next start. Blocks.

    Raises:
        UserError: It is no backup that can be used.
        BrokenEnvironment: The wish cannot be written down.
    """
    backups.check(backup)
    try:
        write_atomically(library.with_name(_RESTORE_MARK), json.dumps(str(backup.absolute())))
    except OSError as error:
        raise BrokenEnvironment(f"the restore cannot be prepared: {error.strerror}") from error


def restore(library: Path, backup: Path) -> str:
    """Put a backup in the place of the library, which nobody else may use meanwhile. Blocks.

    The library before it is backed up, or set aside where it is damaged. What the model made of
    the songs is carried over from it, for daily backups leave that out.

    Returns:
        One sentence about what was done.

    Raises:
        UserError: It is no backup that can be used.
        BrokenEnvironment: It cannot be written.
    """
    backups.check(backup)
    _refuse_if_in_use(library)
    before: Path | None = None
    if library.exists():
        try:
            before = backups.before_restore(library)
        except BrokenEnvironment:
            before = _set_aside(library)
    try:
        with replacing(library) as draft:
            shutil.copyfile(backup, draft)
    except OSError as error:
        raise BrokenEnvironment(f"the backup cannot be restored: {error.strerror}") from error
    # The log of the old library must not be applied to the new one.
    for suffix in ("-wal", "-shm"):
        library.with_name(library.name + suffix).unlink(missing_ok=True)
    Database(library).close()  # an older backup takes the steps of the schema first
    if before is None:
        return f"The library was restored from {backup}."
    salvage.carry_over(before, library, _DERIVED_TABLES)
    return f"The library was restored from {backup}; the one before is kept as {before}."


def check_in_background(library: Path, stopped: Callable[[], bool] = lambda: False) -> str:
    """Look at every page, and note damage for the next start. Blocks: for a background thread.

    Args:
        library: The database.
        stopped: Asked again and again; the check is given up when it says so.

    Returns:
        One sentence for the listener; empty where all is well.
    """
    try:
        problem = damage.first_problem(library, stopped)
    except sqlite3.OperationalError as error:
        _log.info("the library could not be checked: %s", error)
        return ""
    if not problem:
        return ""
    mark_damaged(library, problem)
    return DAMAGED


def _restore_if_requested(library: Path) -> str:
    mark = library.with_name(_RESTORE_MARK)
    try:
        backup = Path(json.loads(mark.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, TypeError) as error:
        _log.warning("a restore was asked for and cannot be read: %s", error)
        mark.unlink(missing_ok=True)
        return ""
    mark.unlink(missing_ok=True)  # first: a restore that fails must not fail at every start
    try:
        return restore(library, backup)
    except (UserError, BrokenEnvironment) as error:
        return f"The backup was not restored: {error}"


def _is_known_to_be_damaged(library: Path, check_tracks: bool) -> bool:
    if library.with_name(_DAMAGED_MARK).exists():
        return True
    if not library.exists():
        return False
    if library.stat().st_size == 0:
        # Also what a kill in the very first moment leaves: then there is nothing to repair.
        return bool(backups.all_of(library))
    if not damage.header_is_sound(library):
        return True
    try:
        return not damage.tables_are_sound(library, tracks=check_tracks)
    except sqlite3.OperationalError as error:  # read-only, or locked: opening it tells more
        _log.info("the library could not be looked at: %s", error)
        return False


def _repaired(library: Path) -> tuple[Database, str]:
    """Set a damaged library aside and open one made of what can be read, and of backups."""
    mark = library.with_name(_DAMAGED_MARK)
    if not library.exists():
        mark.unlink(missing_ok=True)
        return Database(library), ""
    draft = library.with_name(library.name + ".repair")
    _delete(draft)
    try:
        Database(draft).close()
        incomplete = salvage.carry_over(library, draft)
        # Only for what was lost: a backup also has the rows that the listener deleted since.
        for backup in backups.all_of(library)[:1] if incomplete else ():
            salvage.carry_over(backup, draft, incomplete)
        saved = salvage.count(draft)
        # Complete from here on: a start that finds it without a library takes it.
        done = draft.replace(library.with_name(library.name + _REPAIRED))
        aside = _set_aside(library)
        done.replace(library)
    except OSError as error:
        raise BrokenEnvironment(
            f"the library {library} is damaged and cannot be repaired: {error.strerror}"
        ) from error
    mark.unlink(missing_ok=True)
    message = (
        f"The library's file was damaged. Carried over: {saved.tracks:,} songs, {saved.plays:,} "
        f"plays, {saved.judgments:,} answers. The damaged file is kept as {aside}."
    )
    _log.warning("%s", message)
    return Database(library), message


def _refuse_if_in_use(library: Path) -> None:
    """Make sure that nobody has the library open: it would go on writing to the old file.

    Raises:
        BrokenEnvironment: Somebody has.
    """
    if not library.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(library, timeout=_IN_USE_S)) as connection:
            # In WAL mode the first read of such a connection fails while there is any other.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM sqlite_schema")
            connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise BrokenEnvironment(
                f"the library {library} is in use; close MECOMP's window and other commands first"
            ) from error


def _take_finished_repair(library: Path) -> None:
    """Finish a repair that was cut short between its last two steps."""
    done = library.with_name(library.name + _REPAIRED)
    if done.exists() and not library.exists():
        done.replace(library)


def _delete(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _set_aside(library: Path) -> Path:
    """Move a library and the files that belong to it where nothing touches them."""
    base = library.parent / _SET_ASIDE / time.strftime("%Y-%m-%d")
    folder, number = base, 1
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    try:
        folder.mkdir(parents=True)
        # The log first: a library without its log is whole, a log without its library is nothing.
        for suffix in ("-wal", "-shm", ""):
            beside = library.with_name(library.name + suffix)
            if beside.exists():
                beside.replace(folder / beside.name)
    except OSError as error:
        raise BrokenEnvironment(
            f"the damaged library {library} cannot be set aside: {error.strerror}"
        ) from error
    return folder / library.name
