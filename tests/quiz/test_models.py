"""Models from files: a new body hears the library again while the old vectors serve."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.contracts import model_file
from mecomp_desktop.domain.model_version import Verdict
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.embeddings import Embeddings
from tests.support.audio_files import make_audio
from tests.support.libraries import open_application
from tests.support.models import make_model

SONGS = 8


@pytest.fixture
def app(paths: Paths, tmp_path: Path) -> Iterator[Application]:
    """The program on songs that the bundled model has heard."""
    for number in range(SONGS):
        make_audio(tmp_path / "music" / f"{number}.flac", 3.0, seed=number)
    with open_application(paths) as made:
        made.settings.update(watch_folders=False)
        made.library.load()
        made.library.add_root(tmp_path / "music")
        assert made.library.settle(60)
        made.analysis.start()
        assert made.analysis.wait_idle(120)
        assert made.similarity.settle(60)
        yield made


@pytest.mark.slow
def test_a_model_tuned_with_audio_analyses_the_library_again(
    app: Application, tmp_path: Path
) -> None:
    verdict = Verdict(40, 20, 29, 0.1, 0.3, 40, 20, 29, True, "better")
    written = json.dumps(dataclasses.asdict(verdict) | {"answers": 120})
    metadata = {
        model_file.META_NAME: "tuned",
        model_file.META_BODY_HASH: "tuned-body",
        model_file.META_HEAD_HASH: "tuned-head",
        model_file.META_VERDICT: written,
    }
    path = make_model(tmp_path / "model.onnx", metadata=metadata)
    first = app.library.catalog().tracks[0]
    served: list[bool] = []
    app.analysis.embedded.connect(lambda _: served.append(app.similarity.ready()))
    app.quiz.models.import_from(path)
    assert app.quiz.settle(60)
    assert app.similarity.similar([first.id], 3)  # whichever vectors serve, some always do
    assert app.analysis.wait_idle(120)
    assert app.similarity.settle(60)
    assert served
    assert all(served)
    embeddings = Embeddings(app._core.database)
    assert embeddings.heads("tuned-body") == {"tuned-head": SONGS}
    (version,) = app.quiz.registry.history()
    assert (version.kind, version.answers, version.verdict) == ("imported", 120, verdict)
    assert app.quiz.registry.active() == version
    assert app.quiz.registry.base().info.body_hash == "tuned-body"
    app.quiz.models.use(None)
    assert app.quiz.settle(60)
    assert app.similarity.settle(60)
    assert app.similarity.coverage() == (SONGS, SONGS)
    assert app.similarity.similar([first.id], 3)
