from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from mecomp_desktop.contracts import model_file
from trainer.config import ModelConfig
from trainer.errors import ExportError
from trainer.export import onnx_export
from trainer.export.onnx_export import Parity, export_onnx, open_session, run_session
from trainer.models import build_model
from trainer.models.embedder import Embedder


@pytest.fixture(scope="module")
def model() -> Embedder:
    torch.manual_seed(3)
    return build_model(ModelConfig()).eval()


@pytest.fixture(scope="module")
def exported(model: Embedder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Parity]:
    path = tmp_path_factory.mktemp("export") / "model.onnx"
    return path, export_onnx(model, ModelConfig(), path, "Test", "none", trained=False)


@pytest.mark.slow
def test_file_equals_pytorch_from_one_second_to_ten_minutes(exported: tuple[Path, Parity]) -> None:
    _, parity = exported
    assert parity.lengths < 1e-4
    assert parity.batch < 1e-5


def test_file_is_small_and_keeps_the_contract(
    exported: tuple[Path, Parity], model: Embedder
) -> None:
    path, _ = exported
    assert path.stat().st_size < 0.9e6
    proto = onnx.load(str(path))
    properties = {each.key: each.value for each in proto.metadata_props}
    assert set(model_file.REQUIRED_METADATA) <= properties.keys()
    assert properties[model_file.META_BODY_HASH] == model.body_hash()
    assert properties[model_file.META_SAMPLE_RATE_HZ] == "22050"
    assert "untrained" in properties[model_file.META_NAME]
    assert proto.opset_import[0].version >= 17
    assert "Loop" not in {node.op_type for node in proto.graph.node}
    assert [i.name for i in proto.graph.input] == [model_file.INPUT_AUDIO]


def test_shorter_than_a_frame_still_works(exported: tuple[Path, Parity]) -> None:
    embedding, pooled = run_session(open_session(exported[0]), np.ones((2, 100), np.float32))
    assert embedding.shape == (2, 32)
    assert pooled.shape == (2, 128)


@pytest.mark.parametrize("architecture", ["audio-embedding-gru", "prcnn"])
def test_the_other_networks_export_too(
    architecture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_export, "CHECK_LENGTHS_S", (1.0, 7.3))
    config = ModelConfig.from_dict({"architecture": architecture})
    path = tmp_path / "model.onnx"
    parity = export_onnx(build_model(config), config, path, "Test", "none", trained=True)
    assert parity.worst < 1e-4


def test_a_file_that_differs_is_never_put_in_place(
    model: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"the older one")
    monkeypatch.setattr(onnx_export, "MAX_DIFFERENCE", -1.0)
    monkeypatch.setattr(onnx_export, "CHECK_LENGTHS_S", (1.0,))
    with pytest.raises(ExportError, match="differs from PyTorch"):
        export_onnx(model, ModelConfig(), path, "Test", "none", trained=True)
    assert path.read_bytes() == b"the older one"
    assert list(tmp_path.iterdir()) == [path]
