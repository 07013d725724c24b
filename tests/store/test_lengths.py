from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.lengths import DecodedLength, Lengths
from mecomp_desktop.store.pending import Pending
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.tracks import Tracks

BODY, POLICY = "body", "policy"


@pytest.fixture
def tracks(database: Database) -> Tracks:
    return Tracks(database)


def put(database: Database, name: str, duration_s: float, vector_s: float | None = None) -> AudioId:
    root = Path("/music")
    root_id = Roots(database).add(root)
    audio_id = AudioId(f"audio {name}")
    tags = Tags(name, duration_s=duration_s)
    facts = FileFacts(root / name, root_id, FileStamp(1, 1), audio_id, tags)
    Tracks(database).upsert_many([facts])
    unit = np.array([1.0, 0.0], np.float32)
    Embeddings(database).put(
        StoredEmbedding(audio_id, BODY, "head", POLICY, unit, unit, 1.0, vector_s)
    )
    return audio_id


def missing(database: Database) -> list[AudioId]:
    return [pending.audio_id for pending in Pending(database).tracks(BODY, POLICY)]


def listed(tracks: Tracks, audio_id: AudioId) -> tuple[float, bool]:
    (track,) = tracks.by_audio_id(audio_id)
    return track.duration_s, track.tags.ends_early


def test_a_decoded_length_replaces_the_claim_and_survives_reading_anew(
    database: Database, tracks: Tracks
) -> None:
    song = put(database, "a", 100.0)
    assert Lengths(database).learn_many([DecodedLength(song, 24.0, True)]) == 1
    assert listed(tracks, song) == (24.0, True)
    put(database, "a", 100.0)
    assert listed(tracks, song) == (24.0, True)
    assert Lengths(database).learn_many([DecodedLength(song, 24.1, True)]) == 0


def test_only_vectors_of_a_wrong_length_are_made_anew(database: Database) -> None:
    by_claim, by_fact = put(database, "a", 100.0), put(database, "b", 100.0, vector_s=24.0)
    near = put(database, "c", 100.0)
    lengths = [
        DecodedLength(by_claim, 24.0, False),
        DecodedLength(by_fact, 24.0, False),
        DecodedLength(near, 99.0, False),
    ]
    Lengths(database).learn_many(lengths)
    assert missing(database) == [by_claim]
    # The old vector serves until the new one is there.
    assert Embeddings(database).get(by_claim, BODY) is not None


def test_a_newer_reader_that_tells_another_length_has_the_vector_made_anew(
    database: Database,
) -> None:
    song, kept = put(database, "a", 124.0), put(database, "b", 30.0)
    Tracks(database).upsert_many(
        FileFacts(
            Path("/music") / name,
            track.root_id,
            FileStamp(1, 2),
            track.audio_id,
            Tags(name, duration_s=30.0),
        )
        for name, audio_id in (("a", song), ("b", kept))
        for track in Tracks(database).by_audio_id(audio_id)
    )
    assert missing(database) == [song]


def test_no_length_is_learned_of_nothing(database: Database, tracks: Tracks) -> None:
    song = put(database, "a", 100.0)
    assert Lengths(database).learn_many([DecodedLength(song, 0.0, True)]) == 0
    assert listed(tracks, song) == (100.0, False)
