"""Albums and artists, as they follow from the tracks."""

from dataclasses import dataclass

from mecomp_desktop.domain.ids import TrackId

VARIOUS_ARTISTS = "Various artists"


@dataclass(frozen=True, slots=True)
class Album:
    """One album of the library.

    Attributes:
        key: Tells it from every other album, and stays the same between two starts.
        title: Its title; never empty.
        artist: Whom it is by; never empty.
        year: When it came out, if its files say so.
        track_ids: Its tracks by disc, number and title.
        duration_s: The length of all its tracks.
    """

    key: str
    title: str
    artist: str
    year: int | None
    track_ids: tuple[TrackId, ...]
    duration_s: float


@dataclass(frozen=True, slots=True)
class Artist:
    """One artist of the library.

    Attributes:
        key: Tells it from every other artist, and stays the same between two starts.
        name: As most of the files spell it.
        track_ids: Every track that names this artist, by album, disc and number.
        album_keys: The albums by this artist, by year.
    """

    key: str
    name: str
    track_ids: tuple[TrackId, ...]
    album_keys: tuple[str, ...]
