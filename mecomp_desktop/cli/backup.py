"""``mecomp-desktop backup``: a copy of the library, or the list of those that there are."""

import argparse
import time

from mecomp_desktop.cli.output import print_error, print_line
from mecomp_desktop.errors import UserError
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.store import backups


def run(options: argparse.Namespace) -> int:
    """Write the backup, or list the backups to stdout, newest first."""
    paths = Paths.of_user()
    with logging_to(paths.state, verbose=options.verbose):
        if options.file is None:
            return _list(paths)
        if not paths.database.is_file():
            raise UserError(f"there is no library yet: {paths.database}")
        target = options.file.expanduser().absolute()
        backups.back_up(paths.database, target)
        print_line(f"The library is backed up to {target}.")
    return 0


def _list(paths: Paths) -> int:
    found = backups.all_of(paths.database)
    for path in found:
        status = path.stat()
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(status.st_mtime))
        print_line(f"{made}  {status.st_size:>12,} bytes  {path}")
    if not found:
        print_error("There are no backups yet; `mecomp-desktop backup FILE` makes one.")
    return 0
