"""What the listener thinks of music: liked, rated, never again."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.text import artist_key, fold, plain

MAX_HALF_STARS = 10
_CACHE = 1 << 16
_plain = functools.lru_cache(_CACHE)(plain)
K = TypeVar("K")


class SubjectKind(StrEnum):
    """What can be liked, rated or put away."""

    SONG = "song"
    ALBUM = "album"
    ARTIST = "artist"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Subject:
    """A recording, an album, an artist or a folder.

    Attributes:
        kind: Which of them.
        name: The recording's identity, the album's title, the artist's name, the folder's path.
        artist: Whom an album is by; empty for the others.
    """

    kind: SubjectKind
    name: str
    artist: str = ""

    @classmethod
    def song(cls, track: Track) -> Self:
        """Return the recording that a track is."""
        return cls(SubjectKind.SONG, track.audio_id)

    @classmethod
    def album(cls, track: Track) -> Self:
        """Return the album that a track is on."""
        return cls(SubjectKind.ALBUM, track.tags.album, track.album_artist)

    @classmethod
    def folder(cls, path: Path) -> Self:
        """Return a folder and all that is in it."""
        return cls(SubjectKind.FOLDER, str(path))


@dataclass(frozen=True, slots=True)
class Rating:
    """What the listener thinks of one subject.

    Attributes:
        liked_at_s: When it was liked, in seconds since the epoch; ``None`` if it is not.
        half_stars: 0 to 10 for 0 to 5 stars; ``None`` where it was not rated.
        never_at_s: When it was put away for good, in seconds since the epoch; ``None`` if not.
    """

    liked_at_s: float | None = None
    half_stars: int | None = None
    never_at_s: float | None = None

    @property
    def liked(self) -> bool:
        """Whether it is liked."""
        return self.liked_at_s is not None

    @property
    def never_again(self) -> bool:
        """Whether it is to be played only when the listener chooses it."""
        return self.never_at_s is not None

    @property
    def stars(self) -> float | None:
        """0 to 5 in halves; ``None`` where it was not rated."""
        return None if self.half_stars is None else self.half_stars / 2


NO_RATING = Rating()
Ratings = Mapping[Subject, Rating]


@dataclass(frozen=True)
class RatingTable:
    """Everything that was liked, rated or put away: a value that stays as it is.

    Attributes:
        songs: By recording.
        groups: By album, artist or folder.
    """

    songs: Mapping[AudioId, Rating] = field(default_factory=dict)
    groups: Ratings = field(default_factory=dict)

    def of(self, subject: Subject) -> Rating:
        """Return what the listener thinks of a subject."""
        if subject.kind is SubjectKind.SONG:
            return self.songs.get(AudioId(subject.name), NO_RATING)
        return self.groups.get(self.known(subject), NO_RATING)

    def known(self, subject: Subject) -> Subject:
        """Return a subject under the spelling by which it was liked, rated or put away."""
        return self._spellings.get(_key(subject), subject)

    def of_song(self, audio_id: AudioId) -> Rating:
        """Return what the listener thinks of a recording."""
        return self.songs.get(audio_id, NO_RATING)

    def all(self) -> Iterator[tuple[Subject, Rating]]:
        """Yield every subject that was liked, rated or put away."""
        for audio_id, rating in self.songs.items():
            yield Subject(SubjectKind.SONG, audio_id), rating
        yield from self.groups.items()

    def with_changes(self, changes: Ratings) -> "RatingTable":
        """Return another table in which these subjects have these ratings."""
        songs, groups = dict(self.songs), dict(self.groups)
        for subject, rating in changes.items():
            if subject.kind is SubjectKind.SONG:
                _put(songs, AudioId(subject.name), rating)
            else:
                _put(groups, subject, rating)
        return RatingTable(songs, groups)

    @property
    def has_never_again(self) -> bool:
        """Whether anything at all is to be passed over."""
        return bool(self._never_songs or self._never_groups)

    def is_never_again(self, track: Track) -> bool:
        """Return whether a track, its album, one of its artists or a folder of it was put away."""
        if track.audio_id in self._never_songs:
            return True
        return bool(self._never_groups) and (
            self._is_by_never(track) or self._is_on_never(track) or self._is_in_never(track)
        )

    def _is_by_never(self, track: Track) -> bool:
        never = self._never_keys(SubjectKind.ARTIST)
        names = (*track.tags.artists, track.tags.album_artist)
        return bool(never) and any((_artist(name),) in never for name in names if name)

    def _is_on_never(self, track: Track) -> bool:
        never = self._never_keys(SubjectKind.ALBUM)
        album = track.tags.album
        return bool(never and album) and (_plain(album), _artist(track.album_artist)) in never

    def _is_in_never(self, track: Track) -> bool:
        return bool(self._never_folders) and str(track.path).startswith(self._never_folders)

    @functools.cached_property
    def _never_songs(self) -> frozenset[AudioId]:
        return frozenset(audio_id for audio_id, rating in self.songs.items() if rating.never_again)

    @functools.cached_property
    def _spellings(self) -> dict[tuple[str, ...], Subject]:
        return {_key(subject): subject for subject in self.groups}

    @functools.cached_property
    def _never_groups(self) -> Mapping[str, frozenset[tuple[str, ...]]]:
        """The keys of what was put away, by kind."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for subject, rating in self.groups.items():
            if rating.never_again:
                found.setdefault(subject.kind, set()).add(_key(subject)[1:])
        return {kind: frozenset(keys) for kind, keys in found.items()}

    def _never_keys(self, kind: SubjectKind) -> frozenset[tuple[str, ...]]:
        return self._never_groups.get(kind, frozenset())

    @functools.cached_property
    def _never_folders(self) -> tuple[str, ...]:
        folders = self._never_keys(SubjectKind.FOLDER)
        return tuple(sorted(f"{path.rstrip('/')}/" for (path,) in folders))


def group_subjects(track: Track) -> list[Subject]:
    """Return the artists and the album of a track, as far as its tags name them."""
    names = dict.fromkeys(filter(None, (*track.tags.artists, track.tags.album_artist)))
    artists = [Subject(SubjectKind.ARTIST, name) for name in names]
    return [*artists, *([Subject.album(track)] if track.tags.album else [])]


def _key(subject: Subject) -> tuple[str, ...]:
    """Return what a subject is told by: spellings of one name are one, paths to the letter."""
    if subject.kind is SubjectKind.ALBUM:
        return subject.kind, _plain(subject.name), _artist(subject.artist)
    if subject.kind is SubjectKind.ARTIST:
        return subject.kind, _artist(subject.name)
    return subject.kind, subject.name


@functools.lru_cache(_CACHE)
def _artist(name: str) -> str:
    # "Various artists" is nobody, but all nobodies are not one.
    return artist_key(name) or fold(name)


def _put(ratings: dict[K, Rating], key: K, rating: Rating) -> None:
    if rating == NO_RATING:
        ratings.pop(key, None)
    else:
        ratings[key] = rating
