"""``mecomp-desktop`` without a command: the window."""

import argparse
import contextlib
from contextlib import closing

from mecomp_desktop.app import Application
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths


def run(options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    paths = Paths.of_user()
    with logging_to(paths.state, verbose=options.verbose):
        try:
            from mecomp_desktop.desktop.integration import Desk, Integration
            from mecomp_desktop.desktop.single_instance import SingleInstance
            from mecomp_desktop.ui import main
        except ImportError as error:  # a system library that Qt needs is not installed
            raise BrokenEnvironment(f"the window cannot be opened: {error}") from error
        main.qt_application()
        with contextlib.suppress(OSError):  # the application tells, in better words
            paths.create()
        instance = SingleInstance(paths.data)
        if not instance.claim(options.paths):
            return 0
        with closing(instance), closing(Application.open(paths)) as app:

            def tie(session: main.Session) -> Integration:
                desk = Desk(session.come_forward, session.close, app.open_paths)
                return Integration(app, instance, desk)

            return main.run(app, [str(path.absolute()) for path in options.paths], tie)
