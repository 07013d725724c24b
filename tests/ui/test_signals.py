import sys

import pytest
from PySide6.QtCore import QObject, Signal


class Bell(QObject):
    rung = Signal()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True cannot run out of references there")
def test_emitting_gives_back_no_reference_it_does_not_own() -> None:
    # PySide6 6.12.0 did, and the program ended after some hundred signals.
    bell = Bell()
    before = sys.getrefcount(True)
    for _ in range(100):
        bell.rung.emit()
    assert sys.getrefcount(True) > before - 50
