"""Libraries of 20,000 songs, 100,000 and a million, with vectors: made once a size and kept.

Rows and vectors go straight through the store. The files are there as well, so that a start finds
an unchanged library: names (hard links) of a few real songs. They lie below the user's cache
directory, or the folder that ``MECOMP_DESKTOP_BENCHMARKS`` names, and may be deleted at any time.
"""

import dataclasses
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import platformdirs
from onnx import TensorProto, helper, numpy_helper

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY
from mecomp_desktop.analysis.model import ModelInfo, load_model
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts import model_file
from mecomp_desktop.domain.changes import FileFacts, FileStamp
from mecomp_desktop.domain.ids import RootId
from mecomp_desktop.domain.model_version import ModelVersion, VersionId
from mecomp_desktop.library.versions import CURRENT, READER_VERSION
from mecomp_desktop.paths import Paths, resource
from mecomp_desktop.quiz.model_registry import ModelRegistry
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings, StoredEmbedding
from mecomp_desktop.store.model_versions import ModelVersions
from mecomp_desktop.store.roots import Roots
from mecomp_desktop.store.schema import MIGRATIONS
from mecomp_desktop.store.tracks import Tracks
from tests.support.audio_files import make_audio
from tests.support.library import many_facts

T = TypeVar("T")
TUNED = VersionId(1)
"""The listener's own model of such a library; the bundled one is in use."""
FOLDER_VARIABLE = "MECOMP_DESKTOP_BENCHMARKS"
# A file may have 65,000 names on the usual file systems.
_ORIGINALS = 32
_SONG_S = 40.0
_BATCH_ROWS = 20_000
# Songs of one artist lie together, as they do: these many numbers of 32 are the artist's.
_OWN_SHARE = 0.7
_TUNED_HEAD = "tuned-head"


def big_library(tracks: int, home: Path) -> None:
    """Put a library into a home directory of a test; the first call of a size builds it."""
    kept = _folder() / f"{tracks}-{len(MIGRATIONS)}-{READER_VERSION}"
    if not (kept / "made").exists():
        shutil.rmtree(kept, ignore_errors=True)
        _build(kept, tracks)
        (kept / "made").touch()
    shutil.copytree(kept / "home", home, dirs_exist_ok=True)


def _folder() -> Path:
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("mecomp-desktop-benchmarks")


def _build(folder: Path, count: int) -> None:
    paths = Paths.below(folder / "home")
    paths.create()
    database = Database(paths.database)
    music = folder / "music"
    music.mkdir()
    root_id = Roots(database).add(music)
    rows = Tracks(database)
    for batch in _batches(_facts(count, root_id, folder), _BATCH_ROWS):
        rows.upsert_many(batch)
    _embed(database, count)
    _keep_models(database, paths.personal_models)
    database.close()


def _batches(values: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(values, size)):
        yield batch


def _facts(count: int, root_id: RootId, folder: Path) -> Iterator[FileFacts]:
    """Give what a scan would say of the files, which are made on the way."""
    originals = [
        make_audio(folder / "originals" / f"{seed}.flac", _SONG_S, seed=seed)
        for seed in range(min(_ORIGINALS, count))
    ]
    made = many_facts(count, root_id)
    paths = []
    for number, fact in enumerate(made):
        path = folder / "music" / fact.path.relative_to("/music")
        path = path.with_name(f"{path.stem} {number}.flac")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(originals[number % len(originals)])
        paths.append(path)
    # Only now: another name of a file changes its stamp.
    stamps = [FileStamp.of(original.stat()) for original in originals]
    for number, (fact, path) in enumerate(zip(made, paths, strict=True)):
        stamp = stamps[number % len(stamps)]
        yield dataclasses.replace(fact, path=path, stamp=stamp, versions=CURRENT)


def _embed(database: Database, count: int) -> None:
    """Store summaries, and the vectors that the bundled model's head would make of them."""
    info = load_model(resource(model_file.BUNDLED_MODEL)).info
    ids = [
        audio_id
        for (audio_id,) in database.read().execute("SELECT audio_id FROM tracks ORDER BY id")
    ]
    artists = np.random.default_rng(1).standard_normal((count // 25 + 1, info.dimension))
    rng = np.random.default_rng(2)
    embeddings = Embeddings(database)
    for start in range(0, count, _BATCH_ROWS):
        slice_ids = ids[start : start + _BATCH_ROWS]
        rows = np.arange(start, start + len(slice_ids))
        own = rng.standard_normal((len(rows), info.dimension))
        pooled = rng.standard_normal((len(rows), info.pooled_width)).astype(np.float32)
        pooled[:, : info.dimension] = artists[rows // 25] + _OWN_SHARE * own
        vectors = _unit(pooled[:, : info.dimension])
        embeddings.put_many(_stored(slice_ids, info, pooled, vectors))


def _stored(
    ids: Sequence[str], info: ModelInfo, pooled: Floats, vectors: Floats
) -> Iterator[StoredEmbedding]:
    for audio_id, summary, vector in zip(ids, pooled, vectors, strict=True):
        yield StoredEmbedding(
            audio_id, info.body_hash, info.head_hash, DEFAULT_POLICY.name, summary, vector, 1.0
        )


def _unit(vectors: Floats) -> Floats:
    made: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return made


def _keep_models(database: Database, directory: Path) -> None:
    """Put a model of the listener's own into the history, and the heads to change between both."""
    directory.mkdir(parents=True, exist_ok=True)
    bundled = resource(model_file.BUNDLED_MODEL)
    info = load_model(bundled).info
    registry = ModelRegistry(database, directory)
    own = np.eye(info.pooled_width, info.dimension, dtype=np.float32)
    noise = np.random.default_rng(3).standard_normal(own.shape)
    for head_hash, matrix in ((info.head_hash, own), (_TUNED_HEAD, own + 0.05 * noise)):
        _write_head(registry.head_path(info.body_hash, head_hash), matrix.astype(np.float32))
    model = onnx.load(str(bundled))
    properties = {entry.key: entry.value for entry in model.metadata_props}
    helper.set_model_props(model, properties | {model_file.META_HEAD_HASH: _TUNED_HEAD})
    onnx.save(model, str(directory / "tuned.onnx"))
    version = ModelVersion(
        id=TUNED,
        kind="learned",
        name="tuned",
        body_hash=info.body_hash,
        head_hash=_TUNED_HEAD,
        model_file="tuned.onnx",
        head_file=registry.head_path(info.body_hash, _TUNED_HEAD).name,
        created_at_s=time.time(),
        answers=30,
        verdict=None,
    )
    assert ModelVersions(database).add(version) == TUNED


def _write_head(path: Path, matrix: Floats) -> None:
    """Write the part of a model that turns summaries into vectors of length 1."""
    width, dimension = matrix.shape
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", [model_file.OUTPUT_POOLED, "matrix"], ["raw"]),
            helper.make_node("LpNormalization", ["raw"], [model_file.OUTPUT_EMBEDDING], axis=1),
        ],
        "head",
        [_values(model_file.OUTPUT_POOLED, width)],
        [_values(model_file.OUTPUT_EMBEDDING, dimension)],
        [numpy_helper.from_array(matrix, "matrix")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))


def _values(name: str, width: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", width])
