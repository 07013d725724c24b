from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.widgets.lazy_page import LazyPage


def test_the_page_is_made_once_when_it_is_shown(qtbot: QtBot) -> None:
    made: list[QLineEdit] = []

    def make() -> QLineEdit:
        made.append(QLineEdit())
        return made[-1]

    later = LazyPage(make)
    qtbot.addWidget(later)
    assert later.page is None
    later.show()
    later.hide()
    later.show()
    assert made == [later.page]


def test_the_keyboard_goes_to_the_page(qtbot: QtBot) -> None:
    later = LazyPage(QLineEdit)
    qtbot.addWidget(later)
    later.show()
    qtbot.waitActive(later)
    later.setFocus()
    page = later.page
    assert page is not None
    qtbot.waitUntil(page.hasFocus)
