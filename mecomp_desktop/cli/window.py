"""``mecomp-desktop`` without a command: the window."""

import argparse
import contextlib
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.logs import LOG_FILE, logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.first_read import FirstRead
from mecomp_desktop.store.recovery import mark_damaged
from mecomp_desktop.unexpected import UnexpectedErrors

if TYPE_CHECKING:
    from mecomp_desktop.ui import main

# A thread that computes gives way to the window so soon; by default it would be 5 ms, each of
# the many times that Qt asks the window something.
_TURN_S = 0.0005


def run(
    options: argparse.Namespace, shown: "Callable[[main.Session], object] | None" = None
) -> int:
    """Open the window and stay until it is closed.

    Args:
        options: What was typed.
        shown: Told when the window is there; for measuring.
    """
    paths = Paths.of_user()
    with (
        logging_to(paths.state, verbose=options.verbose),
        closing(FirstRead(paths.database)) as first_read,
        hurrying() as there,
    ):
        try:
            from mecomp_desktop.desktop.integration import Desk, Integration
            from mecomp_desktop.desktop.single_instance import SingleInstance
            from mecomp_desktop.ui import main
        except ImportError as error:  # a system library that Qt needs is not installed
            raise BrokenEnvironment(f"the window cannot be opened: {error}") from error
        from mecomp_desktop.app import Application

        main.qt_application()
        with contextlib.suppress(OSError):  # the application tells, in better words
            paths.create()
        instance = SingleInstance(paths.data)
        if not instance.claim(options.paths):
            return 0
        if first_read.found_damage:  # the library is repaired when it is opened
            mark_damaged(paths.database, "the tracks cannot be read")
        with (
            closing(instance),
            UnexpectedErrors(paths.state / LOG_FILE) as unexpected,
            closing(Application.open(paths)) as app,
        ):
            unexpected.message.connect(app.notice.emit)
            app.library.expect(first_read)

            def tie(session: main.Session) -> Integration:
                there()
                if shown is not None:
                    shown(session)
                desk = Desk(session.come_forward, session.close, app.open_paths)
                return Integration(app, instance, desk)

            return main.run(app, [str(path.absolute()) for path in options.paths], tie)


@contextlib.contextmanager
def hurrying() -> Iterator[Callable[[], None]]:
    """Start without pauses for collecting garbage; give what ends that once the window is there.

    Nearly all that is made until then stays, and is never looked at again.
    """
    turn_s = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    gc.disable()

    def there() -> None:
        gc.freeze()
        gc.enable()

    try:
        yield there
    finally:
        gc.unfreeze()
        gc.enable()
        sys.setswitchinterval(turn_s)
