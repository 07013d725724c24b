"""The downloader against a real server that breaks off and serves damaged bytes."""

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mecomp_desktop.errors import BrokenEnvironment
from trainer.cli import main
from trainer.data import download
from trainer.data.download import fetch, file_sha1, unpack
from trainer.errors import DataError

CONTENT = bytes(range(256)) * 4_000
SHA1 = hashlib.sha1(CONTENT).hexdigest()


class Flaky(ThreadingHTTPServer):
    """Serves ``files``; the first requests break off, or give damaged bytes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {"/file": CONTENT}
        self.break_offs = 0
        self.damaged = 0
        self.ranges = True
        self.requests: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Flaky

    def do_GET(self) -> None:
        server = self.server
        wanted = self.headers.get("Range", "")
        server.requests.append(wanted)
        content = server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-") or 0) if server.ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        body = content[start:]
        if server.damaged:
            server.damaged -= 1
            body = bytes(len(body))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if server.break_offs:
            server.break_offs -= 1
            body = body[: len(body) // 3]
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        pass


@pytest.fixture
def server() -> Iterator[Flaky]:
    with Flaky() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def get(server: Flaky, target: Path, attempts: int = 3) -> Path:
    return fetch(f"{server.url}/file", target, SHA1, attempts, pause_s=0.0)


def test_goes_on_where_the_connection_broke(server: Flaky, tmp_path: Path) -> None:
    server.break_offs = 6
    assert get(server, tmp_path / "file").read_bytes() == CONTENT
    assert server.requests[0] == ""
    assert len(server.requests) == 7
    assert all(each.startswith("bytes=") for each in server.requests[1:])


def test_takes_up_the_part_of_an_earlier_run(server: Flaky, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(CONTENT[:1_000])
    get(server, tmp_path / "file")
    assert server.requests == ["bytes=1000-"]


def test_a_server_without_ranges_is_read_from_the_start(server: Flaky, tmp_path: Path) -> None:
    server.ranges = False
    (tmp_path / "file.part").write_bytes(CONTENT[:1_000])
    assert get(server, tmp_path / "file").read_bytes() == CONTENT


def test_damaged_bytes_are_fetched_again(server: Flaky, tmp_path: Path) -> None:
    server.damaged = 2
    assert get(server, tmp_path / "file").read_bytes() == CONTENT
    assert server.requests == ["", "", ""]


def test_always_damaged_is_an_error_and_leaves_nothing(server: Flaky, tmp_path: Path) -> None:
    server.damaged = 99
    with pytest.raises(DataError, match="SHA-1"):
        get(server, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_a_complete_part_is_used(server: Flaky, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(CONTENT)
    assert get(server, tmp_path / "file").read_bytes() == CONTENT


def test_what_is_there_is_not_fetched(server: Flaky, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    get(server, tmp_path / "file")
    assert server.requests == []


def test_an_unknown_address_is_an_error(server: Flaky, tmp_path: Path) -> None:
    with pytest.raises(BrokenEnvironment, match="404"):
        fetch(f"{server.url}/nothing", tmp_path / "file", SHA1, 2, pause_s=0.0)


def test_unpacking_refuses_places_outside(tmp_path: Path) -> None:
    archive = tmp_path / "bad.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("../outside.txt", "no")
    with pytest.raises(DataError, match="outside"):
        unpack(archive, tmp_path / "folder")
    assert not (tmp_path / "outside.txt").exists()


def test_the_command_fetches_and_unpacks(
    server: Flaky, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sums = {}
    for name in ("fma_metadata", "fma_small"):
        archive = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            zipped.writestr(f"{name}/inside.txt", name)
        server.files[f"/{name}.zip"] = archive.read_bytes()
        sums[f"{name}.zip"] = file_sha1(archive)
    monkeypatch.setattr("trainer.commands.download.SHA1", sums)
    server.break_offs = 1
    arguments = ["download", str(tmp_path / "set"), "--base-url", server.url]
    assert main(arguments) == 0
    assert (tmp_path / "set" / "fma_small" / "inside.txt").read_text() == "fma_small"
    asked = len(server.requests)
    assert main(arguments) == 0
    assert len(server.requests) == asked


def test_the_published_sums_are_those_of_the_project() -> None:
    assert download.SHA1["fma_metadata.zip"] == "f0df49ffe5f2a6008d7dc83c6915b31835dfe733"
    assert download.SHA1["fma_small.zip"] == "ade154f733639d52e35e32f5593efe5be76c6d70"
