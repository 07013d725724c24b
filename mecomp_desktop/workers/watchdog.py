"""One thread that holds every running worker to its limits."""

import threading

from mecomp_desktop.workers.worker_client import WorkerClient

_EVERY_S = 0.2


class Watchdog:
    """Calls ``check`` of the workers it was given. Its thread lives while there are any."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._clients: set[WorkerClient] = set()
        self._thread: threading.Thread | None = None

    def add(self, client: WorkerClient) -> None:
        """Watch a worker from now on."""
        with self._changed:
            self._clients.add(client)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="worker-watchdog")
                self._thread.daemon = True
                self._thread.start()

    def remove(self, client: WorkerClient) -> None:
        """Watch a worker no longer."""
        with self._changed:
            self._clients.discard(client)
            self._changed.notify_all()

    def _watch(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._clients, _EVERY_S)
                if not self._clients:
                    # Inside the lock: a worker that is added now finds no thread and starts one.
                    self._thread = None
                    return
                clients = list(self._clients)
            for client in clients:
                client.check()


WATCHDOG = Watchdog()
"""The one of this process."""
