"""What a newer reader, a passing failure or the listener has read again, and nothing else."""

import errno
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.domain.changes import DerivedVersions
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import Reason
from mecomp_desktop.library.inspection import Inspector
from mecomp_desktop.library.versions import CURRENT
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.tracks import Tracks
from tests.support.music_folder import Library, counts
from tests.support.odd_readers import patched_readers
from tests.support.permissions import ordinary_permissions

OLD_ID = AudioId("as an older version told it")


def stored_as(library: Library, **values: str) -> None:
    """Change what is stored of every track, as if another program had read it."""
    with library.database.write() as connection:
        for name, value in values.items():
            connection.execute(f"UPDATE tracks SET {name} = ?", (value,))


def raised(monkeypatch: pytest.MonkeyPatch, *, tags: int = 0, identity: int = 0) -> None:
    newer = DerivedVersions(CURRENT.tags + tags, CURRENT.identity + identity)
    for module in ("scan", "scanned_songs"):
        monkeypatch.setattr(f"mecomp_desktop.library.{module}.CURRENT", newer)


def test_newer_readers_of_tags_read_again_and_keep_identities(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.song("a.flac")
    library.scan()
    stored_as(library, audio_id=OLD_ID, title="wrong")
    assert counts(library.scan()) == {}
    raised(monkeypatch, tags=1)
    assert counts(library.scan()) == {"changed": 1}
    assert library.tracks()["a.flac"].title == "a"
    assert library.tracks()["a.flac"].audio_id == OLD_ID
    assert counts(library.scan()) == {}


def test_history_and_vectors_follow_a_newer_identity(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.song("a.flac")
    library.scan()
    new_id = library.tracks()["a.flac"].audio_id
    stored_as(library, audio_id=OLD_ID)
    embeddings = Embeddings(library.database)
    vector = np.ones(2, np.float32)
    embeddings.put(StoredEmbedding(OLD_ID, "body", "head", "policy", vector, vector, 1.0))
    with library.database.write() as connection:
        connection.execute(
            "INSERT INTO plays (audio_id, started_at_s, played_s) VALUES (?, 1, 2)", (OLD_ID,)
        )
    raised(monkeypatch, identity=1)
    assert counts(library.scan()) == {"changed": 1}
    assert library.tracks()["a.flac"].audio_id == new_id
    assert embeddings.get(new_id, "body") is not None
    assert embeddings.get(OLD_ID, "body") is None
    plays = library.database.read().execute("SELECT audio_id FROM plays").fetchall()
    assert [row[0] for row in plays] == [new_id]


def test_a_vector_of_several_recordings_under_one_identity_is_nobodys(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.songs(2)
    library.scan()
    stored_as(library, audio_id=OLD_ID)
    embeddings = Embeddings(library.database)
    vector = np.ones(2, np.float32)
    embeddings.put(StoredEmbedding(OLD_ID, "body", "head", "policy", vector, vector, 1.0))
    raised(monkeypatch, identity=1)
    assert counts(library.scan()) == {"changed": 2}
    ids = {track.audio_id for track in library.tracks().values()}
    assert len(ids) == 2
    assert sum(embeddings.get(audio_id, "body") is not None for audio_id in ids) == 0


def test_the_listener_has_tracks_read_again(library: Library) -> None:
    library.songs(3)
    library.scan()
    stored_as(library, title="wrong")
    tracks = Tracks(library.database)
    tracks.forget_read([library.tracks()["00.flac"].id])
    assert counts(library.scan()) == {"changed": 1}
    tracks.forget_read_below(library.root / "01.flac")
    assert counts(library.scan()) == {"changed": 1}
    tracks.forget_read_below(library.root)
    assert counts(library.scan()) == {"changed": 3}
    assert {track.title for track in library.tracks().values()} == {"00", "01", "02"}


def test_a_name_that_only_begins_like_a_folder_is_not_below_it(library: Library) -> None:
    library.song("live/a.flac", seed=1)
    library.song("live too/b.flac", seed=2)
    library.scan()
    Tracks(library.database).forget_read_below(library.root / "live")
    assert counts(library.scan()) == {"changed": 1}


@pytest.mark.parametrize("number", [errno.EIO, errno.ETIMEDOUT, errno.ESTALE, errno.ENOTCONN])
def test_a_share_that_fails_to_answer_is_asked_again(
    library: Library, tmp_path: Path, number: int
) -> None:
    library.song("a.flac", seed=1)
    library.song("b.flac", seed=2)
    away = tmp_path / "away"
    away.touch()
    environment = patched_readers(
        tmp_path,
        "import os\n"
        "import mecomp_desktop.library.tags as tags\n"
        "read = tags.read_songs\n"
        "def odd(path, root, sheets):\n"
        f"    if path.name == 'b.flac' and os.path.exists({str(away)!r}):\n"
        f"        raise OSError({number}, 'no answer')\n"
        "    return read(path, root, sheets)\n"
        "tags.read_songs = odd\n",
    )
    library.inspector = Inspector(workers=1, environment=environment)
    try:
        assert counts(library.scan()) == {"found": 1, "failed": 1}
        assert library.failures() == {"b.flac": Reason.UNREACHABLE}
        assert counts(library.scan()) == {"failed": 1}
        away.unlink()
        assert counts(library.scan()) == {"found": 1}
        assert library.failures() == {}
    finally:
        library.inspector.close()


def test_a_root_that_may_be_opened_again_is_no_longer_listed(library: Library) -> None:
    library.song("a.flac")
    library.scan()
    library.root.chmod(0)
    try:
        with ordinary_permissions():
            library.scan()
            assert library.failures() == {library.root.name: Reason.NO_PERMISSION}
            assert not library.tracks()["a.flac"].available
    finally:
        library.root.chmod(0o755)
    library.scan()
    assert library.failures() == {}
    assert library.tracks()["a.flac"].available
