"""The files by which a desktop knows the program: entry, metainfo, icons."""

import configparser
import shutil
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.main import DESKTOP_ID
from tests.support.icons import RESOURCES, SIZES_PX, draw, file_of

_ENTRY = RESOURCES / "desktop" / f"{DESKTOP_ID}.desktop"
_METAINFO = RESOURCES / "desktop" / "io.github.mecomp.mecomp_desktop.metainfo.xml"
_PROJECT = tomllib.loads((RESOURCES.parent / "pyproject.toml").read_text())


def check(*command: str) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_desktop_entry_is_valid() -> None:
    check("desktop-file-validate", str(_ENTRY))


def test_the_metainfo_is_valid() -> None:
    check("appstreamcli", "validate", "--no-net", str(_METAINFO))


def test_they_name_each_other_the_program_and_its_version() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    entry.read(_ENTRY)
    metainfo = ElementTree.parse(_METAINFO)
    assert metainfo.findtext("launchable") == _ENTRY.name
    assert entry["Desktop Entry"]["Exec"].split()[0] in _PROJECT["project"]["scripts"]
    assert entry["Desktop Entry"]["Icon"] == DESKTOP_ID
    release = metainfo.find("releases/release")
    assert release is not None
    assert release.get("version") == _PROJECT["project"]["version"]


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_each_icon_is_the_svg_in_its_size(qtbot: QtBot, size_px: int) -> None:
    """After a change of the SVG: ``python -m tests.support.icons``."""
    image = QImage(str(file_of(size_px))).convertToFormat(QImage.Format.Format_ARGB32)
    assert (image.width(), image.height()) == (size_px, size_px)
    fresh = draw(size_px)
    # Another version of Qt smooths edges a little differently.
    far = [
        (x, y)
        for x in range(0, size_px, max(1, size_px // 16))
        for y in range(0, size_px, max(1, size_px // 16))
        if abs(image.pixelColor(x, y).red() - fresh.pixelColor(x, y).red()) > 32
    ]
    assert not far


def test_the_wheel_puts_them_where_desktops_look() -> None:
    shared = _PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared[f"resources/desktop/{_ENTRY.name}"] == f"share/applications/{_ENTRY.name}"
    assert shared[f"resources/desktop/{_METAINFO.name}"] == f"share/metainfo/{_METAINFO.name}"
    assert shared["resources/desktop/icons"] == "share/icons"
    assert all(Path(RESOURCES.parent, source).exists() for source in shared)
