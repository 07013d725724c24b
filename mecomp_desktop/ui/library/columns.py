"""The columns of a song table, and what their cells say."""

from enum import IntEnum

from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import SortColumn
from mecomp_desktop.ui import formatting


class Column(IntEnum):
    """What a song table can show."""

    NUMBER = 0
    TITLE = 1
    ARTIST = 2
    ALBUM = 3
    YEAR = 4
    GENRE = 5
    TIME = 6


HEADINGS = {
    Column.NUMBER: ("#", "Track number"),
    Column.TITLE: ("Title", "Title"),
    Column.ARTIST: ("Artist", "Artist"),
    Column.ALBUM: ("Album", "Album"),
    Column.YEAR: ("Year", "Year"),
    Column.GENRE: ("Genre", "Genre"),
    Column.TIME: ("Time", "Length"),
}
NUMBERS = frozenset({Column.NUMBER, Column.YEAR, Column.TIME})
SORTS = {
    Column.NUMBER: SortColumn.TRACK_NUMBER,
    Column.TITLE: SortColumn.TITLE,
    Column.ARTIST: SortColumn.ARTIST,
    Column.ALBUM: SortColumn.ALBUM,
    Column.YEAR: SortColumn.YEAR,
    Column.GENRE: SortColumn.GENRE,
    Column.TIME: SortColumn.DURATION,
}


def cell(track: Track, column: Column) -> str:
    """Return the text of one cell; empty where the file is silent."""
    tags = track.tags
    match column:
        case Column.NUMBER:
            return str(tags.track_number or "")
        case Column.TITLE:
            return track.title
        case Column.ARTIST:
            return track.artist
        case Column.ALBUM:
            return tags.album
        case Column.YEAR:
            return str(tags.year or "")
        case Column.GENRE:
            return ", ".join(tags.genres)
        case Column.TIME:
            return formatting.clock(track.duration_s)


def printable(text: str) -> str:
    """Return a file name in which bytes that are no text are shown as a replacement mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
