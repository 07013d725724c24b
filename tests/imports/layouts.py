"""Libraries of other players, in their layouts, made for a test."""

import datetime
import pickle
import plistlib
import sqlite3
import sys
import types
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from xml.sax.saxutils import escape

PLAYED_S = 1_500_000_000
ADDED_S = 1_400_000_000


def rhythmbox(folder: Path, songs: Sequence[Path]) -> Path:
    """The first song was played 7 times and has 4 stars; playlists lie beside."""
    entries = "".join(
        f"""<entry type="song"><title>Song {number}</title><artist>Artist {number}</artist>
        <album>Album</album><duration>2</duration><location>{escape(song.as_uri())}</location>
        <first-seen>{ADDED_S}</first-seen>
        {
            f"<play-count>7</play-count><last-played>{PLAYED_S}</last-played><rating>4</rating>"
            if number == 1
            else ""
        }</entry>"""
        for number, song in enumerate(songs, start=1)
    )
    file = folder / "rhythmdb.xml"
    radio = '<entry type="iradio"><title>A station</title><play-count>9</play-count></entry>'
    file.write_text(
        f'<?xml version="1.0" standalone="yes"?><rhythmdb version="2.0">{entries}{radio}</rhythmdb>'
    )
    locations = "".join(f"<location>{escape(song.as_uri())}</location>" for song in songs[::-1])
    (folder / "playlists.xml").write_text(
        f'<?xml version="1.0"?><rhythmdb-playlists><playlist name="Mine" type="static">{locations}'
        '</playlist><playlist name="Rated" type="automatic"/></rhythmdb-playlists>'
    )
    return file


def strawberry(file: Path, songs: Sequence[Path], *, clementine: bool = False) -> Path:
    """The same, in the database of Strawberry or Clementine."""
    url, item_id = ("filename", "library_id") if clementine else ("url", "collection_id")
    with closing(sqlite3.connect(file)) as database:
        database.executescript(
            f"""
            CREATE TABLE directories (path TEXT, subdirs INTEGER);
            CREATE TABLE songs (title TEXT, album TEXT, artist TEXT, {url} TEXT NOT NULL,
                length_nanosec INTEGER, playcount INTEGER NOT NULL DEFAULT 0,
                skipcount INTEGER NOT NULL DEFAULT 0, lastplayed INTEGER NOT NULL DEFAULT -1,
                ctime INTEGER, rating REAL DEFAULT -1);
            CREATE TABLE playlists (name TEXT NOT NULL);
            CREATE TABLE playlist_items (playlist INTEGER NOT NULL, {item_id} INTEGER, {url} TEXT);
            INSERT INTO playlists VALUES ('Mine');
            """
        )
        if not clementine:
            database.execute("CREATE TABLE subdirectories (directory INTEGER, path TEXT)")
        for number, song in enumerate(songs, start=1):
            played = (7, 2, PLAYED_S) if number == 1 else (0, 0, -1)
            rating = 0.8 if number == 1 else -1.0
            database.execute(
                "INSERT INTO songs VALUES (?, 'Album', ?, ?, 2000000000, ?, ?, ?, ?, ?)",
                (
                    f"Song {number}",
                    f"Artist {number}",
                    song.as_uri().encode() if clementine else song.as_uri(),
                    *played,
                    ADDED_S,
                    rating,
                ),
            )
        for rowid in range(len(songs), 0, -1):
            database.execute("INSERT INTO playlist_items VALUES (1, ?, NULL)", (rowid,))
        database.commit()
    return file


