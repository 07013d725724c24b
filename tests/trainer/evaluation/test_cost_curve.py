import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.analysis.excerpts import Excerpts, WholeTrack
from mecomp_desktop.audio.decode import probe
from tests.trainer.music import RATE_HZ
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.data.read import read_music
from trainer.errors import DataError
from trainer.evaluation import embedding_cost
from trainer.evaluation.cost_curve import (
    COST_TARGETS_MS,
    CostCurve,
    measure_cost_curve,
    plot_cost_curve,
)
from trainer.evaluation.embedding_cost import (
    cpu_ms,
    decoding_cost_ms,
    embedding_cost_ms,
    write_songs,
)
from trainer.evaluation.encode import FORMATS
from trainer.evaluation.similarity import SimilarityScores

SONG_S = 8.0


@pytest.fixture(autouse=True, scope="module")
def short_songs() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding_cost, "SONG_S", SONG_S)
        yield


@pytest.fixture(scope="module")
def songs(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return write_songs(tmp_path_factory.mktemp("songs"), read_music(music).clips)


def level_embedder(audio: np.ndarray) -> np.ndarray:
    """Strength and brightness: enough to tell the made genres apart a little."""
    change = np.abs(np.diff(audio)).mean()
    return np.array([np.abs(audio).mean(), change, len(audio) * 1e-9])


@pytest.fixture(scope="module")
def curve(music: Path, cache: AudioCache) -> CostCurve:
    known = read_music(music)
    policies = (Excerpts(1, 0.1), Excerpts(2, 0.5), WholeTrack())
    return measure_cost_curve(level_embedder, known.clips, cache, known.emotions, policies)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_song_is_written_in_every_format(songs: Mapping[str, Path], kind: str) -> None:
    info = probe(songs[kind])
    assert info.duration_s == pytest.approx(SONG_S, abs=0.1)
    assert (info.channels, info.sample_rate_hz) == (2, FORMATS[kind].sample_rate_hz)


def test_no_clips_make_no_song(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no clips"):
        write_songs(tmp_path, [])


def test_embedding_a_little_costs_less_than_decoding_all(songs: Mapping[str, Path]) -> None:
    embedded = embedding_cost_ms(level_embedder, songs, RATE_HZ, Excerpts(1, 0.5))
    decoded = decoding_cost_ms(songs, RATE_HZ)
    assert embedded.keys() == decoded.keys() == FORMATS.keys()
    assert sum(embedded.values()) < sum(decoded.values())


def test_cost_is_processor_time_and_the_least_of_the_rounds() -> None:
    counts = iter([400_000, 20_000, 400_000])
    whole = cpu_ms(lambda: sum(range(2_000_000)), rounds=1)
    assert 0 < cpu_ms(lambda: sum(range(next(counts)))) < whole / 4


@pytest.mark.slow
def test_the_curve_compares_each_policy_with_embedding_all(curve: CostCurve) -> None:
    *shorter, everything = curve.points
    assert (everything.policy, everything.loss, everything.loss_deviation) == ("whole-300s", 0, 0)
    for point in shorter:
        assert point.loss == pytest.approx(everything.scores.mean() - point.scores.mean())
        assert point.loss_deviation >= 0
        assert point.cost_ms.keys() == COST_TARGETS_MS.keys()
    assert shorter[0].loss > 0  # a tenth of a second is not enough
    assert shorter[0].loss_deviation > 0
    assert curve.tracks == 32
    assert curve.longest_s == pytest.approx(2.0, abs=0.01)
    assert json.loads(json.dumps(curve.to_dict()))["points"][0]["policy"] == "excerpts-1x0.1s"


@pytest.mark.nightly
@pytest.mark.slow
def test_siblings_share_in_the_quality(music: Path, cache: AudioCache) -> None:
    known = read_music(music)
    ours, theirs = known.clips[::2], known.clips[1::2]
    policies = (Excerpts(1, 0.1), WholeTrack())

    def scores(*folds: Sequence[Clip]) -> list[SimilarityScores]:
        first, *further = folds
        siblings = [(level_embedder, clips) for clips in further]
        found = measure_cost_curve(level_embedder, first, cache, known.emotions, policies, siblings)
        return [point.scores for point in found.points]

    apart = [scores(ours), scores(theirs)]
    for both, left, right in zip(scores(ours, theirs), *apart, strict=True):
        wanted = (left.genre_triplets + right.genre_triplets) / 2
        assert both.genre_triplets == pytest.approx(wanted)


def test_the_curve_is_a_picture_and_a_table(curve: CostCurve, tmp_path: Path) -> None:
    plot_cost_curve(curve, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    lines = curve.lines()
    assert len(lines) == 2 + len(curve.points) + 1
    assert len({line.count("|") for line in lines}) == 1
