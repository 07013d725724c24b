"""No Python override of a Qt virtual method lets an exception out."""

import ast
import importlib
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import mecomp_desktop
from mecomp_desktop.ui.qt_guard import guarded

PACKAGE = Path(mecomp_desktop.__file__).parent
ROOMS = ("ui", "desktop")
# Same name as a method of a Qt class that is not virtual: C++ never calls ours.
NOT_VIRTUAL = {("Number", "setAccessibleName")}


def overrides(path: Path) -> list[tuple[str, ast.FunctionDef]]:
    """The class and definition of every method that hides one of a Qt base class."""
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    module = importlib.import_module(name.removesuffix(".__init__"))
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ClassDef):
            continue
        made = getattr(module, node.name, None)
        if not isinstance(made, type) or not issubclass(made, shiboken6.Object):
            continue
        bases = [base for base in made.__mro__ if base.__module__.startswith("PySide6")]
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and not method.name.startswith("__"):
                if (node.name, method.name) in NOT_VIRTUAL:
                    continue
                if any(method.name in vars(base) for base in bases):
                    found.append((node.name, method))
    return found


def all_overrides() -> list[tuple[Path, str, ast.FunctionDef]]:
    return [
        (path, owner, method)
        for room in ROOMS
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for owner, method in overrides(path)
    ]


def test_every_override_is_guarded() -> None:
    found = all_overrides()
    assert len(found) > 80
    bare = [
        f"{path.relative_to(PACKAGE)}: {owner}.{method.name}"
        for path, owner, method in found
        if not any("guarded" in ast.unparse(mark) for mark in method.decorator_list)
    ]
    assert bare == []


class Broken(QWidget):
    @guarded()
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, Qt's name
        raise ValueError("no paint left")

    @guarded(QSize(7, 9))
    def sizeHint(self) -> QSize:  # noqa: N802, Qt's name
        raise KeyError("size")


@pytest.mark.logs_errors
def test_an_override_that_fails_is_logged_once_and_qt_goes_on(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    widget = Broken()
    qtbot.addWidget(widget)
    with qtbot.captureExceptions() as raised:
        assert widget.sizeHint() == QSize(7, 9)
        for _ in range(3):
            widget.grab()
    assert [str(error) for _, error, _ in raised] == ["'size'", "no paint left"]
    messages = [
        record.getMessage() for record in caplog.records if "paintEvent" in record.getMessage()
    ]
    assert len(messages) == 1
    assert "no paint left" in messages[0]
