"""Calls to services of the session bus, made on a thread of their own.

MPRIS goes through QtDBus, as it has objects to offer. Calls out need exact types (a cookie is an
unsigned number), and PySide sends each whole number as a signed one, which strict services refuse.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from jeepney import DBusAddress, DBusErrorResponse, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from mecomp_desktop.threads import WorkerThread

_log = logging.getLogger(__name__)
_ANSWER_S = 5.0

Values = tuple[object, ...]


class NoAnswer(Exception):
    """Nobody on the bus takes the call, or there is no bus."""


@dataclass(frozen=True, slots=True)
class Service:
    """Whom to call.

    Attributes:
        name: Its name on the bus.
        path: Its object.
        interface: The object's interface.
    """

    name: str
    path: str
    interface: str

    @property
    def address(self) -> DBusAddress:
        """The same, as the library wants it."""
        return DBusAddress(self.path, self.name, self.interface)


class SessionBus:
    """One connection to the session bus, opened at the first call.

    Args:
        address: The bus; the session's own by default.
    """

    def __init__(self, address: str = "SESSION") -> None:
        self._address = address
        self._connection: DBusConnection | None = None
        self._worker = WorkerThread("session bus")

    def post(self, job: Callable[[], object]) -> None:
        """Have a job done on the bus's thread, where ``call`` may be used. Returns at once."""

        def attempt() -> None:
            try:
                job()
            except NoAnswer as error:
                _log.info("a service of the desktop does not answer: %s", error)

        self._worker.post(attempt)

    def call(self, service: Service, method: str, signature: str, *values: object) -> Values:
        """Call a method and return what it answers. Blocks; for jobs of ``post`` alone.

        Raises:
            NoAnswer: There is no bus, nobody takes the call, or the answer is an error.
        """
        message = new_method_call(service.address, method, signature, values)
        try:
            reply = self._open().send_and_get_reply(message, timeout=_ANSWER_S)
            return tuple(unwrap_msg(reply))
        except DBusErrorResponse as error:
            raise NoAnswer(f"{service.name}: {error.name}") from error
        except (OSError, KeyError, ValueError, TimeoutError) as error:
            # What was under way on this connection cannot be told from what comes next.
            self._drop()
            raise NoAnswer(f"{service.name}: {error}") from error

    def close(self) -> None:
        """Do what has been posted, hang up and end the thread. Idempotent."""
        self._worker.post(self._drop)
        self._worker.close()

    def _open(self) -> DBusConnection:
        if self._connection is None:
            self._connection = open_dbus_connection(self._address)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()
