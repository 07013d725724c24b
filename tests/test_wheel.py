"""The wheel, installed outside the checkout, finds what it carries."""

import os
import re
import subprocess
import sys
import tarfile
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


def test_source_distribution_has_what_the_readme_shows_and_a_contributor_needs(
    tmp_path: Path,
) -> None:
    build = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(_CHECKOUT)], check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        # Each name begins with the folder that the archive unpacks to.
        names = {name.partition("/")[2] for name in opened.getnames()}
    readme = (_CHECKOUT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme)
    assert pictures
    assert set(pictures) <= names
    assert {"LICENSE", "CONTRIBUTING.md", ".ci/setup", ".pre-commit-config.yaml"} <= names
    assert {"resources/model/similarity.onnx", "resources/icons/phosphor/LICENSE"} <= names
    assert not [name for name in names if name.startswith((".venv/", "runs/"))]
