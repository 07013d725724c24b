"""Messages between the app and its workers: JSON behind a length, over plain pipes.

Not pickle: a worker reads files from anywhere, and what it says is data, never code.
"""

import json
import struct
from typing import IO, Any

Message = dict[str, Any]

_SIZE = struct.Struct("<I")
# The largest answer is a cover of 32 MiB in base64.
_MAX_BYTES = 1 << 26


def send(stream: IO[bytes], message: Message) -> None:
    """Write one message.

    Raises:
        OSError: The other side is gone.
    """
    # ASCII escapes carry the lone surrogates of names that are not UTF-8.
    data = json.dumps(message, ensure_ascii=True).encode("ascii")
    stream.write(_SIZE.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Read one message; ``None`` when the other side is gone or speaks another language."""
    header = stream.read(_SIZE.size)
    if len(header) < _SIZE.size:
        return None
    (size,) = _SIZE.unpack(header)
    data = stream.read(size) if size <= _MAX_BYTES else b""
    if len(data) < size:
        return None
    try:
        message = json.loads(data)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None
