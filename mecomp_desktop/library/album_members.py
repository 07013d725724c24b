"""Which of the files that share a folder and an album's title make one album.

Where every file names the album artist there is no question. Often half of the files do, or
none: then who plays on how many songs, and whether two songs claim the same place on the album,
tell an album with guests from a compilation, and both from two albums of one name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

VARIOUS = ""
"""Whom an album by several artists is by; no artist has an empty key."""

Place = tuple[int, str, int]
"""Disc, side and number of a song on its album."""

# So many artists in one folder are no collection of single albums, whatever their numbers say.
_MAX_ALBUMS_IN_FOLDER = 3
# Two groups of songs are two albums when so many places of the smaller are taken twice.
_MIN_SHARED_PLACES = 0.5
# Without numbers, an artist with so many songs in a folder has an album there.
_MIN_SONGS_OF_ALBUM = 2
# A compilation that was sorted into the folders of its artists has few songs in each.
_MAX_SONGS_OF_ARTIST = 3


@dataclass(frozen=True, slots=True)
class Member:
    """What one song says of the album it is on.

    Attributes:
        row: The song.
        artists: The keys of its artists, the first one first; none for an unknown artist.
        album_artist: The key of its album artist; `VARIOUS` also for "Various artists".
        names_album_artist: Whether it names an album artist at all.
        place: Where it stands on the album, if it has a number.
        compilation: Whether it says that the album is by several artists.
    """

    row: int
    artists: tuple[str, ...]
    album_artist: str
    names_album_artist: bool
    place: Place | None
    compilation: bool

    @property
    def by(self) -> str:
        """Whom the song is by: its first artist."""
        return self.artists[0] if self.artists else VARIOUS


Split = list[tuple[str, list[Member]]]
"""Albums: whom each is by, and its songs."""


def split_by_album(members: Sequence[Member]) -> Split:
    """Return the albums that the songs of one folder and title make, each song in one of them."""
    named: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        if member.names_album_artist:
            named[member.album_artist].append(member)
    unnamed = [member for member in members if not member.names_album_artist]
    taken = {by: _places(group) for by, group in named.items()}
    left: list[Member] = []
    for member in unnamed:
        by = next((artist for artist in member.artists if artist in named), None)
        if by is None and len(named) == 1 and member.place not in taken[next(iter(named))]:
            by = next(iter(named))  # a guest among songs of which some name the album artist
        (left if by is None else named[by]).append(member)
    albums = [*named.items()]
    return albums + _split_unnamed(left) if left else albums


def is_scattered_compilation(groups: Sequence[Sequence[Member]]) -> bool:
    """Return whether flagged songs of one title in several artists' folders are one compilation.

    Single-artist collections are flagged by some programs, too: these have many songs a folder,
    and the same numbers.
    """
    if len({group[0].by for group in groups}) < 2:
        return False
    if any(member.place is None for group in groups for member in group):
        return sum(map(len, groups)) <= _MAX_SONGS_OF_ARTIST * len(groups)
    places = [member.place for group in groups for member in group]
    return len(set(places)) == len(places)


def _split_unnamed(members: list[Member]) -> Split:
    """Split songs that name no album artist."""
    groups = _by_main_artist(members)
    if len(groups) == 1:
        return [*groups.items()]
    if 2 * sum(member.compilation for member in members) > len(members):
        return [(VARIOUS, members)]
    if _are_several_albums(groups):
        return [*groups.items()]
    main, songs = max(groups.items(), key=lambda item: len(item[1]))
    # A guest on a song or two does not make an album one by several artists.
    return [(main if main and 2 * len(songs) > len(members) else VARIOUS, members)]


def _by_main_artist(members: Iterable[Member]) -> dict[str, list[Member]]:
    """Return songs by the one of their artists who plays on most of the songs."""
    members = list(members)
    counts = Counter(artist for member in members for artist in member.artists)
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[max(member.artists, key=counts.__getitem__, default=VARIOUS)].append(member)
    return groups


def _are_several_albums(groups: dict[str, list[Member]]) -> bool:
    if len(groups) > _MAX_ALBUMS_IN_FOLDER:
        return False
    if all(member.place is None for group in groups.values() for member in group):
        return all(len(group) >= _MIN_SONGS_OF_ALBUM for group in groups.values())
    places = sorted(map(_places, groups.values()), key=len)
    return all(
        smaller and len(smaller & larger) >= _MIN_SHARED_PLACES * len(smaller)
        for number, smaller in enumerate(places)
        for larger in places[number + 1 :]
    )


def _places(members: Iterable[Member]) -> set[Place]:
    return {member.place for member in members if member.place is not None}
