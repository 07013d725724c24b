"""The command line as a shell user meets it: child processes, real files, real workers."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mecomp_desktop import __version__
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio, make_bad_files
from tests.support.permissions import ordinary_permissions
from tests.support.players import wait_for
from tests.support.programs import PROGRAM, running

TIMEOUT_S = 120
# Enough to be at it still when the signal comes: the model embeds twenty seconds in milliseconds.
SONGS_TO_INTERRUPT = 60
KILLS = 6


def call(
    *arguments: str | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        env=env,
    )


def result_of(*arguments: str | Path, code: int = 0) -> Any:  # noqa: ANN401 (whatever JSON holds)
    done = call(*arguments)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of songs, and the home in which they have been analysed."""
    folder = tmp_path_factory.mktemp("music")
    for number in range(6):
        tags = {"title": f"Song {number}", "artist": "Band"}
        make_audio(folder / f"{number}.flac", 3.0, seed=number, tags=tags)
    home = tmp_path_factory.mktemp("home")
    done = call("index", folder, "--json", env=os.environ | {"MECOMP_DESKTOP_HOME": str(home)})
    assert done.returncode == 0, done.stderr
    return folder, home


@pytest.fixture
def songs(indexed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    folder, home = indexed
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(home))
    return folder


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    heavy = ["numpy", "onnxruntime", "PySide6", "av", "soundfile", "sqlite3", "tqdm", "mutagen"]
    script = (
        "import sys\nfrom mecomp_desktop.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    for command in ("index", "similar", "status", "query"):
        assert command in done.stdout


def test_version() -> None:
    done = call("--version")
    assert done.returncode == 0
    assert done.stdout == f"mecomp-desktop {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["index"], ["similar"], ["similar", "x", "-n", "0"], ["--no-such"], ["status", "x"]],
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert "usage: mecomp-desktop" in done.stderr
    assert done.stdout == ""


def test_no_folder_is_2_and_changes_nothing(tmp_path: Path, paths: Paths) -> None:
    good = tmp_path / "good"
    good.mkdir()
    done = call("index", good, tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr
    assert result_of("status", "--json")["folders"] == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = make_audio(tmp_path / "song.wav", 1.0)
    done = call("index", file)
    assert done.returncode == 2
    assert "choose the folder it is in" in done.stderr


@pytest.mark.slow
def test_index_reports_counts_and_status_repeats_them(songs: Path) -> None:
    again = result_of("index", songs, "--json")
    assert again["tracks"] == again["recordings"] == again["embedded"] == 6
    assert again["analysed"] == 0
    assert again["failed"] == 0
    assert again["seconds"] > 0
    status = result_of("status", "--json")
    assert status["folders"] == [{"path": str(songs), "available": True, "tracks": 6}]
    assert (status["embedded"], status["recordings"], status["problem"]) == (6, 6, None)
    text = call("status")
    assert "6 of 6 songs have been analysed." in text.stdout


@pytest.mark.slow
def test_progress_goes_to_stderr_and_the_result_to_stdout(tmp_path: Path) -> None:
    make_audio(tmp_path / "music" / "song.flac", 2.0)
    done = call("index", tmp_path / "music")
    assert done.returncode == 0
    assert done.stdout.startswith("1 of 1 songs have been analysed, 1 of them now, in ")
    assert "songs/s" in done.stderr or "s/ songs" in done.stderr


@pytest.mark.slow
def test_similar_lists_the_others_closest_first(songs: Path) -> None:
    found = result_of("similar", songs / "2.flac", "-n", "4", "--json")
    assert found["file"] == str(songs / "2.flac")
    distances = [song["distance"] for song in found["similar"]]
    assert len(distances) == 4
    assert distances == sorted(distances)
    assert "Song 2" not in [song["title"] for song in found["similar"]]
    text = call("similar", songs / "2.flac", "-n", "4")
    assert [line.split("Band — ")[1][:6] for line in text.stdout.splitlines()] == [
        song["title"] for song in found["similar"]
    ]


def test_similar_analyses_a_file_from_outside(songs: Path, tmp_path: Path) -> None:
    outside = make_audio(tmp_path / "outside.wav", 3.0, seed=2)
    found = result_of("similar", outside, "--json")["similar"]
    assert len(found) == 6
    assert found[0]["title"] == "Song 2"  # the same music in another format


@pytest.mark.slow
def test_similar_of_what_cannot_be_read_is_2(songs: Path, tmp_path: Path) -> None:
    bad = make_bad_files(tmp_path / "bad")["random bytes"]
    for file, reason in ((bad, "cannot"), (tmp_path / "none.mp3", "no file")):
        done = call("similar", file)
        assert done.returncode == 2
        assert str(file) in done.stderr
        assert reason.split()[0] in done.stderr
        assert "Traceback" not in done.stderr


def test_similar_in_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    done = call("similar", make_audio(tmp_path / "song.wav", 2.0))
    assert done.returncode == 2
    assert "mecomp-desktop index DIR" in done.stderr


def test_a_closed_pipe_is_no_error(songs: Path) -> None:
    # The reader is gone before the first line is written.
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*PROGRAM, "similar", str(songs / "1.flac")],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    finally:
        os.close(writer)
    assert done.returncode == 141
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_index_again_reads_what_looks_untouched(tmp_path: Path, paths: Paths) -> None:
    folder = tmp_path / "music"
    for number in range(2):
        make_audio(folder / f"{number}.flac", 2.0, seed=number, tags={"title": f"Song {number}"})
    result_of("index", folder, "--json")
    database = Database(paths.database)
    with database.write() as connection:  # as if an older program had read them wrongly
        connection.execute("UPDATE tracks SET title = 'wrong'")
    database.close()
    assert result_of("index", folder, "--json")["analysed"] == 0
    assert _titles(paths) == ["wrong", "wrong"]
    done = result_of("index", "--again", folder / "1.flac", "--json")
    assert (done["analysed"], done["tracks"]) == (0, 2)
    assert _titles(paths) == ["Song 1", "wrong"]
    result_of("index", "--again", folder, "--json")
    assert _titles(paths) == ["Song 0", "Song 1"]


def _titles(paths: Paths) -> list[str]:
    database = Database(paths.database)
    try:
        return sorted(track.title for track in Tracks(database).all())
    finally:
        database.close()


@pytest.mark.slow
def test_names_that_are_no_text_are_no_problem(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    make_audio(folder / "a.flac", 2.0, seed=1)
    strange = folder / os.fsdecode(b"caf\xe9.flac")
    make_audio(folder / "b.flac", 2.0, seed=2).rename(strange)
    bad = folder / os.fsdecode(b"\xff\xfe.mp3")
    bad.write_bytes(b"")
    result = result_of("index", folder, "--json", code=1)
    assert result["embedded"] == 2
    assert [failure["path"] for failure in result["failures"]] == [str(bad)]
    plain = call("index", folder)
    assert plain.returncode == 1
    assert "the file is empty" in plain.stderr
    assert len(result_of("similar", strange, "--json")["similar"]) == 1


@pytest.mark.slow
def test_bad_files_among_good_ones(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    good = [make_audio(folder / f"good {n}.flac", 2.0, seed=n) for n in range(4)]
    bad = make_bad_files(folder / "bad")
    cut_off = bad.pop("truncated")
    with ordinary_permissions():
        result = result_of("index", folder, "--json", code=1)
        again = call("index", folder)
    # What is there of a file that was cut off is analysed.
    assert result["embedded"] == len(good) + 1
    assert [file["path"] for file in result["cut_off"]] == [str(cut_off)]
    assert {failure["path"] for failure in result["failures"]} == {
        str(path) for path in bad.values()
    }
    assert len(result["failures"]) == result["failed"] == len(bad)
    assert all(failure["reason"] for failure in result["failures"])
    assert again.returncode == 1
    for path in bad.values():
        assert f"{path}: " in again.stderr


def vectors_of(home: Path) -> dict[Path, bytes]:
    database = Database(Paths.below(home).database)
    try:
        [body] = Embeddings(database).bodies()
        found = {}
        for track in Tracks(database).all():
            stored = Embeddings(database).get(track.audio_id, body)
            assert stored is not None, f"{track.path} has no vector"
            found[track.path] = np.concatenate([stored.pooled, stored.embedding]).tobytes()
        return found
    finally:
        database.close()


def embedded_so_far(home: Path) -> int:
    try:
        connection = sqlite3.connect(Paths.below(home).database, timeout=5)
        try:
            return int(connection.execute("SELECT count(*) FROM embeddings").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return 0


@pytest.mark.nightly
@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, calm, rough = tmp_path / "music", tmp_path / "calm", tmp_path / "rough"
    for number in range(24):
        make_audio(folder / f"{number}.flac", 2.0, seed=number, sample_rate_hz=22_050)
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(calm))
    assert result_of("index", folder, "--json")["analysed"] == 24
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(rough))
    rng = random.Random(7)
    seen = 0
    for _ in range(KILLS):
        with running([*PROGRAM, "index", folder, "--workers", "1"], subprocess.DEVNULL):
            time.sleep(rng.uniform(0.1, 2.5))
        now = embedded_so_far(rough)
        assert now >= seen, "a vector was lost"
        seen = now
    final = result_of("index", folder, "--json")
    assert final["embedded"] == 24
    assert final["analysed"] == 24 - seen, "something was analysed twice"
    assert vectors_of(rough) == vectors_of(calm)


@pytest.mark.slow
def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "music"
    for number in range(SONGS_TO_INTERRUPT):
        small = {"sample_rate_hz": 11_025, "channels": 1}
        make_audio(folder / f"{number}.flac", 20.0, seed=number, **small)
    with running([*PROGRAM, "index", folder, "--workers", "1"]) as process:
        wait_for(lambda: embedded_so_far(home) > 0, "for the first vectors")
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert "The same command goes on" in stderr
    assert "Traceback" not in stderr
    final = result_of("index", folder, "--json")
    assert final["embedded"] == SONGS_TO_INTERRUPT


def test_a_request_to_end_is_followed(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "music"
    for number in range(12):
        make_audio(folder / f"{number}.flac", 3.0, seed=number)
    with running([*PROGRAM, "index", folder]) as process:
        wait_for(Paths.below(home).database.exists, "for the library")
        process.terminate()
        _, stderr = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 143
    assert "Traceback" not in stderr


@pytest.mark.slow
def test_a_damaged_library_is_repaired_and_reported(paths: Paths) -> None:
    paths.database.write_bytes(b"this is no database" * 100)
    done = call("status")
    assert done.returncode == 0
    assert "The library's file was damaged. Carried over: 0 songs" in done.stderr
    assert "Traceback" not in done.stderr
    assert call("status").stderr == ""


def test_broken_pages_are_repaired_by_any_command(
    indexed: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, home = indexed
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(shutil.copytree(home, tmp_path / "copy")))
    library = Paths.below(tmp_path / "copy").database
    connection = sqlite3.connect(library)
    query = "SELECT rootpage FROM sqlite_schema WHERE name = 'tracks'"
    (page,) = connection.execute(query).fetchone()
    connection.close()
    with library.open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write(random.Random(5).randbytes(4096))
    done = call("status", "--json")
    assert done.returncode == 0
    assert "The library's file was damaged. Carried over: " in done.stderr
    assert "Traceback" not in done.stderr
    assert result_of("index", folder, "--json")["analysed"] == 0, "the vectors were lost"


def test_a_home_that_cannot_be_made_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(tmp_path / "file" / "home"))
    done = call("status")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_removed_music_stays_out_of_similar(songs: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(songs, copy)
    result = result_of("index", copy, "--json")
    assert result["recordings"] == 6  # the same recordings, in another place too
    assert result["analysed"] == 0


def says_one_sentence(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    """Check that a command failed with one sentence, which has these words in it."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    sentences = [line for line in done.stderr.splitlines() if line.startswith("mecomp-desktop: ")]
    assert len(sentences) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in sentences[0]


@pytest.mark.slow
def test_a_pipe_a_device_and_a_folder_are_refused_at_once(songs: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    says_one_sentence(call("similar", tmp_path / "pipe.mp3"), "a pipe or a device")
    says_one_sentence(call("similar", "/dev/zero"), "a pipe or a device")
    says_one_sentence(call("similar", tmp_path), "is a folder")


@pytest.mark.parametrize("command", ["similar", "index"])
def test_a_name_that_is_too_long_is_a_sentence(tmp_path: Path, command: str) -> None:
    says_one_sentence(call(command, tmp_path / ("n" * 300)), "cannot be opened: File name too long")


@pytest.mark.slow
def test_no_escape_sequence_reaches_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    evil = "\x1b]0;owned\x07\x1b[2J\u202ex.mp3"
    folder.mkdir()
    (folder / evil).write_bytes(b"")
    make_audio(folder / "a.flac", 2.0, tags={"title": "\x1b[31mred", "artist": "Band"})
    make_audio(folder / "b.flac", 2.0, seed=3)
    done = [call("index", folder), call("status"), call("similar", folder / "b.flac")]
    done.append(call("similar", folder / f"{evil}.flac"))
    for process in done:
        assert not set("\x1b\x07\u202e") & set(process.stdout + process.stderr)
    assert "\\x1b]0;owned" in done[0].stderr


@pytest.mark.slow
@pytest.mark.parametrize("content", [None, b"", b"this is no model" * 99])
def test_a_broken_or_missing_model_is_a_sentence(
    indexed: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
) -> None:
    folder, home = indexed
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(shutil.copytree(home, tmp_path / "copy")))
    model = tmp_path / "model.onnx"
    if content is not None:
        model.write_bytes(content)
    script = (
        "import sys, pathlib\n"
        "import mecomp_desktop.core as core\n"
        "model = pathlib.Path(sys.argv.pop(1))\n"
        "core.resource = lambda name: model\n"
        "from mecomp_desktop.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )

    def run_with_model(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", script, str(model), *arguments],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    says_one_sentence(run_with_model("similar", str(folder / "1.flac")), "model")
    make_audio(tmp_path / "more" / "new.flac", 2.0, seed=77)
    says_one_sentence(run_with_model("index", str(tmp_path / "more")), "model")


@pytest.mark.slow
def test_backup_and_restore(
    indexed: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, home = indexed
    monkeypatch.setenv("MECOMP_DESKTOP_HOME", str(shutil.copytree(home, tmp_path / "copy")))
    assert "There are no backups yet" in call("backup").stderr
    says_one_sentence(call("restore"), "no backups yet")
    done = call("backup", tmp_path / "mine.sqlite3")
    assert (done.returncode, str(tmp_path / "mine.sqlite3") in done.stdout) == (0, True)
    library = Paths.below(tmp_path / "copy").database
    library.write_bytes(b"ruined" * 10_000)
    done = call("restore", tmp_path / "mine.sqlite3")
    assert done.returncode == 0, done.stderr
    assert "was restored" in done.stdout
    assert result_of("status", "--json")["embedded"] == 6
    says_one_sentence(call("restore", tmp_path / "nowhere"), "no backup")


@pytest.mark.slow
def test_a_full_disk_is_a_failure_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "music"
    make_audio(folder / "first.flac", 2.0)
    assert call("index", folder).returncode == 0
    for number in range(60):
        tags = {"title": f"A long title that takes up some room {number}" * 9}
        make_audio(folder / f"{number}.flac", 0.5, seed=number, sample_rate_hz=8000, tags=tags)
    # SQLite meets this limit exactly as it meets the end of a disk.
    script = (
        "import sys\n"
        "import mecomp_desktop.store.database as database\n"
        "connect = database.connect\n"
        "def small(path):\n"
        "    connection = connect(path)\n"
        "    (pages,) = connection.execute('PRAGMA page_count').fetchone()\n"
        "    connection.execute(f'PRAGMA max_page_count = {pages}')\n"
        "    return connection\n"
        "database.connect = small\n"
        "from mecomp_desktop.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "index", str(folder)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode in (1, 2), (done.stdout, done.stderr)
    assert "the disk is full; make room and try again" in done.stderr
    assert "Traceback" not in done.stderr
