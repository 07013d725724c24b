import io
from typing import Any

import pytest

from mecomp_desktop.workers.worker_protocol import receive, send


def test_messages_arrive_as_they_were_sent() -> None:
    stream = io.BytesIO()
    messages: list[dict[str, Any]] = [{"path": "caf\udce9 \n ♪"}, {"a": [1, 2.5, None]}, {}]
    for message in messages:
        send(stream, message)
    stream.seek(0)
    assert [receive(stream) for _ in range(4)] == [*messages, None]


@pytest.mark.parametrize(
    "data", [b"", b"\x05", b"\x05\0\0\0{}", b"\xff\xff\xff\xff{}", b"\x02\0\0\0[]", b"\x02\0\0\0{{"]
)
def test_nonsense_is_no_message(data: bytes) -> None:
    assert receive(io.BytesIO(data)) is None
