"""What a radio started from, named as a listener would name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.similarity.duplicates import album_key, artist_keys
from mecomp_desktop.text import isolated

SeedKind = Literal["song", "songs", "album", "artist"]


@dataclass(frozen=True, slots=True)
class RadioSeed:
    """What a radio started from.

    Attributes:
        kind: One song, several, a whole album, or songs of one artist.
        name: The title, the album's or the artist's name.
        track_ids: The songs.
    """

    kind: SeedKind
    name: str
    track_ids: tuple[TrackId, ...]

    @property
    def title(self) -> str:
        """How it stands alone: "Homogenic (album)"."""
        if self.kind in ("album", "artist"):
            return f"{isolated(self.name)} ({self.kind})"
        remaining = len(self.track_ids) - 1
        return (
            f"{isolated(self.name)} and {remaining} more" if remaining > 0 else isolated(self.name)
        )

    @property
    def sentence_part(self) -> str:
        """How it stands in a sentence: "the album “Homogenic”"."""
        if not self.track_ids:
            return "that song"
        if self.kind == "song":
            return f"“{isolated(self.name)}”"
        if self.kind == "songs":
            return f"“{isolated(self.name)}” and the others"
        return f"the {self.kind} “{isolated(self.name)}”"


def seed_of(tracks: Sequence[Track]) -> RadioSeed:
    """Return what the songs of a radio's seed are together.

    It is told from the songs alone, so that a radio keeps its name across a restart: all from
    one album are the album, all by one artist are the artist.

    Args:
        tracks: The songs; perhaps none, when they have left the library.
    """
    track_ids = tuple(track.id for track in tracks)
    if not tracks:
        return RadioSeed("song", "a song that is gone", ())
    if len(tracks) == 1:
        return RadioSeed("song", tracks[0].title, track_ids)
    album_keys = {album_key(track) for track in tracks}
    if len(album_keys) == 1 and "" not in album_keys:
        return RadioSeed("album", tracks[0].tags.album, track_ids)
    if frozenset[str].intersection(*map(artist_keys, tracks)):
        return RadioSeed("artist", _shared_artist(tracks), track_ids)
    return RadioSeed("songs", tracks[0].title, track_ids)


def _shared_artist(tracks: Sequence[Track]) -> str:
    """Return the artist of all tracks as it is spelled without guests, the shortest spelling."""
    return min((track.artist for track in tracks), key=len)
