from itertools import combinations

import pytest
from PySide6.QtGui import QKeySequence

from mecomp_desktop.ui.shortcuts import SHORTCUTS, groups, shortcut


def test_every_key_is_one_that_qt_knows() -> None:
    for one in SHORTCUTS:
        for keys in one.keys:
            assert QKeySequence(keys).toString(), keys


def test_no_two_actions_share_a_key() -> None:
    for one, other in combinations(SHORTCUTS, 2):
        if one.everywhere or other.everywhere or one.group == other.group:
            assert not set(one.keys) & set(other.keys), (one.action_id, other.action_id)


def test_actions_are_unique_and_found_by_name() -> None:
    assert len({one.action_id for one in SHORTCUTS}) == len(SHORTCUTS)
    assert shortcut("play.toggle").keys == ("Space",)
    with pytest.raises(KeyError):
        shortcut("no.such")


def test_groups_are_listed_in_order_of_the_table() -> None:
    assert groups()[0] == SHORTCUTS[0].group
    assert set(groups()) == {one.group for one in SHORTCUTS}
