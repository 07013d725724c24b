"""How long a radio query takes in a library of 100,000 tracks."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.radio.plan import Past, candidates_needed, choose
from mecomp_desktop.settings import RadioSettings
from mecomp_desktop.similarity.candidate import Candidate
from mecomp_desktop.similarity.neighbour_index import NeighbourIndex
from mecomp_desktop.similarity.vectors import middle

Times = npt.NDArray[np.float64]

COUNT, DIMENSION, ARTISTS, ALBUMS = 100_000, 32, 4_000, 9_000
SONGS, QUERIES, WARM_UP = 25, 400, 20


def library() -> tuple[list[Track], Floats]:
    """Tracks in clusters: an artist's songs sound alike, as they do."""
    rng = np.random.default_rng(3)
    artist_of = rng.integers(0, ARTISTS, COUNT)
    centres = rng.standard_normal((ARTISTS, DIMENSION))
    vectors = centres[artist_of] + 0.7 * rng.standard_normal((COUNT, DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    tracks = [
        Track(
            TrackId(number),
            AudioId(f"{number:032x}"),
            Path(f"/music/{number}.flac"),
            RootId(1),
            Tags(
                title=f"Song Number {number % 60_000} (Remastered)"
                if number % 9 == 0
                else f"S{number}",
                artists=(f"The Band {artist}",),
                album=f"Album {artist % ALBUMS}-{number % 3}",
                duration_s=200.0,
            ),
            available=True,
            added_at_s=0.0,
        )
        for number, artist in enumerate(artist_of.tolist())
    ]
    return tracks, vectors.astype(np.float32)


def milliseconds(work: Callable[[int], object]) -> tuple[Times, Times]:
    """Return how long each query took by the clock, and how long this thread was at work."""
    wall, busy = [], []
    for query in range(WARM_UP + QUERIES):
        began, began_busy = time.perf_counter(), time.thread_time()
        work(query)
        wall.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.thread_time() - began_busy))
    return np.array(wall[WARM_UP:]), np.array(busy[WARM_UP:])


@pytest.mark.benchmark
@pytest.mark.timeout(600)
def test_radio_query_at_100_000_tracks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracks, vectors = library()
    by_audio = {track.audio_id: track for track in tracks}
    index = NeighbourIndex([track.audio_id for track in tracks], vectors)
    began = time.perf_counter()
    index.prepare(tmp_path / "graph", "made up", threads=os.cpu_count() or 1)
    build_s = time.perf_counter() - began
    rules = RadioSettings()
    rng = np.random.default_rng(4)
    seeds = rng.integers(0, COUNT, WARM_UP + QUERIES)
    played = frozenset(tracks[row].audio_id for row in rng.integers(0, COUNT, rules.recent_plays))

    def radio(query: int) -> list[Candidate]:
        """What `services.radio` does: look for neighbours, and choose by all the rules."""
        row = int(seeds[query])
        past = Past([tracks[row]], played)
        ask = candidates_needed(SONGS, past, rules)
        near = index.nearest(middle(vectors[row : row + 1]), ask)
        candidates = (
            Candidate(by_audio[audio_id], distance, index.vector(audio_id))
            for audio_id, distance in zip(near.audio_ids, near.distances.tolist(), strict=True)
        )
        return choose(candidates, SONGS, past, rules)

    def exact(query: int) -> object:
        """The plainest exact search: all distances, then the best."""
        distances = np.linalg.norm(vectors - vectors[seeds[query]], axis=1)
        best = np.argpartition(distances, 200)[:200]
        return best[np.argsort(distances[best])]

    assert index.has_graph
    chosen = [len(radio(query)) for query in range(50)]
    (wall, busy), (exact_wall, _) = milliseconds(radio), milliseconds(exact)
    median, p99 = np.percentile(wall, [50, 99])
    with capsys.disabled():
        print(  # noqa: T201 (a benchmark tells what it measured)
            f"\nradio of {SONGS} songs out of {COUNT:,}: median {median:.2f} ms, p99 {p99:.2f} ms "
            f"(of work alone: {np.percentile(busy, 50):.2f} and {np.percentile(busy, 99):.2f}); "
            f"plain exact search takes {np.median(exact_wall) / median:.1f} times as long; "
            f"songs chosen: {np.mean(chosen):.1f}; graph built in {build_s:.0f} s"
        )
    assert np.mean(chosen) > SONGS / 2
    assert median < np.median(exact_wall)
