"""The columns of a song table, and what their cells say.

Those below have looks of their own. Every other field of `library.fields` that has a heading is a
column as well, behind them and hidden until the listener chooses it.
"""

from enum import IntEnum

from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import SortColumn
from mecomp_desktop.library.fields import FIELDS, Kind
from mecomp_desktop.ui import formatting

_OWN_LOOK = frozenset({"track_number", "title", "artists", "album", "year", "genres"})
_MORE = tuple(field for field in FIELDS if field.heading and field.name not in _OWN_LOOK)


class Column(IntEnum):
    """What a song table can show."""

    # The names that the loop below needs are no columns.
    _ignore_ = "members number field"

    NUMBER = 0
    TITLE = 1
    ARTIST = 2
    ALBUM = 3
    YEAR = 4
    GENRE = 5
    TIME = 6
    LIKED = 7
    RATING = 8
    PLAYS = 9
    SKIPS = 10
    LAST_PLAYED = 11
    FIRST_PLAYED = 12
    ADDED = 13
    members = vars()
    for number, field in enumerate(_MORE, start=14):
        members[field.name.upper()] = number


_FIELD_OF = {Column[field.name.upper()]: field for field in _MORE}
HEADINGS = {
    Column.NUMBER: ("#", "Track number"),
    Column.TITLE: ("Title", "Title"),
    Column.ARTIST: ("Artist", "Artist"),
    Column.ALBUM: ("Album", "Album"),
    Column.YEAR: ("Year", "Year"),
    Column.GENRE: ("Genre", "Genre"),
    Column.TIME: ("Time", "Length"),
    Column.LIKED: ("♥", "Liked"),
    Column.RATING: ("Rating", "Rating"),
    Column.PLAYS: ("Plays", "Plays"),
    Column.SKIPS: ("Skips", "Skips"),
    Column.LAST_PLAYED: ("Last played", "Last played"),
    Column.FIRST_PLAYED: ("First played", "First played"),
    Column.ADDED: ("Added", "Added to the library"),
    **{column: (field.heading, field.heading) for column, field in _FIELD_OF.items()},
}
NUMBERS = frozenset({Column.NUMBER, Column.YEAR, Column.TIME, Column.PLAYS, Column.SKIPS}) | {
    column for column, field in _FIELD_OF.items() if field.kind in (Kind.NUMBER, Kind.YEAR)
}
SORTS: dict[Column, str] = {
    Column.NUMBER: SortColumn.TRACK_NUMBER,
    Column.TITLE: SortColumn.TITLE,
    Column.ARTIST: SortColumn.ARTIST,
    Column.ALBUM: SortColumn.ALBUM,
    Column.YEAR: SortColumn.YEAR,
    Column.GENRE: SortColumn.GENRE,
    Column.TIME: SortColumn.DURATION,
    Column.ADDED: SortColumn.ADDED,
    **{column: field.name for column, field in _FIELD_OF.items()},
}
"""What the catalog calls the order of a column; `listener_columns` orders the others."""


def cell(track: Track, column: Column) -> str:
    """Return the text of one cell; empty where the file is silent."""
    tags = track.tags
    match column:
        case Column.NUMBER:
            return f"{tags.side}{tags.track_number or ''}"
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
            # Cut off: the song goes on, the file does not.
            return formatting.clock(track.duration_s) + ("…" if tags.ends_early else "")
        case Column.ADDED:
            return formatting.day(track.added_at_s)
        case _:
            return _text(getattr(tags, _FIELD_OF[column].name))


def _text(value: object) -> str:
    """Return any field's value as it is shown."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "Yes" if value else ""
    return str(value or "")


def printable(text: str) -> str:
    """Return a file name in which bytes that are no text are shown as a replacement mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
