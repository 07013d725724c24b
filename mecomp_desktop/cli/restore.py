"""``mecomp-desktop restore``: a backup takes the place of the library."""

import argparse

from mecomp_desktop.cli.output import print_line
from mecomp_desktop.errors import UserError
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.store import backups, recovery


def run(options: argparse.Namespace) -> int:
    """Restore, and say where the library before it is."""
    paths = Paths.of_user()
    with logging_to(paths.state, verbose=options.verbose):
        chosen = options.file
        if chosen is None:
            chosen = next(iter(backups.all_of(paths.database)), None)
            if chosen is None:
                raise UserError("there are no backups yet; name the file to restore")
        paths.create()
        print_line(recovery.restore(paths.database, chosen.expanduser().absolute()))
    return 0
