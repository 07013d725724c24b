"""Music sets and a decoded-audio cache, made once for all tests of the trainer."""

from pathlib import Path

import pytest
import torch

from tests.trainer.music import RATE_HZ, make_fma, make_manifest_set
from trainer.config import DataConfig
from trainer.data.cache import AudioCache
from trainer.data.prepare import Prepared, prepare


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def fma(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_fma(tmp_path_factory.mktemp("fma"))


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_manifest_set(tmp_path_factory.mktemp("music"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> AudioCache:
    return AudioCache(tmp_path_factory.mktemp("decoded"), RATE_HZ)


@pytest.fixture(scope="session")
def data_config(music: Path) -> DataConfig:
    return DataConfig(folder=str(music), clip_shares=(0.5, 0.25, 0.25), triplets=200)


@pytest.fixture(scope="session")
def prepared(data_config: DataConfig, cache: AudioCache) -> Prepared:
    return prepare(data_config, cache)
