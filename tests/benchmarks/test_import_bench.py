"""How long an import of many plays takes."""

import time
from pathlib import Path

import pytest

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.rating import RatingTable
from mecomp_desktop.domain.track import Tags, Track
from mecomp_desktop.imports.found import Found, FoundSong
from mecomp_desktop.imports.plan import carry_out, plan_import
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.store.database import Database

SONGS = 50_000


def track(number: int) -> Track:
    tags = Tags(f"Song {number}", artists=(f"Band {number % 999}",))
    path = Path(f"/music/{number}.flac")
    return Track(TrackId(number), AudioId(f"a{number}"), path, RootId(1), tags, True, 2e9)


@pytest.mark.benchmark
def test_fifty_thousand_songs_with_plays_ratings_and_days(database: Database) -> None:
    catalog = Catalog([track(number) for number in range(SONGS)])
    songs = [
        FoundSong(
            Path(f"/elsewhere/{number}"),
            f"Song {number}",
            f"Band {number % 999}",
            plays=1,
            half_stars=8,
            added_at_s=1e9,
        )
        for number in range(SONGS)
    ]
    began_s = time.perf_counter()
    plan = plan_import(Found("iTunes", songs), catalog, RatingTable(), 1.0)
    planned_s = time.perf_counter() - began_s
    carry_out(plan, database)
    whole_s = time.perf_counter() - began_s
    line = f"{planned_s:.2f} s to plan, {whole_s:.2f} s in all"
    print(f"\n{SONGS:,} songs: {line}")  # noqa: T201 (a benchmark is there to print)
    assert len(plan.counts) == SONGS
