import pytest

from mecomp_desktop.ui.theme.colours import DARK, LIGHT, Colours, contrast, mix

ENOUGH = 4.5
BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_mix_lies_between() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#102030", "#ffffff", 0) == "#102030"


@BOTH
@pytest.mark.parametrize("role", ["text", "muted", "accent", "danger"])
@pytest.mark.parametrize("behind", ["base", "surface", "raised", "hover", "selected"])
def test_text_can_be_read(colours: Colours, role: str, behind: str) -> None:
    assert contrast(getattr(colours, role), getattr(colours, behind)) >= ENOUGH


@BOTH
@pytest.mark.parametrize("behind", ["accent", "accent_hover"])
def test_text_on_the_accent_can_be_read(colours: Colours, behind: str) -> None:
    assert contrast(colours.on_accent, getattr(colours, behind)) >= ENOUGH
