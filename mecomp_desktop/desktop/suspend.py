"""Keeps the computer from falling asleep while music plays; the screen may go dark."""

from dataclasses import dataclass

from mecomp_desktop.desktop.session_bus import NoAnswer, Service, SessionBus, Values

_PROGRAM = "mecomp-desktop"
_REASON = "Music is playing"
_NO_WINDOW = 0
# GNOME's flag for "suspend"; 8 would keep the screen lit as well.
_SUSPEND = 4


@dataclass(frozen=True, slots=True)
class _Inhibitor:
    """A service that keeps the computer awake.

    Attributes:
        service: Whom to call.
        arguments: What ``Inhibit`` takes: its signature, and the values.
        release: The method that takes the cookie back.
    """

    service: Service
    arguments: tuple[str, Values]
    release: str


# KDE, Xfce, MATE and others; GNOME.
_INHIBITORS = (
    _Inhibitor(
        Service(
            "org.freedesktop.PowerManagement",
            "/org/freedesktop/PowerManagement/Inhibit",
            "org.freedesktop.PowerManagement.Inhibit",
        ),
        ("ss", (_PROGRAM, _REASON)),
        "UnInhibit",
    ),
    _Inhibitor(
        Service(
            "org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager"
        ),
        ("susu", (_PROGRAM, _NO_WINDOW, _REASON, _SUSPEND)),
        "Uninhibit",
    ),
)


class SuspendInhibitor:
    """Asks the desktop to stay awake, and gives it free again.

    Closing the bus gives it free as well: services forget what a program that left had asked for.

    Args:
        bus: Where the services are.
    """

    def __init__(self, bus: SessionBus) -> None:
        self._bus = bus
        # On the bus's thread alone.
        self._held: tuple[_Inhibitor, object] | None = None

    def set_playing(self, playing: bool) -> None:
        """Stay awake while music plays. Returns at once."""
        self._bus.post(self._hold if playing else self._release)

    def close(self) -> None:
        """Give the computer free. Returns at once."""
        self._bus.post(self._release)

    def _hold(self) -> None:
        if self._held is not None:
            return
        failures = []
        for inhibitor in _INHIBITORS:
            signature, values = inhibitor.arguments
            try:
                (cookie,) = self._bus.call(inhibitor.service, "Inhibit", signature, *values)
            except NoAnswer as error:
                failures.append(str(error))
            else:
                self._held = (inhibitor, cookie)
                return
        raise NoAnswer("; ".join(failures))

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            inhibitor, cookie = held
            self._bus.call(inhibitor.service, inhibitor.release, "u", cookie)
