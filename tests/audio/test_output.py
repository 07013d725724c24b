import time
from contextlib import closing

import numpy as np
import pytest

from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.output import SoundCards
from mecomp_desktop.errors import BrokenEnvironment
from tests.support.pulse import DEVICE, PulseServer, sound_cards, wait_for

pytestmark = pytest.mark.sound


def silence(out: Samples) -> None:
    out.fill(0)


def test_devices_have_lasting_names_and_one_is_the_default(pulse: PulseServer) -> None:
    with sound_cards(pulse) as cards:
        devices = cards.devices()
        assert DEVICE in [device.id for device in devices]
        assert sum(device.is_default for device in devices) == 1
        cards.rescan()
        assert cards.devices() == devices


def test_a_usual_rate_is_kept_and_an_odd_one_is_not(pulse: PulseServer) -> None:
    with sound_cards(pulse) as cards:
        assert cards.rate_for(DEVICE, 48_000) == 48_000
        assert cards.rate_for(DEVICE, 11_025) == 44_100


def test_an_unknown_device_is_named(pulse: PulseServer) -> None:
    with sound_cards(pulse) as cards:
        with pytest.raises(BrokenEnvironment, match="The sound device X is not there"):
            cards.open("ALSA/X", 44_100, silence)
        with pytest.raises(BrokenEnvironment, match="The sound device X is not there"):
            cards.rate_for("ALSA/X", 44_100)


def test_an_open_card_asks_at_its_rate_until_it_is_closed(pulse: PulseServer) -> None:
    asked: list[int] = []

    def count(out: Samples) -> None:
        asked.append(len(out))
        out.fill(0)

    with sound_cards(pulse) as cards:
        card = cards.open(DEVICE, 44_100, count)
        assert 0 < card.latency_s < 0.25
        wait_for(lambda: sum(asked) > 22_050)
        before, begun_s = sum(asked), time.monotonic()
        wait_for(lambda: sum(asked) > before + 44_100)
        # Never faster than music; on a busy machine the test may look late.
        assert 0.75 < time.monotonic() - begun_s < 5.0
        assert card.alive()
        card.close()
        after = len(asked)
        time.sleep(0.2)
        assert len(asked) == after


def test_a_card_that_goes_is_no_longer_alive(pulse: PulseServer) -> None:
    # Closed whatever happens: the thread of a card that is gone spins until then.
    with sound_cards(pulse) as cards, closing(cards.open(DEVICE, 44_100, silence)) as card:
        wait_for(card.alive)
        pulse.kill()
        wait_for(lambda: not card.alive(), 30.0)


def test_listing_devices_is_never_an_error() -> None:
    cards = SoundCards()
    try:
        devices = cards.devices()
    except BrokenEnvironment:
        pytest.fail("a list of devices is never an error")
    assert np.all([device.id for device in devices])
