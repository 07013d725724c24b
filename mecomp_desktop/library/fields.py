"""The tag fields: each is declared once, here, and everything else follows.

A new field is one line in `FIELDS`, and one line with its type in `domain.track.Tags`. From the
two follow how every container is read, the column in the store, what the search looks into and
the column of the song table.
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a field's value is; how texts become it is told in `tag_values`."""

    TEXT = "one line of text"
    LIST = "several texts, each once"
    NUMBER = "a whole number from 1 up, as in 3, 03/12 or A3"
    YEAR = "the year of a date in any spelling"
    SIDE = "the letter of a record's side, as in A3"
    FLAG = "yes or no"
    GAIN = "decibels towards −18 LUFS, as in -6.30 dB"
    PEAK = "the highest sample, as in 0.988; 1 is full scale"


@dataclass(frozen=True, slots=True)
class Key:
    """One tag under the names that it has in each kind of file.

    Attributes:
        vorbis: Its name in Vorbis comments, in lower case; also that of an ID3 TXXX frame or of
            a freeform MP4 atom.
        id3: Its ID3v2.4 frame.
        mp4: Its MP4 atom.
        asf: Its name in WMA files, in lower case.
        riff: Its entries in a WAV file's INFO list, and its text chunks in AIFF.
        also: How APE tags, Matroska, FFmpeg and careless taggers spell it, in lower case.
    """

    vorbis: str
    id3: str = ""
    mp4: str = ""
    asf: str = ""
    riff: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of `Tags`.

    Attributes:
        name: Its name in `Tags` and in the store.
        kind: What its value is.
        keys: The tags it is read from, the best first; none for what `coding` measures.
        heading: What the song table calls its column; empty where it has none.
        searched: Whether the search looks into it.
    """

    name: str
    kind: Kind
    keys: tuple[Key, ...]
    heading: str = ""
    searched: bool = False


_TITLE = Key("title", "TIT2", "\xa9nam", "title", ("INAM", "NAME"))
_ARTIST = Key("artist", "TPE1", "\xa9ART", "author", ("IART", "AUTH"))
# Picard and others write the artists of a song apart, beside the line for display.
_ARTISTS = Key("artists", asf="wm/artists")
_ALBUM = Key("album", "TALB", "\xa9alb", "wm/albumtitle", ("IPRD",))
_ALBUM_ARTIST = Key(
    "albumartist",
    "TPE2",
    "aART",
    "wm/albumartist",
    also=("album artist", "album_artist", "ensemble"),
)
_TRACK = Key(
    "tracknumber",
    "TRCK",
    "trkn",
    "wm/tracknumber",
    ("ITRK", "IPRT"),
    ("track", "part_number"),
)
_DISC = Key("discnumber", "TPOS", "disk", "wm/partofset", also=("disc", "disk"))
_GENRE = Key("genre", "TCON", "\xa9gen", "wm/genre", ("IGNR",))
_DATE = Key("date", "TDRC", "\xa9day", "wm/year", ("ICRD",), ("year", "date_released"))
_RELEASED = Key("releasedate", "TDRL")
_ORIGINAL = Key("originaldate", "TDOR", also=("originalyear",))
_TITLE_SORT = Key("titlesort", "TSOT", "sonm", "wm/titlesortorder", also=("title-sort",))
_ARTIST_SORT = Key("artistsort", "TSOP", "soar", "wm/artistsortorder", also=("artist-sort",))
_ALBUM_SORT = Key("albumsort", "TSOA", "soal", "wm/albumsortorder", also=("album-sort",))
_ALBUM_ARTIST_SORT = Key("albumartistsort", "TSO2", "soaa", "wm/albumartistsortorder")
_COMPILATION = Key("compilation", "TCMP", "cpil", "wm/iscompilation", also=("itunescompilation",))
_COMPOSER = Key("composer", "TCOM", "\xa9wrt", "wm/composer", ("IMUS",))
_COMMENT = Key("comment", "COMM", "\xa9cmt", "description", ("ICMT", "ANNO"))
_TRACK_GAIN = Key("replaygain_track_gain", asf="replaygain_track_gain")
_TRACK_PEAK = Key("replaygain_track_peak", asf="replaygain_track_peak")
_ALBUM_GAIN = Key("replaygain_album_gain", asf="replaygain_album_gain")
_ALBUM_PEAK = Key("replaygain_album_peak", asf="replaygain_album_peak")

FIELDS: tuple[Field, ...] = (
    Field("title", Kind.TEXT, (_TITLE,), "Title", searched=True),
    Field("artists", Kind.LIST, (_ARTISTS, _ARTIST), "Artist", searched=True),
    Field("album", Kind.TEXT, (_ALBUM,), "Album", searched=True),
    Field("album_artist", Kind.TEXT, (_ALBUM_ARTIST,), searched=True),
    Field("side", Kind.SIDE, (_TRACK,)),
    Field("track_number", Kind.NUMBER, (_TRACK,), "Track number"),
    Field("disc_number", Kind.NUMBER, (_DISC,)),
    Field("year", Kind.YEAR, (_DATE, _RELEASED, _ORIGINAL), "Year"),
    Field("genres", Kind.LIST, (_GENRE,), "Genre", searched=True),
    Field("title_sort", Kind.TEXT, (_TITLE_SORT,)),
    Field("artist_sort", Kind.TEXT, (_ARTIST_SORT,)),
    Field("album_sort", Kind.TEXT, (_ALBUM_SORT,)),
    Field("album_artist_sort", Kind.TEXT, (_ALBUM_ARTIST_SORT,)),
    Field("compilation", Kind.FLAG, (_COMPILATION,)),
    Field("composer", Kind.TEXT, (_COMPOSER,), "Composer"),
    Field("comment", Kind.TEXT, (_COMMENT,), "Comment"),
    Field("format", Kind.TEXT, (), "Format"),
    Field("bit_rate_kbps", Kind.NUMBER, (), "Bit rate"),
    Field("track_gain_db", Kind.GAIN, (_TRACK_GAIN,)),
    Field("track_peak", Kind.PEAK, (_TRACK_PEAK,)),
    Field("album_gain_db", Kind.GAIN, (_ALBUM_GAIN,)),
    Field("album_peak", Kind.PEAK, (_ALBUM_PEAK,)),
    Field("ends_early", Kind.FLAG, (), "Ends early"),
)
"""Every field of `Tags` but for the length."""

KEYS: tuple[Key, ...] = tuple(dict.fromkeys(key for field in FIELDS for key in field.keys))
"""Every tag that is read."""
