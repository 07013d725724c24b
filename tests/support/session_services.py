"""The desktop's services for notifications and for staying awake, on a bus of the test's own."""

import threading
from collections.abc import Collection
from dataclasses import dataclass

from jeepney import Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

# The signatures that the services are documented with: a strict service refuses others.
_TAKES = {
    ("org.freedesktop.Notifications", "Notify"): ("susssasa{sv}i", "u"),
    ("org.freedesktop.Notifications", "CloseNotification"): ("u", ""),
    ("org.freedesktop.PowerManagement.Inhibit", "Inhibit"): ("ss", "u"),
    ("org.freedesktop.PowerManagement.Inhibit", "UnInhibit"): ("u", ""),
    ("org.gnome.SessionManager", "Inhibit"): ("susu", "u"),
    ("org.gnome.SessionManager", "Uninhibit"): ("u", ""),
}
NOTIFICATIONS = "org.freedesktop.Notifications"
POWER_MANAGEMENT = "org.freedesktop.PowerManagement"
GNOME_SESSION = "org.gnome.SessionManager"
_TURN_S = 0.1


@dataclass(frozen=True)
class Call:
    """A call that a service has taken."""

    method: str
    values: tuple[object, ...]


class SessionServices:
    """Answers calls as the real services do, and keeps them; ends with ``close``.

    Args:
        address: The bus.
        names: Which services there are.
    """

    def __init__(self, address: str, names: Collection[str]) -> None:
        self.calls: list[Call] = []
        self._closed = threading.Event()
        self._connection = open_dbus_connection(address)
        for name in names:
            self._connection.send_and_get_reply(message_bus.RequestName(name))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Leave the bus."""
        self._closed.set()
        self._thread.join(5)
        self._connection.close()

    def of(self, method: str) -> list[Call]:
        """The calls of a method, in their order."""
        return [call for call in self.calls if call.method == method]

    def _serve(self) -> None:
        while not self._closed.is_set():
            try:
                message = self._connection.receive(timeout=_TURN_S)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                self._connection.send(self._answer(message))

    def _answer(self, message: Message) -> Message:
        fields = {field.name: value for field, value in message.header.fields.items()}
        expected = _TAKES.get((fields["interface"], fields["member"]))
        if expected is None or expected[0] != fields.get("signature", ""):
            return new_error(message, "org.freedesktop.DBus.Error.InvalidArgs")
        self.calls.append(Call(fields["member"], message.body))
        if not expected[1]:
            return new_method_return(message)
        return new_method_return(message, expected[1], (len(self.calls) + 40,))
