"""Songs to be analysed, an indexer to do it, and what came of it."""

from collections.abc import Callable
from pathlib import Path

from mecomp_desktop.analysis.excerpts import Excerpts
from mecomp_desktop.analysis.indexer import Indexer
from mecomp_desktop.analysis.service import AnalysisService
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from mecomp_desktop.store.failures import Failures
from tests.support.audio_files import make_audio

POLICY = Excerpts(2, 1.0)
BODY = "body-1"
PATIENCE_S = 60.0

Open = Callable[..., Indexer]


def songs(folder: Path, count: int, duration_s: float = 2.0) -> list[Path]:
    return [make_audio(folder / f"{seed}.flac", duration_s, seed=seed) for seed in range(count)]


def run(indexer: Indexer) -> None:
    indexer.start()
    assert indexer.wait_idle(PATIENCE_S)


def collect_embedded(source: Indexer | AnalysisService) -> list[AudioId]:
    """Return a list that grows by every recording that is embedded from now on."""
    ids: list[AudioId] = []
    source.embedded.connect(lambda rows: ids.extend(row.audio_id for row in rows))
    return ids


def embedded(database: Database) -> list[AudioId]:
    return Embeddings(database).matrix(BODY)[0]


def reasons(database: Database) -> dict[str, Reason]:
    return {failure.path.name: failure.reason for failure in Failures(database).all()}
