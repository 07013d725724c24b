from pytestqt.qtbot import QtBot

from mecomp_desktop.ui.player.notices import Notice, Notices


def test_notices_wait_for_their_turn(qtbot: QtBot) -> None:
    notices = Notices()
    notices.show_message(Notice("one"))
    notices.show_message(Notice("two"))
    assert notices.current == Notice("one")
    notices.dismiss()
    assert notices.current == Notice("two")
    notices.dismiss()
    assert notices.current is None


def test_same_sentence_is_shown_once_with_the_newest_way_back(qtbot: QtBot) -> None:
    undone: list[int] = []
    notices = Notices()
    notices.show_message(Notice("removed", "Undo", lambda: undone.append(1)))
    notices.show_message(Notice("removed", "Undo", lambda: undone.append(2)))
    notices.act()
    assert undone == [2]
    assert notices.current is None


def test_flood_keeps_the_latest(qtbot: QtBot) -> None:
    notices = Notices()
    for number in range(20):
        notices.show_message(Notice(str(number)))
    seen = []
    while notices.current is not None:
        seen.append(notices.current.sentence)
        notices.dismiss()
    assert seen == ["0", "15", "16", "17", "18", "19"]


def test_notice_goes_by_itself(qtbot: QtBot) -> None:
    notices = Notices()
    notices.show_message(Notice("one"))
    notices._timer.start(1)
    with qtbot.waitSignal(notices.changed, timeout=2_000):
        pass
    assert notices.current is None
