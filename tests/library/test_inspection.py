import dataclasses
import os
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import Reason, UnreadableFile
from mecomp_desktop.library.identity import audio_id
from mecomp_desktop.library.inspection import Inspector, tags_from_message, tags_to_message
from mecomp_desktop.library.tags import read_tags
from tests.support.audio_files import make_audio
from tests.support.music_folder import Library, counts
from tests.support.odd_readers import patched_readers

# So many that readers are still at work when they are killed.
_MANY = 1_500


def readers() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        try:
            if any("inspect_worker" in word for word in child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def test_reads_what_the_readers_read(inspector: Inspector, tmp_path: Path) -> None:
    tags = {"title": "Tëst", "artist": "A; B", "album": "C", "tracknumber": "3/9", "date": "1999"}
    path = make_audio(tmp_path / "x.flac", 1.0, tags=tags)
    read = inspector.inspect(path, tmp_path)
    assert read.tags == read_tags(path, tmp_path)
    assert read.audio_id == audio_id(path) == inspector.identity(path)


def test_tags_arrive_as_they_were_sent() -> None:
    tags = Tags("T", ("A", "B"), "C", "D", 1, 2, 1999, ("G",), duration_s=3.5)
    assert tags_from_message(tags_to_message(tags)) == tags


@pytest.mark.parametrize(
    ("name", "claimed", "kept"),
    [
        ("duration_s", 4e14, 0.0),
        ("duration_s", -1.0, 0.0),
        ("duration_s", float("nan"), 0.0),
        ("duration_s", float("inf"), 0.0),
        ("duration_s", 36_000, 36_000.0),
        ("track_number", 1 << 70, None),
        ("track_number", 0, None),
        ("disc_number", -3, None),
        ("year", 1 << 63, None),
        ("year", 1999, 1999),
    ],
)
def test_numbers_are_bounded_where_they_enter(name: str, claimed: object, kept: object) -> None:
    message = tags_to_message(Tags("T")) | {name: claimed}
    assert tags_from_message(message) == dataclasses.replace(Tags("T"), **{name: kept})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", [{"title": 3}, {"artists": [1]}, {"artists": "AB"}, {"year": "1999"}, {"year": True}]
)
def test_values_of_another_type_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        tags_from_message(tags_to_message(Tags("T")) | change)


