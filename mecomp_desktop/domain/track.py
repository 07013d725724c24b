"""What is known of a track."""

from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.domain.ids import AudioId, RootId, TrackId
from mecomp_desktop.domain.part import Part, part_of

UNKNOWN_ARTIST = "Unknown artist"
UNKNOWN_ALBUM = "Unknown album"


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says about itself; empty or ``None`` where it is silent.

    Where each comes from is declared in ``library.fields``; the columns of the store follow from
    the types here. ``title`` is never empty: a file without one goes by its file name. ``side``
    is the letter of a record's side. ``compilation`` says that an album is by several artists.
    ``format`` (flac, mp3, opus …) and ``bit_rate_kbps``, the mean, are told by the file's bytes.
    ``ends_early`` says that the sound ends clearly before the end that the header promises.
    Gains are ReplayGain's: decibels that bring the song, or its album, to −18 LUFS; peaks are
    factors of full scale.
    """

    title: str
    artists: tuple[str, ...] = ()
    album: str = ""
    album_artist: str = ""
    track_number: int | None = None
    disc_number: int | None = None
    year: int | None = None
    genres: tuple[str, ...] = ()
    title_sort: str = ""
    artist_sort: str = ""
    album_sort: str = ""
    album_artist_sort: str = ""
    duration_s: float = 0.0
    side: str = ""
    compilation: bool = False
    composer: str = ""
    comment: str = ""
    format: str = ""
    bit_rate_kbps: int | None = None
    track_gain_db: float | None = None
    track_peak: float | None = None
    album_gain_db: float | None = None
    album_peak: float | None = None
    ends_early: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """One song of the library: a file, or a part of one.

    Attributes:
        id: The library's number for it.
        audio_id: What it is; survives a move, a rename and a re-tag.
        path: Where it is. Names that are not UTF-8 are kept by surrogate escapes.
        root_id: The folder through which it was found.
        tags: What the file says about itself.
        available: Whether the file was there at the last look.
        added_at_s: When it was first seen, in seconds since the epoch.
        start_s: Where in the file it begins, in seconds; ``None`` for a whole file.
        end_s: Where it ends; ``None`` for a whole file, and for the last part of one.
    """

    id: TrackId
    audio_id: AudioId
    path: Path
    root_id: RootId
    tags: Tags
    available: bool
    added_at_s: float
    start_s: float | None = None
    end_s: float | None = None

    @property
    def part(self) -> Part | None:
        """The stretch of the file that it is; ``None`` for all of it."""
        return part_of(self.start_s, self.end_s)

    @property
    def title(self) -> str:
        """The title; never empty."""
        return self.tags.title

    @property
    def artist(self) -> str:
        """The artists in one line; never empty."""
        return ", ".join(self.tags.artists) or self.tags.album_artist or UNKNOWN_ARTIST

    @property
    def album(self) -> str:
        """The album's title; never empty."""
        return self.tags.album or UNKNOWN_ALBUM

    @property
    def album_artist(self) -> str:
        """Whom the album is by; never empty."""
        return self.tags.album_artist or self.artist

    @property
    def duration_s(self) -> float:
        """The length in seconds; 0 where the file does not tell."""
        return self.tags.duration_s
