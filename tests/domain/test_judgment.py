import pytest

from mecomp_desktop.domain.judgment import Pair, count_answers
from tests.quiz.conftest import judged


@pytest.mark.parametrize("pair", Pair)
def test_a_pair_and_its_odd_one_are_all_three(pair: Pair) -> None:
    assert {*pair.members, pair.odd} == {0, 1, 2}
    assert Pair.of(*pair.members) is pair
    assert Pair.of(*reversed(pair.members)) is pair


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 3), (-1, 2)])
def test_no_two_of_three_are_no_pair(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no two of three"):
        Pair.of(first, second)


def test_the_odd_one_is_named() -> None:
    assert judged("abc", Pair.FIRST_THIRD).odd == "b"
    assert judged("abc", None).odd is None


def test_answers_are_counted() -> None:
    counted = count_answers(
        [
            judged("abc", Pair.FIRST_SECOND),
            judged("cab", Pair.SECOND_THIRD),  # the same two again, in another order
            judged("abc", Pair.FIRST_THIRD),  # something else about the same three
            judged("def", Pair.FIRST_SECOND, held_back=True),
            judged("xyz", None),
        ]
    )
    assert (counted.total, counted.learnable, counted.held_back) == (5, 3, 1)
    assert (counted.undecided, counted.repeated, counted.contradictory) == (1, 1, 1)
