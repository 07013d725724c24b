"""The wheel, installed outside the checkout, finds what it carries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parent.parent
_LOOK = """
import mecomp_desktop, mecomp_desktop.paths as p, trainer
print(mecomp_desktop.__file__)
for name in ("model/similarity.onnx", "model/similarity.json", "icons/mecomp-desktop.svg"):
    print(p.resource(name))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory into which the wheel, and nothing else, is installed."""
    base = tmp_path_factory.mktemp("wheel")
    python = [sys.executable, "-m"]
    build = [*python, "build", "--wheel", "--no-isolation", "--outdir", str(base / "dist")]
    subprocess.run([*build, str(_CHECKOUT)], check=True, capture_output=True)
    (wheel,) = (base / "dist").glob("*.whl")
    target = base / "site"
    install = [*python, "pip", "install", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return target


def test_resources_are_found_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    run = subprocess.run(
        [sys.executable, "-c", _LOOK],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    lines = run.stdout.splitlines()
    assert len(lines) == 4
    assert all(line.startswith(str(installed)) for line in lines)


def test_no_test_and_no_music_is_shipped(installed: Path) -> None:
    assert not (installed / "tests").exists()
    assert not [p for p in installed.rglob("*") if p.suffix in {".flac", ".mp3", ".opus", ".wav"}]
