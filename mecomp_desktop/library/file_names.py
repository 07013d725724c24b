"""What a file's name and folders tell, where its tags are silent."""

import re
from dataclasses import dataclass
from pathlib import Path

from mecomp_desktop.library.disc_folders import disc_number
from mecomp_desktop.text import clean

# "01 Title", "1-03 Title" (disc and track), "12 - Title", "7. Title", "(04) Title". A bare number
# before a title ("99 Luftballons", "7 Seconds") belongs to it, unless a zero leads it.
_NUMBERED = re.compile(
    r"""[(\[]?
        (?:(?P<disc>[1-9])-(?P<on_disc>\d\d)(?=\D)[\s._-]*
        |  (?P<padded>0\d{1,2})(?=\D)[\s._)\]-]*
        |  (?P<marked>\d{1,3})(?:\s*[.)\]]\s*|\s+-\s+|_+-?_*)(?!\d)
        )
        (?=.*[^\W\d_])""",
    re.VERBOSE,
)
_ARTIST_AND_ALBUM = re.compile(r"(?P<artist>[^-]+?) - (?P<album>.+)")
_LEADING_YEAR = re.compile(r"[(\[]?(1[89]\d\d|20\d\d)[)\]]?\s*(?:-\s*)?(?=\S)")
_NO_NAMES = frozenset(
    {"audio", "desktop", "download", "downloads", "flac", "misc", "mp3", "music", "musik", "new"}
    | {"other", "songs", "temp", "tmp", "tracks", "unknown", "unsorted", "various"}
)


@dataclass(frozen=True, slots=True)
class NamedBy:
    """What could be told from the name; empty or ``None`` where nothing safe could."""

    title: str
    track_number: int | None = None
    disc_number: int | None = None
    artist: str = ""
    album: str = ""
    year: int | None = None


def from_path(path: Path, root: Path | None = None) -> NamedBy:
    """Return what a path tells.

    Artist and album are taken only from folders that are laid out for it, below ``root``:
    ``Artist/Album/01 Title`` or ``Artist - Album/01 Title``, a disc's folder in between.
    """
    stem = clean(path.stem)
    number = _NUMBERED.match(stem)
    title = stem[number.end() :] if number else stem
    if " " not in title:
        title = title.replace("_", " ")
    title = title.strip() or stem or clean(path.name)
    if number is None:
        return NamedBy(title)
    track = int(number["on_disc"] or number["padded"] or number["marked"]) or None
    disc = int(number["disc"]) if number["disc"] else None
    folders = _folders(path, root)
    if folders and (number_of_folder := disc_number(folders[-1])) is not None:
        disc, folders = number_of_folder, folders[:-1]
    artist, album, year = _from_folders(folders)
    return NamedBy(title, track, disc, artist, album, year)


def _folders(path: Path, root: Path | None) -> tuple[str, ...]:
    if root is None or not path.is_relative_to(root):
        return ()
    return tuple(clean(part) for part in path.relative_to(root).parts[:-1])


def _from_folders(folders: tuple[str, ...]) -> tuple[str, str, int | None]:
    if len(folders) == 1 and (both := _ARTIST_AND_ALBUM.fullmatch(folders[0])):
        artist, folder = both["artist"].strip(), both["album"]
    elif len(folders) == 2:
        artist, folder = folders
    else:
        return "", "", None
    if {artist.lower(), folder.lower()} & _NO_NAMES:
        return "", "", None
    year = _LEADING_YEAR.match(folder)
    if year:
        return artist, folder[year.end() :].strip(), int(year[1])
    return artist, folder.strip(), None
