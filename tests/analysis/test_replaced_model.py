"""A model file that breaks or is replaced, and vectors of an older model or policy."""

from pathlib import Path

import numpy as np

from mecomp_desktop.analysis.embedding_worker import WorkerSettings
from mecomp_desktop.analysis.excerpts import Excerpts
from mecomp_desktop.analysis.indexer import Indexer
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from tests.analysis.indexers import BODY, POLICY, Open, embedded, reasons, run, songs
from tests.support.models import make_model
from tests.support.track_rows import add_files


def test_a_model_that_breaks_is_reported_and_no_file_blamed(
    tmp_path: Path, database: Database, model: Path, open_indexer: Open
) -> None:
    ids = add_files(database, songs(tmp_path, 1))
    indexer = open_indexer()
    whole = model.read_bytes()
    model.write_bytes(whole[:500])
    run(indexer)
    status = indexer.status()
    assert status.state == "waiting"
    assert str(model) in status.error
    assert reasons(database) == {}
    model.write_bytes(whole)
    run(indexer)
    assert embedded(database) == ids
    assert indexer.status().state == "idle"


def test_a_model_that_was_replaced_stores_nothing(
    tmp_path: Path, database: Database, model: Path, open_indexer: Open
) -> None:
    add_files(database, songs(tmp_path, 1))
    indexer = open_indexer()
    make_model(model, seed=1, metadata={"body_hash": "body-2"})
    run(indexer)
    assert "replaced" in indexer.status().error
    assert Embeddings(database).bodies() == {}


def test_old_vectors_stay_while_a_new_body_embeds(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    ids = add_files(database, songs(tmp_path, 2))
    run(open_indexer())
    new = make_model(tmp_path / "new.onnx", seed=1, metadata={"body_hash": "body-2"})
    settings = WorkerSettings(new, POLICY)
    indexer = Indexer(database, load_model(new).info, settings)
    try:
        run(indexer)
    finally:
        indexer.close()
    embeddings = Embeddings(database)
    assert embeddings.bodies() == {"body-1": 2, "body-2": 2}
    assert embeddings.matrix("body-1")[0] == embeddings.matrix("body-2")[0] == sorted(ids)


def test_another_policy_analyses_all_again_while_the_old_vectors_serve(
    tmp_path: Path, database: Database, open_indexer: Open
) -> None:
    files = songs(tmp_path, 2, duration_s=5.0)
    ids = add_files(database, files)
    first = open_indexer()
    run(first)
    first.close()
    before = {audio_id: Embeddings(database).get(audio_id, BODY) for audio_id in ids}
    files[0].unlink()
    again = open_indexer(policy=Excerpts(1, 1.0))
    run(again)
    assert again.status().progress.done == 1
    gone, renewed = (Embeddings(database).get(audio_id, BODY) for audio_id in ids)
    assert gone is not None
    assert renewed is not None
    assert gone.policy == POLICY.name
    assert renewed.policy == Excerpts(1, 1.0).name
    old = before[ids[1]]
    assert old is not None
    assert not np.array_equal(renewed.embedding, old.embedding)
    assert embedded(database) == sorted(ids)
