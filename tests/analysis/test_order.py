from pathlib import Path

from mecomp_desktop.analysis.order import sampled
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.pending import PendingTrack


def library(albums: int, songs: int) -> list[PendingTrack]:
    paths = [
        Path(f"/music/{album:03}/{song:02}.flac")
        for album in range(albums)
        for song in range(songs)
    ]
    return [PendingTrack(AudioId(str(path)), path, 1, 1, 200.0) for path in paths]


def test_each_first_part_samples_the_whole() -> None:
    pending = library(100, 12)
    order = sampled(pending)
    assert sorted(order) == sorted(pending)
    for rank in range(12):
        part = order[100 * rank : 100 * rank + 100]
        assert len({track.path.parent for track in part}) == 100
    # Not the alphabet again: the first twenty come from everywhere.
    albums = sorted(int(track.path.parent.name) for track in order[:20])
    assert albums[0] < 20
    assert albums[-1] >= 80
    assert [track.path.parent.name for track in order[:100]] != sorted(
        track.path.parent.name for track in order[:100]
    )


def test_the_order_is_the_same_each_time_and_keeps_when_songs_come() -> None:
    pending = library(20, 5)
    assert sampled(pending) == sampled(list(reversed(pending)))
    grown = sampled([*pending, *library(25, 5)[100:]])
    assert [track for track in grown if track in set(pending)] == sampled(pending)


def test_names_that_are_no_text() -> None:
    track = PendingTrack(AudioId("x"), Path("/m/caf\udce9/\udcff.flac"), 1, 1, 1.0)
    assert sampled([track]) == [track]