def banshee(file: Path, songs: Sequence[Path]) -> Path:
    """The same, in Banshee's database."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript(
            """
            CREATE TABLE CoreArtists (ArtistID INTEGER PRIMARY KEY, Name TEXT);
            CREATE TABLE CoreAlbums (AlbumID INTEGER PRIMARY KEY, Title TEXT);
            CREATE TABLE CoreTracks (TrackID INTEGER PRIMARY KEY, ArtistID INTEGER,
                AlbumID INTEGER, Uri TEXT, Title TEXT, Duration INTEGER, Rating INTEGER,
                PlayCount INTEGER, SkipCount INTEGER, LastPlayedStamp INTEGER,
                DateAddedStamp INTEGER);
            CREATE TABLE CorePlaylists (PlaylistID INTEGER PRIMARY KEY, Name TEXT);
            CREATE TABLE CorePlaylistEntries (EntryID INTEGER PRIMARY KEY, PlaylistID INTEGER,
                TrackID INTEGER, ViewOrder INTEGER);
            INSERT INTO CoreAlbums VALUES (1, 'Album');
            INSERT INTO CorePlaylists VALUES (1, 'Mine');
            """
        )
        for number, song in enumerate(songs, start=1):
            played = (4, 7, 2, PLAYED_S) if number == 1 else (0, 0, 0, None)
            database.execute("INSERT INTO CoreArtists VALUES (?, ?)", (number, f"Artist {number}"))
            database.execute(
                "INSERT INTO CoreTracks VALUES (?, ?, 1, ?, ?, 2000, ?, ?, ?, ?, ?)",
                (number, number, song.as_uri(), f"Song {number}", *played, ADDED_S),
            )
            database.execute(
                "INSERT INTO CorePlaylistEntries VALUES (NULL, 1, ?, ?)", (number, -number)
            )
        database.commit()
    return file


def amarok(file: Path, songs: Sequence[Path]) -> Path:
    """The same without playlists, in the database of Amarok 1.4."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript(
            """
            CREATE TABLE devices (id INTEGER PRIMARY KEY, lastmountpoint TEXT);
            CREATE TABLE artist (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE album (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE tags (url TEXT, title TEXT, artist INTEGER, album INTEGER, length INTEGER);
            CREATE TABLE statistics (url TEXT, deviceid INTEGER, createdate INTEGER,
                accessdate INTEGER, percentage REAL, rating INTEGER, playcounter INTEGER);
            INSERT INTO album VALUES (1, 'Album');
            """
        )
        for number, song in enumerate(songs, start=1):
            database.execute("INSERT INTO artist VALUES (?, ?)", (number, f"Artist {number}"))
            database.execute(
                "INSERT INTO tags VALUES (?, ?, ?, 1, 2)", (f".{song}", f"Song {number}", number)
            )
            played = (PLAYED_S, 8, 7) if number == 1 else (None, 0, 0)
            database.execute(
                "INSERT INTO statistics VALUES (?, -1, ?, ?, 50.0, ?, ?)",
                (f".{song}", ADDED_S, *played),
            )
        database.commit()
    return file


def itunes(file: Path, songs: Sequence[Path]) -> Path:
    """The same, as iTunes exports it; the second song has a rating that is only computed."""
    tracks = {}
    for number, song in enumerate(songs, start=1):
        tracks[str(number)] = {
            "Track ID": number,
            "Name": f"Song {number}",
            "Artist": f"Artist {number}",
            "Album": "Album",
            "Total Time": 2000,
            "Location": song.as_uri().replace("file:///", "file://localhost/"),
            "Date Added": datetime.datetime.fromtimestamp(ADDED_S, datetime.UTC).replace(
                tzinfo=None
            ),
        }
    played = datetime.datetime.fromtimestamp(PLAYED_S, datetime.UTC).replace(tzinfo=None)
    tracks["1"] |= {"Play Count": 7, "Skip Count": 2, "Play Date UTC": played, "Rating": 80}
    tracks["2"] |= {"Rating": 60, "Rating Computed": True}
    ids = [{"Track ID": number} for number in range(len(songs), 0, -1)]
    playlists = [
        {"Name": "Library", "Master": True, "Playlist Items": ids},
        {"Name": "Mine", "Playlist Items": ids},
    ]
    file.write_bytes(plistlib.dumps({"Tracks": tracks, "Playlists": playlists}))
    return file


def quod_libet(file: Path, songs: Sequence[Path]) -> Path:
    """The same without playlists, as Quod Libet pickles it: objects of classes of its own."""
    packages = ("quodlibet", "quodlibet.formats", "quodlibet.formats.xiph")
    modules = {name: types.ModuleType(name) for name in packages}
    module = modules[packages[-1]]
    kind = type("FLACFile", (dict,), {"__module__": module.__name__})
    module.FLACFile = kind  # type: ignore[attr-defined]
    made = []
    for number, song in enumerate(songs, start=1):
        values: dict[str, object] = {
            "~filename": str(song),
            "title": f"Song {number}",
            "artist": f"Artist {number}\nA guest",
            "album": "Album",
            "~#length": 2.0,
            "~#added": ADDED_S,
        }
        if number == 1:
            values |= {"~#playcount": 7, "~#skipcount": 2, "~#rating": 0.8}
            values["~#lastplayed"] = PLAYED_S
        made.append(kind(values))
    sys.modules.update(modules)
    try:
        file.write_bytes(pickle.dumps(made, protocol=2))
    finally:
        for name in packages:
            del sys.modules[name]
    return file
