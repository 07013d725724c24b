"""One window a listener: a second start hands its files to the first and brings it forward."""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_CONNECT_MS = 500
_ANSWER_MS = 2_000
_START_MS = 10_000
_RECEIVED = b"received\n"
_TOKEN_VARIABLE = "XDG_ACTIVATION_TOKEN"  # noqa: S105 (the desktop's word, no secret)


class SingleInstance(QObject):
    """Finds out whether this program already runs on the same data.

    The first one listens on a local socket that only this user may write to. Two programs on
    different data (``MECOMP_DESKTOP_HOME``) do not know of each other.

    Args:
        data: The data directory; it must exist.

    Signals:
        handed_over: A second start asks to come forward; carries its files (list of `Path`,
            maybe empty).
    """

    handed_over = Signal(list)

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
        self._name = f"mecomp-desktop-{digest}"
        self._starting = QLockFile(str(data / "starting.lock"))
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        self._received: dict[QLocalSocket, bytes] = {}

    def claim(self, files: Sequence[Path] = ()) -> bool:
        """Become the first instance, or hand the files to the one that runs.

        Blocks for at most some seconds, and only where another instance is there.

        Returns:
            Whether this is the only one. If not, the other has the files: just leave.
        """
        # Two starts at the same moment: one waits here until the other listens.
        locked = self._starting.tryLock(_START_MS)
        try:
            if self._hand_over(files):
                return False
            # A socket that nobody answers was left behind by a crash.
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)
            return True
        finally:
            if locked:
                self._starting.unlock()

    def close(self) -> None:
        """Stop listening; the next start is a first one."""
        self._server.close()

    def _hand_over(self, files: Sequence[Path]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_CONNECT_MS):
            return False
        message = {
            "files": [str(path.absolute()) for path in files],
            "activation_token": os.environ.get(_TOKEN_VARIABLE, ""),
        }
        socket.write(QByteArray(json.dumps(message).encode() + b"\n"))
        socket.waitForBytesWritten(_ANSWER_MS)
        # One that is too busy to answer has the message all the same.
        socket.waitForReadyRead(_ANSWER_MS)
        socket.disconnectFromServer()
        return True

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._received[socket] = b""
            socket.readyRead.connect(lambda client=socket: self._read(client))
            socket.disconnected.connect(lambda client=socket: self._forget(client))
            if socket.bytesAvailable():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket not in self._received:
            return
        self._received[socket] += bytes(socket.readAll().data())
        if not self._received[socket].endswith(b"\n"):
            return
        line = self._received[socket]
        self._received[socket] = b""
        socket.write(QByteArray(_RECEIVED))
        socket.flush()
        self.handed_over.emit(self._files(line))

    def _forget(self, socket: QLocalSocket) -> None:
        self._received.pop(socket, None)
        socket.deleteLater()

    @staticmethod
    def _files(line: bytes) -> list[Path]:
        try:
            message = json.loads(line)
            files = [Path(str(name)) for name in message["files"]]
            token = str(message.get("activation_token", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            # Whatever wrote that, coming forward does no harm.
            return []
        if token:
            # Wayland lets a window come forward only with the token of the click that asked.
            os.environ[_TOKEN_VARIABLE] = token
        return files