def test_bad_files_are_reported_and_the_reader_lives(inspector: Inspector, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as claimed:
        inspector.inspect(tmp_path / "nowhere.mp3")
    assert claimed.value.reason is Reason.MISSING
    for size in range(3, 10):  # where "ID3" is all there is
        bad = tmp_path / f"{size}.mp3"
        bad.write_bytes(b"ID3\x04\0\0\0\0\0"[:size])
        with pytest.raises(UnreadableFile):
            inspector.inspect(bad)
    assert inspector.cover(tmp_path / "nowhere.mp3") is None


def test_a_bug_of_a_reader_ends_no_scan(library: Library, tmp_path: Path) -> None:
    """The readers of this child raise what nobody foresaw; the scan lists and goes on."""
    good = library.songs(3)
    (library.root / "00b.flac").write_bytes(b"fLaC" + os.urandom(50))
    environment = patched_readers(
        tmp_path,
        "import mecomp_desktop.library.tags as tags\n"
        "read = tags.read_songs\n"
        "def odd(path, root, sheets):\n"
        "    if path.name == '01.flac': raise ZeroDivisionError('odd')\n"
        "    if path.name == '00b.flac': return None\n"
        "    return read(path, root, sheets)\n"
        "tags.read_songs = odd\n",
    )
    library.inspector = Inspector(workers=1, environment=environment)
    try:
        assert counts(library.scan()) == {"found": 2, "failed": 2}
    finally:
        library.inspector.close()
    assert library.failures() == {"01.flac": Reason.DAMAGED, "00b.flac": Reason.DAMAGED}
    assert len(good) == 3


@pytest.fixture
def own(library: Library) -> Iterator[Library]:
    """A library with readers of its own, which may be killed."""
    library.inspector = Inspector(workers=2)
    yield library
    library.inspector.close()


@pytest.mark.slow
def test_killed_readers_lose_nothing(own: Library) -> None:
    for number in range(_MANY):
        own.song(f"{number:04}.flac", seed=number % 5)
    done = threading.Event()
    killed: list[int] = []
    unrelated = {reader.pid for reader in readers()}  # of the other tests

    def kill_now_and_then() -> None:
        while not done.wait(0.05):
            for reader in readers():
                # One that has not begun to work would only delay the start.
                if reader.cpu_times().user > 0.15 and reader.pid not in (*unrelated, *killed):
                    reader.send_signal(signal.SIGKILL)
                    killed.append(reader.pid)
            if len(killed) >= 4:
                return

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    result = own.scan()
    done.set()
    killer.join()
    assert killed
    # A file whose reader was killed twice in a row has its turn at the next scan.
    assert set(own.failures().values()) <= {Reason.INTERRUPTED}
    again = own.scan()
    assert result.found + again.found == _MANY
    assert again.failed == 0
    assert own.failures() == {}
    assert counts(own.scan()) == {}


def test_a_file_that_takes_its_reader_along_is_listed_and_not_tried_again(
    own: Library, tmp_path: Path
) -> None:
    own.songs(3)
    deadly = own.root / "01b.flac"
    deadly.write_bytes(b"fLaC")
    environment = patched_readers(
        tmp_path,
        "import os, signal\n"
        "import mecomp_desktop.library.tags as tags\n"
        "read = tags.read_songs\n"
        "def odd(path, root, sheets):\n"
        "    if path.name == '01b.flac':\n"
        f"        open({str(tmp_path / 'tries')!r}, 'a').write('x')\n"
        "        os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    return read(path, root, sheets)\n"
        "tags.read_songs = odd\n",
    )
    own.inspector.close()
    own.inspector = Inspector(workers=2, environment=environment)
    assert counts(own.scan()) == {"found": 3, "failed": 1}
    assert own.failures() == {"01b.flac": Reason.CRASHED}
    assert (tmp_path / "tries").read_text() == "xx"
    assert counts(own.scan()) == {}
    assert (tmp_path / "tries").read_text() == "xx"
    deadly.write_bytes(b"fLaC2")  # it changed: it has another chance
    assert counts(own.scan()) == {"failed": 1}
    assert (tmp_path / "tries").read_text() == "xxxx"


def test_a_time_past_2262_is_no_obstacle(library: Library) -> None:
    path = library.song("future.flac")
    try:
        os.utime(path, ns=(0, (1 << 63) + 10**18))
    except (OSError, OverflowError):
        pytest.skip("this file system has no such times")
    assert counts(library.scan()) == {"found": 1}
    assert counts(library.scan()) == {}


def test_retagged_with_size_and_time_kept(library: Library) -> None:
    path = library.song("a.wav", seed=1)
    library.scan()
    data, status = bytearray(path.read_bytes()), path.stat()
    data[-1] ^= 0xFF
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert counts(library.scan()) == {"changed": 1}


def wait_until(true: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def test_closing_ends_a_read_that_never_ends(tmp_path: Path) -> None:
    pipe = tmp_path / "endless.flac"
    os.mkfifo(pipe)
    opened = Inspector(workers=1)
    begun = opened.begin(pipe)
    wait_until(readers)
    began_s = time.monotonic()
    opened.close()
    assert time.monotonic() - began_s < 3
    assert begun.done()


def test_a_zero_filled_file_costs_seconds_at_most(inspector: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "download.wav"
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 20 << 20) + b"WAVE")
        file.truncate(20 << 20)
    began_s = time.monotonic()
    with pytest.raises(UnreadableFile):
        inspector.inspect(path)
    assert time.monotonic() - began_s < 60
