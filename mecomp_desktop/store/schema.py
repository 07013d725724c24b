"""The schema, as the ordered list of steps that made it.

``PRAGMA user_version`` counts the steps that a database has taken. A step never changes once
it has been released; a new need is a new step at the end. Paths are stored as the bytes that
the file system knows them by, lists as JSON.
"""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE roots (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        added_at_s REAL NOT NULL
    ) STRICT;

    -- One row a file. audio_id is what it is, path only where it is: whatever must survive a
    -- move, a rename or a re-tag (plays, vectors, judgments) refers to audio_id.
    -- available = 0: the file cannot be reached now (a drive is unplugged); still listed.
    -- gone_at_s: the file was deleted; hidden, but its row comes back with the same audio.
    CREATE TABLE tracks (
        id INTEGER PRIMARY KEY,
        audio_id TEXT NOT NULL,
        root_id INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        path BLOB NOT NULL UNIQUE,
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        title TEXT NOT NULL,
        artists TEXT NOT NULL,
        album TEXT NOT NULL,
        album_artist TEXT NOT NULL,
        track_number INTEGER,
        disc_number INTEGER,
        year INTEGER,
        genres TEXT NOT NULL,
        title_sort TEXT NOT NULL,
        artist_sort TEXT NOT NULL,
        album_sort TEXT NOT NULL,
        album_artist_sort TEXT NOT NULL,
        duration_s REAL NOT NULL,
        available INTEGER NOT NULL CHECK (available IN (0, 1)),
        gone_at_s REAL CHECK (gone_at_s IS NULL OR available = 0),
        added_at_s REAL NOT NULL
    ) STRICT;
    CREATE INDEX tracks_by_audio ON tracks (audio_id);
    CREATE INDEX tracks_by_root ON tracks (root_id);

    -- One vector a recording and body, so that old vectors serve until new ones are there.
    CREATE TABLE embeddings (
        audio_id TEXT NOT NULL,
        body_hash TEXT NOT NULL,
        head_hash TEXT NOT NULL,
        policy TEXT NOT NULL,
        pooled BLOB NOT NULL,
        embedding BLOB NOT NULL,
        heard_at_s REAL NOT NULL,
        PRIMARY KEY (audio_id, body_hash)
    ) STRICT;

    -- Files that could not be read, by the stage that met them; reason is the name of a Reason.
    CREATE TABLE failures (
        path BLOB NOT NULL,
        stage TEXT NOT NULL CHECK (stage IN ('scan', 'listen')),
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        failed_at_s REAL NOT NULL,
        PRIMARY KEY (path, stage)
    ) STRICT;

    CREATE TABLE plays (
        id INTEGER PRIMARY KEY,
        audio_id TEXT NOT NULL,
        started_at_s REAL NOT NULL,
        heard_s REAL NOT NULL
    ) STRICT;
    CREATE INDEX plays_by_time ON plays (started_at_s);

    -- What comes back after a restart (queue, position, volume), as JSON by name.
    CREATE TABLE state (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    """,
    """
    -- What the listener said in the quiz: closest is the pair (0: first and second, 1: first and
    -- third, 2: second and third), or NULL for "can't tell".
    CREATE TABLE judgments (
        id INTEGER PRIMARY KEY,
        first TEXT NOT NULL,
        second TEXT NOT NULL,
        third TEXT NOT NULL,
        closest INTEGER CHECK (closest IN (0, 1, 2)),
        held_back INTEGER NOT NULL,
        origin TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        took_s REAL NOT NULL,
        judged_at_s REAL NOT NULL,
        CHECK (first <> second AND first <> third AND second <> third)
    ) STRICT;

    -- Models made for this listener or brought in; the files lie beside the database.
    CREATE TABLE model_versions (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        body_hash TEXT NOT NULL,
        head_hash TEXT NOT NULL,
        model_file TEXT NOT NULL,
        head_file TEXT NOT NULL,
        created_at_s REAL NOT NULL,
        answers INTEGER NOT NULL,
        verdict TEXT
    ) STRICT;

    -- One row at most: the version in use; none, or NULL, is the bundled model.
    CREATE TABLE active_model (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version_id INTEGER REFERENCES model_versions (id)
    ) STRICT;
    """,
    """
    -- The field's words: vectors are made by analysing, plays are played. Before this step a
    -- vector was "heard" and analysis was the stage 'listen'. SQLite cannot change a CHECK, so
    -- the failures move to a new table.
    ALTER TABLE embeddings RENAME COLUMN heard_at_s TO embedded_at_s;
    ALTER TABLE plays RENAME COLUMN heard_s TO played_s;
    CREATE TABLE failures_by_stage (
        path BLOB NOT NULL,
        stage TEXT NOT NULL CHECK (stage IN ('scan', 'analysis')),
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        failed_at_s REAL NOT NULL,
        PRIMARY KEY (path, stage)
    ) STRICT;
    INSERT INTO failures_by_stage
        SELECT path, CASE stage WHEN 'listen' THEN 'analysis' ELSE stage END, reason, detail,
            size_bytes, mtime_ns, failed_at_s
        FROM failures;
    DROP TABLE failures;
    ALTER TABLE failures_by_stage RENAME TO failures;
    """,
    """
    -- A recording may be embedded by several models at once (its sound, later its lyrics), and
    -- neighbours may only be looked for among vectors of one kind. A body hash belongs to one
    -- model and so to one kind, hence the primary key stays and no row is copied: a library
    -- of 100,000 songs holds some hundred megabytes of vectors.
    ALTER TABLE embeddings ADD COLUMN kind TEXT NOT NULL DEFAULT 'sound';

    -- A folder that the listener removes keeps its row and its hidden tracks for a while, so
    -- that removing it can be taken back with every track under the id that queues know it by.
    -- Deleting the rows would give the tracks new ids, and lose when they were added.
    ALTER TABLE roots ADD COLUMN removed_at_s REAL;
    """,
    """
    -- A file can be retagged with its size and time kept; the file system's own time tells.
    -- The versions say which readers made the tags and the identity: a scan reads again what an
    -- older one made. 0, as in every row of before, is older than all.
    ALTER TABLE tracks ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE tracks ADD COLUMN tags_version INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE tracks ADD COLUMN identity_version INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE failures ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE failures ADD COLUMN reader_version INTEGER NOT NULL DEFAULT 0;

    -- Which process analyses which recording right now, so that two share the work. A process
    -- is known by its id and its start, for ids are given again.
    CREATE TABLE claims (
        audio_id TEXT NOT NULL,
        body_hash TEXT NOT NULL,
        process_id INTEGER NOT NULL,
        process_started_s REAL NOT NULL,
        claimed_at_s REAL NOT NULL,
        PRIMARY KEY (audio_id, body_hash)
    ) STRICT;
    """,
    """
    -- What the listener thinks of a recording: liked, rated in half stars, never to be played
    -- again. A row without any of the three is deleted. With row numbers, as every table: by them
    -- a damaged library is read page by page.
    CREATE TABLE song_ratings (
        audio_id TEXT PRIMARY KEY,
        liked_at_s REAL,
        half_stars INTEGER CHECK (half_stars BETWEEN 0 AND 10),
        never_at_s REAL
    ) STRICT;

    -- The same of an album, an artist or a folder. name is the title, the name or the path, as
    -- the bytes that the file system would know them by; artist is whom an album is by.
    CREATE TABLE group_ratings (
        kind TEXT NOT NULL CHECK (kind IN ('album', 'artist', 'folder')),
        name BLOB NOT NULL,
        artist BLOB NOT NULL DEFAULT x'',
        liked_at_s REAL,
        half_stars INTEGER CHECK (half_stars BETWEEN 0 AND 10),
        never_at_s REAL,
        PRIMARY KEY (kind, name, artist)
    ) STRICT;

    -- Songs that the listener left before enough was played for a play.
    CREATE TABLE skips (
        id INTEGER PRIMARY KEY,
        audio_id TEXT NOT NULL,
        started_at_s REAL NOT NULL,
        played_s REAL NOT NULL
    ) STRICT;
    CREATE INDEX skips_by_audio ON skips (audio_id);
    CREATE INDEX plays_by_audio ON plays (audio_id, started_at_s);

    -- Counts from another player, which knows how often and when last, but not each time. A row
    -- a source, so that a second import from it replaces the first and adds nothing.
    CREATE TABLE imported_plays (
        audio_id TEXT NOT NULL,
        source TEXT NOT NULL,
        plays INTEGER NOT NULL,
        skips INTEGER NOT NULL,
        first_played_at_s REAL,
        last_played_at_s REAL,
        PRIMARY KEY (audio_id, source)
    ) STRICT;

    CREATE VIEW song_history AS
        SELECT audio_id, SUM(plays) AS plays, SUM(skips) AS skips,
            MIN(first_played_at_s) AS first_played_at_s, MAX(last_played_at_s) AS last_played_at_s
        FROM (
            SELECT audio_id, COUNT(*) AS plays, 0 AS skips,
                MIN(started_at_s) AS first_played_at_s, MAX(started_at_s) AS last_played_at_s
            FROM plays GROUP BY audio_id
            UNION ALL
            SELECT audio_id, 0, COUNT(*), NULL, NULL FROM skips GROUP BY audio_id
            UNION ALL
            SELECT audio_id, plays, skips, first_played_at_s, last_played_at_s FROM imported_plays
        )
        GROUP BY audio_id;

    -- How often each kind of thing was changed, by whichever process: the window looks here to
    -- see what the command line did, without reading everything again.
    CREATE TABLE revisions (
        name TEXT PRIMARY KEY,
        number INTEGER NOT NULL
    ) STRICT;
    """,
    """
    -- A song may be a part of a file, cut by a CUE sheet: start_s and end_s say which, and a place
    -- is a path and a start. SQLite cannot take "UNIQUE" from a column, so the rows move to a new
    -- table; the columns of tags are there before a step runs. sheets is what the sheets beside a
    -- file looked like: another one, and the file is cut anew.
    CREATE TABLE tracks_by_place (
        id INTEGER PRIMARY KEY,
        audio_id TEXT NOT NULL,
        root_id INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        start_s REAL,
        end_s REAL,
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL DEFAULT 0,
        sheets INTEGER NOT NULL DEFAULT 0,
        tags_version INTEGER NOT NULL DEFAULT 0,
        identity_version INTEGER NOT NULL DEFAULT 0,
        title TEXT NOT NULL,
        artists TEXT NOT NULL,
        album TEXT NOT NULL,
        album_artist TEXT NOT NULL,
        track_number INTEGER,
        disc_number INTEGER,
        year INTEGER,
        genres TEXT NOT NULL,
        title_sort TEXT NOT NULL,
        artist_sort TEXT NOT NULL,
        album_sort TEXT NOT NULL,
        album_artist_sort TEXT NOT NULL,
        duration_s REAL NOT NULL,
        side TEXT NOT NULL DEFAULT '',
        compilation INTEGER NOT NULL DEFAULT 0,
        composer TEXT NOT NULL DEFAULT '',
        comment TEXT NOT NULL DEFAULT '',
        format TEXT NOT NULL DEFAULT '',
        bit_rate_kbps INTEGER,
        available INTEGER NOT NULL CHECK (available IN (0, 1)),
        gone_at_s REAL CHECK (gone_at_s IS NULL OR available = 0),
        added_at_s REAL NOT NULL
    ) STRICT;
    INSERT INTO tracks_by_place (id, audio_id, root_id, path, size_bytes, mtime_ns, ctime_ns,
            tags_version, identity_version, title, artists, album, album_artist, track_number,
            disc_number, year, genres, title_sort, artist_sort, album_sort, album_artist_sort,
            duration_s, side, compilation, composer, comment, format, bit_rate_kbps,
            available, gone_at_s, added_at_s)
        SELECT id, audio_id, root_id, path, size_bytes, mtime_ns, ctime_ns,
            tags_version, identity_version, title, artists, album, album_artist, track_number,
            disc_number, year, genres, title_sort, artist_sort, album_sort, album_artist_sort,
            duration_s, side, compilation, composer, comment, format, bit_rate_kbps,
            available, gone_at_s, added_at_s
        FROM tracks;
    DROP TABLE tracks;
    ALTER TABLE tracks_by_place RENAME TO tracks;
    CREATE UNIQUE INDEX tracks_by_path ON tracks (path, coalesce(start_s, -1));
    CREATE INDEX tracks_by_audio ON tracks (audio_id);
    CREATE INDEX tracks_by_root ON tracks (root_id);

    -- What cannot be analysed of a file may be one part of it; the others have their own turn.
    CREATE TABLE failures_by_place (
        path BLOB NOT NULL,
        start_s REAL,
        stage TEXT NOT NULL CHECK (stage IN ('scan', 'analysis')),
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL DEFAULT 0,
        reader_version INTEGER NOT NULL DEFAULT 0,
        failed_at_s REAL NOT NULL
    ) STRICT;
    INSERT INTO failures_by_place (path, stage, reason, detail, size_bytes, mtime_ns, ctime_ns,
            reader_version, failed_at_s)
        SELECT path, stage, reason, detail, size_bytes, mtime_ns, ctime_ns,
            reader_version, failed_at_s
        FROM failures;
    DROP TABLE failures;
    ALTER TABLE failures_by_place RENAME TO failures;
    CREATE UNIQUE INDEX failures_by_path ON failures (path, stage, coalesce(start_s, -1));
    """,
    """
    -- Queries by name. query, sort and song_limit are parts of one text in the query language,
    -- apart so that each can be told without reading the language.
    CREATE TABLE dynamic_playlists (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        query TEXT NOT NULL,
        sort TEXT NOT NULL,
        song_limit INTEGER CHECK (song_limit > 0)
    ) STRICT;
    """,
    """
    -- How long a recording is, and whether it ends before its header's end, as decoding it has
    -- told: this replaces what headers claim, and outlives reading the tags anew. A vector keeps
    -- the length by which its excerpts were chosen; where another is found, it is made anew.
    CREATE TABLE decoded_lengths (
        audio_id TEXT PRIMARY KEY,
        duration_s REAL NOT NULL,
        ends_early INTEGER NOT NULL CHECK (ends_early IN (0, 1))
    ) STRICT;
    ALTER TABLE embeddings ADD COLUMN duration_s REAL;
    """,
    """
    -- Playlists, and folders of them. Ids are drawn at random, so that two processes may make one
    -- at the same time; whoever stands in a folder that is not there stands at the top.
    CREATE TABLE playlists (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        parent_id INTEGER,
        place INTEGER NOT NULL
    ) STRICT;

    -- audio_id is the recording, or empty while nobody knows it; path (as the file system's bytes)
    -- and the texts are what was known of it when it was put in.
    CREATE TABLE playlist_entries (
        playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        entry_id INTEGER NOT NULL,
        audio_id TEXT NOT NULL,
        path BLOB NOT NULL,
        title TEXT NOT NULL,
        artist TEXT NOT NULL,
        album TEXT NOT NULL,
        duration_s REAL NOT NULL,
        PRIMARY KEY (playlist_id, position)
    ) STRICT;
    CREATE INDEX playlist_entries_by_audio ON playlist_entries (audio_id);
    """,
)
