"""What the player is doing, in the words of MPRIS: values that can be compared."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtDBus import QDBusObjectPath

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.domain.rating import MAX_HALF_STARS, NO_RATING, Rating
from mecomp_desktop.domain.track import Track
from mecomp_desktop.playback.snapshots import PlayerStatus, QueueSnapshot

US_PER_S = 1_000_000
NO_TRACK = "/org/mpris/MediaPlayer2/TrackList/NoTrack"
_ENTRY = "/io/github/mecomp_desktop/entry/"
_STATES = {
    PlayerState.PLAYING: "Playing",
    PlayerState.PAUSED: "Paused",
    PlayerState.STOPPED: "Stopped",
}
LOOPS = {Repeat.OFF: "None", Repeat.ONE: "Track", Repeat.ALL: "Playlist"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The player at one moment, but for the position.

    Attributes:
        state: ``Playing``, ``Paused`` or ``Stopped``.
        loop: ``None``, ``Track`` or ``Playlist``.
        shuffle: Whether the order is shuffled.
        volume: 0…1.
        entry: The object path of the entry that plays.
        duration_s: How long its song is.
        track: The song; ``None`` where none plays.
        cover: A file with its cover; ``None`` while there is none.
        rating: What the listener thinks of the song.
        has_songs: Whether anything is queued.
        can_go_next: Whether a song follows.
    """

    state: str = "Stopped"
    loop: str = "None"
    shuffle: bool = False
    volume: float = 1.0
    entry: str = NO_TRACK
    duration_s: float = 0.0
    track: Track | None = None
    cover: Path | None = None
    rating: Rating = NO_RATING
    has_songs: bool = False
    can_go_next: bool = False

    @classmethod
    def of(
        cls,
        status: PlayerStatus,
        queue: QueueSnapshot,
        track: Track | None,
        cover: Path | None,
        rating: Rating = NO_RATING,
    ) -> "Facts":
        """Return what the services tell, in the words of MPRIS."""
        last = bool(queue.entries) and queue.entries[-1].id == queue.current_id
        return cls(
            state=_STATES[status.state],
            loop=LOOPS[queue.repeat],
            shuffle=queue.shuffle,
            volume=0.0 if status.muted else status.volume,
            entry=NO_TRACK if status.entry_id is None else f"{_ENTRY}{status.entry_id}",
            duration_s=status.duration_s,
            track=track,
            cover=cover,
            rating=rating,
            has_songs=bool(queue.entries),
            can_go_next=bool(queue.entries) and (not last or queue.repeat is Repeat.ALL),
        )

    @property
    def is_playing(self) -> bool:
        """Whether music plays."""
        return self.state == _STATES[PlayerState.PLAYING]

    def metadata(self) -> dict[str, Any]:
        """Return what is known of the song, by the names of MPRIS and xesam."""
        known: dict[str, Any] = {"mpris:trackid": QDBusObjectPath(self.entry)}
        if self.track is None:
            return known
        tags = self.track.tags
        # PySide sends a small whole number as 32 bits, which strict clients refuse for a length;
        # all of those looked at take a double.
        known["mpris:length"] = float(round(self.duration_s * US_PER_S))
        known["xesam:title"] = self.track.title
        known["xesam:artist"] = list(tags.artists) or [self.track.artist]
        known["xesam:album"] = self.track.album
        known["xesam:albumArtist"] = [self.track.album_artist]
        # A name that is not UTF-8 is percent-encoded from its bytes.
        known["xesam:url"] = self.track.path.as_uri()
        if tags.genres:
            known["xesam:genre"] = list(tags.genres)
        if tags.track_number is not None:
            known["xesam:trackNumber"] = tags.track_number
        if tags.disc_number is not None:
            known["xesam:discNumber"] = tags.disc_number
        if self.rating.half_stars is not None:
            known["xesam:userRating"] = self.rating.half_stars / MAX_HALF_STARS
        if self.cover is not None:
            known["mpris:artUrl"] = self.cover.as_uri()
        return known

    def properties(self) -> dict[str, Any]:
        """Return the properties of the player that change, by name."""
        return {
            "PlaybackStatus": self.state,
            "LoopStatus": self.loop,
            "Shuffle": self.shuffle,
            "Volume": self.volume,
            "Metadata": self.metadata(),
            "CanGoNext": self.can_go_next,
            "CanGoPrevious": self.has_songs,
            "CanPlay": self.has_songs,
            "CanPause": self.has_songs,
            "CanSeek": self.track is not None and self.duration_s > 0,
        }
