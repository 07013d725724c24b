import itertools
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest

from mecomp_desktop.analysis.projection_head import Head
from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.model_version import ModelVersion, VersionId
from mecomp_desktop.errors import ModelFileError, UserError
from mecomp_desktop.paths import Paths
from mecomp_desktop.quiz import alignment
from mecomp_desktop.quiz.model_registry import ModelRegistry
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.pending import Pending
from tests.support.listeners import BODY, HEAD, WIDTH, World, write_model
from trainer.personal import head_graph

SONGS = 30


class Setup:
    """A registry over a library of some songs, with the heads of two models kept."""

    def __init__(self, paths: Paths, world: World, folder: Path) -> None:
        self.database = Database(paths.database)
        self.embeddings = Embeddings(self.database)
        self.registry = ModelRegistry(self.database, paths.personal_models, world.model)
        self.embeddings.put_many(
            StoredEmbedding(AudioId(f"{row:03}"), BODY, HEAD, "all", pooled, vector, 0.0)
            for row, (pooled, vector) in enumerate(
                zip(world.pooled[:SONGS], world.embedding[:SONGS], strict=True)
            )
        )
        weights = np.random.default_rng(8).standard_normal((WIDTH, 32)).astype(np.float32)
        model = write_model(folder / "other.onnx", weights, "other")
        for source, head in ((world.model, HEAD), (model, "other")):
            cut = folder / f"{head}.onnx"
            onnx.save(head_graph.extract_head(head_graph.load(source)), str(cut))
            self.registry.files.keep_head(cut, BODY, head)
        self.version = ModelVersion(
            id=VersionId(0),
            kind="learned",
            name="mine",
            body_hash=BODY,
            head_hash="other",
            model_file=self.registry.files.keep_model(model, BODY, "other"),
            head_file=self.registry.files.head_path(BODY, "other").name,
            created_at_s=0.0,
            answers=30,
            verdict=None,
        )
        raw = world.pooled[:SONGS] @ weights
        self.expected = raw / np.linalg.norm(raw, axis=1, keepdims=True)

    def vectors(self, head: str) -> np.ndarray:
        return self.embeddings.matrix(BODY, head)[1]


@pytest.fixture
def setup(paths: Paths, world: World, tmp_path: Path) -> Setup:
    made = Setup(paths, world, tmp_path / "made")
    yield made
    made.database.close()


def test_adopting_places_the_library_anew(setup: Setup) -> None:
    number = setup.registry.adopt(setup.version)
    active = setup.registry.active()
    assert active is not None
    assert active.id == number
    np.testing.assert_allclose(setup.vectors("other"), setup.expected, atol=1e-5)
    assert setup.embeddings.heads(BODY) == {"other": SONGS}


def test_going_back_brings_the_same_vectors(setup: Setup, world: World) -> None:
    number = setup.registry.adopt(setup.version)
    setup.registry.use(None)
    assert setup.registry.active() is None
    np.testing.assert_allclose(setup.vectors(HEAD), world.embedding[:SONGS], atol=1e-6)
    setup.registry.use(number)
    np.testing.assert_allclose(setup.vectors("other"), setup.expected, atol=1e-5)


def test_a_failed_activation_changes_nothing(setup: Setup) -> None:
    setup.registry.files.head_path(BODY, "other").write_bytes(b"no head")
    with pytest.raises(ModelFileError):
        setup.registry.adopt(setup.version)
    assert setup.registry.history() == []
    assert setup.embeddings.heads(BODY) == {HEAD: SONGS}


def test_a_version_whose_file_is_gone_is_not_in_use(setup: Setup) -> None:
    number = setup.registry.adopt(setup.version)
    setup.registry.files.model_path(setup.version).unlink()
    assert setup.registry.active() is None
    with pytest.raises(UserError, match="is gone"):
        setup.registry.use(number)


def test_an_unknown_version_is_reported(setup: Setup) -> None:
    with pytest.raises(UserError, match="no such model"):
        setup.registry.use(VersionId(99))


def test_vectors_of_the_old_head_are_placed_anew(setup: Setup, world: World) -> None:
    setup.registry.adopt(setup.version)
    late = StoredEmbedding(
        AudioId("late"), BODY, HEAD, "all", world.pooled[40], world.embedding[40], 0.0
    )
    setup.embeddings.put(late)
    assert setup.registry.align(BODY, "other") == 1
    assert setup.embeddings.heads(BODY) == {"other": SONGS + 1}
    assert setup.registry.align(BODY, "other") == 0


def test_an_adoption_that_was_cut_off_goes_on_at_the_next_start(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment, "_SLICE_ROWS", 7)
    rehead, calls = Embeddings.rehead, itertools.count()

    def cut_off(
        self: Embeddings, body: str, head: str, ids: Sequence[AudioId], rows: Floats
    ) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt
        rehead(self, body, head, ids, rows)

    monkeypatch.setattr(Embeddings, "rehead", cut_off)
    with pytest.raises(KeyboardInterrupt):
        setup.registry.adopt(setup.version)
    assert setup.embeddings.heads(BODY) == {"other": 14, HEAD: SONGS - 14}
    active = setup.registry.active()
    assert active is not None
    assert active.head_hash == "other"

    assert setup.registry.align(BODY, "other") == SONGS - 14
    np.testing.assert_allclose(setup.vectors("other"), setup.expected, atol=1e-5)


def test_nobody_waits_for_an_adoption_to_write(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = Head.embed

    def embed_while_another_writes(self: Head, pooled: Floats) -> Floats:
        # On a thread of its own: the lock would let the same thread in.
        writer = threading.Thread(target=lambda: setup.embeddings.drop_body("nobody's"))
        writer.start()
        writer.join(5)
        assert not writer.is_alive()
        return embed(self, pooled)

    monkeypatch.setattr(Head, "embed", embed_while_another_writes)
    setup.registry.adopt(setup.version)
    assert setup.embeddings.heads(BODY) == {"other": SONGS}


def test_without_the_heads_file_the_library_is_analysed_again(setup: Setup) -> None:
    setup.registry.adopt(setup.version)
    setup.registry.files.head_path(BODY, HEAD).unlink()
    setup.registry.files.model_path(setup.version).unlink()
    missing = setup.registry.missing_model()
    assert missing is not None
    assert missing.name == setup.version.name
    # The bundled model is in use now, and what brought its vectors back is gone as well.
    assert setup.registry.align(BODY, HEAD) == SONGS
    assert Pending(setup.database).coverage(BODY, "all").embedded == 0
    assert setup.embeddings.heads(BODY) == {"other": SONGS}  # these serve until then
    assert setup.registry.align(BODY, HEAD) == 0


def test_drafts_of_a_killed_run_are_deleted(setup: Setup) -> None:
    draft = setup.registry.files.model_path(setup.version).with_suffix(".part")
    draft.write_bytes(b"half")
    setup.registry.files.tidy()
    assert not draft.exists()
    assert setup.registry.files.model_path(setup.version).exists()


def test_summaries_of_another_width_are_reported(setup: Setup) -> None:
    head = Head(setup.registry.files.head_path(BODY, "other"))
    with pytest.raises(ModelFileError, match="does not fit"):
        head.embed(np.zeros((2, WIDTH + 1), np.float32))
    assert head.embed(np.zeros((0, WIDTH), np.float32)).shape == (0, 0)
