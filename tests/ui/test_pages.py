"""The table of pages; a new page is a folder and a line."""

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mecomp_desktop.app import Application
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.page import Page, PageContext, PageSpec
from mecomp_desktop.ui.pages import PAGES
from mecomp_desktop.ui.shell import Shell

MOODS = """
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from mecomp_desktop.ui.page import Page, PageContext


class MoodsPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.cheer = QPushButton("Cheer up")
        QVBoxLayout(self).addWidget(self.cheer)

    def first_focus(self) -> QWidget:
        return self.cheer

    def state(self) -> dict:
        return {"cheered": True}
"""


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.name)
def test_every_row_makes_its_page(
    empty_app: Application, bridge: Bridge, qtbot: QtBot, spec: PageSpec
) -> None:
    page = spec.make(PageContext.of(empty_app, bridge))
    qtbot.addWidget(page)
    assert isinstance(page, Page)


def test_pages_stand_in_the_order_of_their_keys() -> None:
    numbered = [spec.keys for spec in PAGES if spec.keys[-1].isdigit()]
    assert numbered == [f"Ctrl+{number}" for number in range(1, len(numbered) + 1)]
    bottom = [spec.at_bottom for spec in PAGES]
    assert bottom == sorted(bottom), "what stands at the bottom comes last in the table, too"


def test_a_new_page_is_a_module_and_a_line(
    empty_app: Application,
    bridge: Bridge,
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "moods_page_of_a_test.py").write_text(MOODS, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "moods_page_of_a_test", raising=False)
    line = PageSpec("moods", "Moods", "smiley", "Ctrl+9", "moods_page_of_a_test:MoodsPage")
    shell = Shell(empty_app, bridge, (*PAGES, line))
    qtbot.addWidget(shell.window)
    shell.window.show()
    shell.navigation.button("moods").click()
    assert shell.window.page_name == "moods"
    shell.visit("moods")
    assert shell.window.focusWidget() is shell.window.page.first_focus()
    assert shell.window.state()["pages"]["moods"] == {"cheered": True}  # type: ignore[index,call-overload]
