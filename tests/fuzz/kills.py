"""Kills ``mecomp-desktop index`` at random moments, and checks that nothing is lost or doubled.

``python -m tests.fuzz.kills --kills 200 --seed 1`` indexes a folder of made songs, kills it
(SIGKILL, with its workers) at moments drawn from the seed, and starts it again, until all is
analysed; then a new library begins, until there were so many kills. Between two starts songs are
played and answered, as a listener would. After every kill the library must be sound, and hold
every vector, play and answer that it held before; in the end each song has one vector, the same
as in a library that was never disturbed. Exits with 1 when it is not so.
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.domain.rating import Rating, Subject, SubjectKind
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.judgments import Judgments
from mecomp_desktop.store.playlists import PlaylistStore
from mecomp_desktop.store.plays import Plays
from mecomp_desktop.store.ratings import RatingStore
from tests.support.audio_files import make_audio
from tests.support.playlists import playlist

SONGS = 40
_SHORTEST_S = 0.05
_END_S = 300.0
# Two runs of one model over the same file agree to the last bits of float32.
_VECTORS = "SELECT audio_id, body_hash, head_hash, pooled, embedding FROM embeddings ORDER BY 1, 2"


@dataclass
class Report:
    """What came of it.

    Attributes:
        kills: How many kills there were.
        libraries: How many libraries were indexed to their end.
        early: How many kills came before there was a library.
        faults: What was lost, doubled or damaged, one sentence each.
    """

    kills: int = 0
    libraries: int = 0
    early: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the report in words."""
        counts = (
            f"{self.kills} kills, {self.early} of them before there was a library; "
            f"{self.libraries} libraries of {SONGS} songs indexed to their end; "
            f"{len(self.faults)} faults"
        )
        return [counts, *self.faults]


def run(folder: Path, kills: int, seed: int) -> Report:
    """Kill so often; everything happens below the folder."""
    rng, report = random.Random(seed), Report()
    music = folder / "music"
    for number in range(SONGS):
        tags = {"title": f"Song {number}", "artist": f"Band {number % 7}"}
        make_audio(music / f"{number}.flac", 2.0, seed=number, sample_rate_hz=22_050, tags=tags)
    calm = folder / "calm"
    began_s = time.monotonic()
    _finish(calm, music)
    # So that the moments are spread over all of a run, however fast this machine is.
    longest_s = time.monotonic() - began_s
    wanted = _rows(calm, _VECTORS)
    lives = iter(lambda: rng.uniform(_SHORTEST_S, longest_s), None)
    while report.kills < kills:
        home = folder / f"home {report.libraries}"
        _one_library(home, music, kills, lives, report)
        if _rows(home, _VECTORS) != wanted:
            report.faults.append(f"{home.name}: other vectors than in a library left in peace")
        tracks = _rows(home, "SELECT count(*), count(DISTINCT path) FROM tracks")
        if tracks != [(SONGS, SONGS)]:
            report.faults.append(f"{home.name}: tracks {tracks}")
        report.libraries += 1
        shutil.rmtree(home)
    return report


def _one_library(
    home: Path, music: Path, kills: int, lives: Iterator[float], report: Report
) -> None:
    held: dict[str, set[tuple[object, ...]]] = {}
    while report.kills < kills:
        ended = _run_and_kill(home, music, next(lives))
        report.kills += not ended
        if not Paths.below(home).database.exists():
            report.early += 1
            continue
        _compare(home, held, report)
        if ended:
            return
        _listen(home, report.kills)
        held = _contents(home)
    _finish(home, music)


def _run_and_kill(home: Path, music: Path, seconds: float) -> bool:
    """Index, for so long; return whether it came to its end by itself before."""
    with _indexing(home, music) as process:
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            # With its workers: as when the power goes, or the system runs out of memory.
            os.killpg(process.pid, signal.SIGKILL)
            return False


def _finish(home: Path, music: Path) -> None:
    with _indexing(home, music) as process:
        code = process.wait(_END_S)
    if code != 0:
        raise RuntimeError(f"index ended with {code}")


@contextmanager
def _indexing(home: Path, music: Path) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(
        [sys.executable, "-m", "mecomp_desktop", "index", str(music), "--workers", "2"],
        env=os.environ | {"MECOMP_DESKTOP_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _listen(home: Path, number: int) -> None:
    """Play a song, skip one, like one, keep one and answer a question, through the stores."""
    with closing(Database(Paths.below(home).database)) as database:
        Plays(database).record(AudioId(f"play {number}"), time.time(), 60.0)
        Plays(database).record_skip(AudioId(f"skip {number}"), time.time(), 6.0)
        liked = Subject(SubjectKind.SONG, f"like {number}")
        RatingStore(database).put({liked: Rating(liked_at_s=time.time(), half_stars=number % 11)})
        trio = (AudioId(f"a {number}"), AudioId("b"), AudioId("c"))
        answer = Judgment(JudgmentId(0), trio, Pair(number % 3), False, "quiz", "", 1.0, 1.0)
        Judgments(database).add(answer)
        playlists = PlaylistStore(database)
        kept = playlist(number + 1, number, number + 1)
        playlists.change(playlists.all(), lambda now: {**now, kept.id: kept})


def _contents(home: Path) -> dict[str, set[tuple[object, ...]]]:
    return {
        "vectors": set(_rows(home, "SELECT audio_id, body_hash FROM embeddings")),
        "plays": set(_rows(home, "SELECT id, audio_id FROM plays")),
        "skips": set(_rows(home, "SELECT id, audio_id FROM skips")),
        "likes": set(_rows(home, "SELECT audio_id, liked_at_s, half_stars FROM song_ratings")),
        "playlists": set(_rows(home, "SELECT id, name FROM playlists")),
        "playlist entries": set(
            _rows(home, "SELECT playlist_id, position, audio_id FROM playlist_entries")
        ),
        "answers": set(_rows(home, "SELECT id, first, closest FROM judgments")),
        "tracks": set(_rows(home, "SELECT id, path FROM tracks WHERE gone_at_s IS NULL")),
    }


def _compare(home: Path, held: dict[str, set[tuple[object, ...]]], report: Report) -> None:
    if (verdict := _rows(home, "PRAGMA integrity_check")) != [("ok",)]:
        report.faults.append(f"{home.name}, kill {report.kills}: damaged: {verdict[:1]}")
        return
    contents = _contents(home) if _rows(home, "PRAGMA user_version") != [(0,)] else {}
    for name, before in held.items():
        lost = before - contents.get(name, set())
        if lost:
            report.faults.append(f"{home.name}, kill {report.kills}: {len(lost)} {name} lost")


def _rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(Paths.below(home).database, timeout=30)) as connection:
        return connection.execute(query).fetchall()


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many kills")
    parser.add_argument("--seed", type=int, default=1, help="draws the moments")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), options.kills, options.seed)
    for line in report.lines():
        print(line)  # noqa: T201
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
