"""A model file, and indexers that are closed after the test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mecomp_desktop.analysis.embedding_worker import WorkerSettings
from mecomp_desktop.analysis.indexer import Indexer
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.analysis.status import PauseSwitch
from mecomp_desktop.store.database import Database
from tests.analysis.indexers import POLICY, Open
from tests.support.models import make_model
from tests.support.odd_readers import waiting_readers


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_model(tmp_path / "model.onnx")


@pytest.fixture
def open_indexer(database: Database, model: Path, tmp_path: Path) -> Iterator[Open]:
    opened: list[Indexer] = []

    def open_with(
        workers: int = 1,
        pause: PauseSwitch | None = None,
        **changes: Any,  # noqa: ANN401  (passed on)
    ) -> Indexer:
        standard = {"model": model, "policy": POLICY, "environment": waiting_readers(tmp_path)}
        settings = WorkerSettings(**(standard | changes))
        opened.append(Indexer(database, load_model(model).info, settings, workers, pause))
        return opened[-1]

    yield open_with
    for indexer in opened:
        indexer.close()
