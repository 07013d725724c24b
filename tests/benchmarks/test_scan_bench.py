"""What a first scan costs a file, and another look at 100,000 files that nobody touched."""

import resource
import shutil
import time
from pathlib import Path

import pytest

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.scanner import Scanner
from mecomp_desktop.library.versions import CURRENT
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio

pytestmark = pytest.mark.benchmark
FILES = 1_500
KNOWN_FILES = 100_000
FILES_IN_FOLDER = 20
BUDGET_RESCAN_S = 2.0


def cpu_s(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


@pytest.mark.timeout(300)
@pytest.mark.parametrize("suffix", ["flac", "mp3", "m4a", "ogg"])
def test_a_first_scan(tmp_path: Path, database: Database, suffix: str) -> None:
    music = tmp_path / "music"
    songs = [
        make_audio(tmp_path / f"{n}.{suffix}", 20.0, seed=n, tags={"title": f"Song {n}"})
        for n in range(4)
    ]
    for number in range(FILES):
        folder = music / f"Band {number // FILES_IN_FOLDER}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(songs[number % len(songs)], folder / f"{number:05}.{suffix}")
    Roots(database).add(music)
    inspector = Inspector()
    before = cpu_s(resource.RUSAGE_SELF), cpu_s(resource.RUSAGE_CHILDREN)
    begun_s = time.monotonic()
    result = Scanner(database, inspector).run()
    took_s = time.monotonic() - begun_s
    inspector.close()
    assert result.found == FILES
    ours_s = cpu_s(resource.RUSAGE_SELF) - before[0]
    workers_s = cpu_s(resource.RUSAGE_CHILDREN) - before[1]
    print(  # noqa: T201 (a benchmark is there to print)
        f"\n{FILES:,} {suffix} files in {took_s:.2f} s: {took_s / FILES * 1e3:.2f} ms a file;"
        f" of a core {ours_s / FILES * 1e3:.2f} ms here, in workers"
        f" {workers_s / FILES * 1e3:.2f} ms"
    )


@pytest.mark.timeout(300)
def test_another_look_at_a_large_library(tmp_path: Path, database: Database) -> None:
    music = tmp_path / "music"
    root_id, facts = Roots(database).add(music), []
    for number in range(KNOWN_FILES):
        folder = music / f"Band {number // 500}" / f"Record {number // FILES_IN_FOLDER}"
        if number % FILES_IN_FOLDER == 0:
            folder.mkdir(parents=True)
        path = folder / f"{number:06}.flac"
        path.write_bytes(b"x")
        stamp = FileStamp.of(path.stat())
        audio_id, tags = AudioId(f"{number:032}"), Tags(f"Song {number}", duration_s=200.0)
        facts.append(FileFacts(path, root_id, stamp, audio_id, tags, CURRENT))
    Tracks(database).upsert_many(facts)
    inspector = Inspector()
    runs_s = []
    for _ in range(3):
        begun_s = time.monotonic()
        result = Scanner(database, inspector).run()
        runs_s.append(time.monotonic() - begun_s)
        assert result.seen == KNOWN_FILES
        assert not result.tracks_changed
    inspector.close()
    print(  # noqa: T201 (a benchmark is there to print)
        f"\n{KNOWN_FILES:,} unchanged files: {min(runs_s):.2f} s (budget {BUDGET_RESCAN_S} s)"
    )
