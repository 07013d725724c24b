"""Tracks that no file stands behind, for what only shows them."""

from pathlib import Path

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.track import Tags, Track


def song(number: int, title: str = "", *, available: bool = True, **tags: object) -> Track:
    """Return a track; what is not given follows from its number."""
    facts = {
        "title": title or f"Song {number}",
        "artists": (f"Artist {number % 7}",),
        "album": f"Album {number % 5}",
        "album_artist": f"Artist {number % 7}",
        "track_number": number % 12 + 1,
        "year": 1970 + number % 50,
        "genres": ("Rock",),
        "duration_s": 60.0 + number,
    } | tags
    return Track(
        id=TrackId(number),
        audio_id=AudioId(f"audio-{number}"),
        path=Path(f"/music/{number}.flac"),
        root_id=RootId(1),
        tags=Tags(**facts),
        available=available,
        added_at_s=float(number),
    )
