import sys
import threading

import numpy as np
import pytest

from mecomp_desktop.audio.decoder import Samples
from mecomp_desktop.audio.ring import Ring


def ramp(start: int, count: int) -> Samples:
    return np.repeat(np.arange(start, start + count, dtype=np.float32)[:, None], 2, axis=1)


def taken(ring: Ring, count: int) -> Samples:
    out = np.full((count, 2), -1, np.float32)
    return out[: ring.take(out)]


def test_what_goes_in_comes_out_over_many_turns() -> None:
    ring = Ring(100, 1.0)
    found = []
    for start in range(0, 7_000, 70):
        ring.write(ramp(start, 70))
        found.append(taken(ring, 70))
    np.testing.assert_array_equal(np.concatenate(found), ramp(0, 7_000))


def test_it_takes_no_more_than_fits() -> None:
    ring = Ring(100, 1.0)
    ring.write(ramp(0, 90))
    assert ring.space == 10
    with pytest.raises(ValueError, match="do not fit"):
        ring.write(ramp(0, 11))


def test_an_empty_ring_gives_nothing() -> None:
    ring = Ring(100, 1.0)
    assert len(taken(ring, 10)) == 0
    ring.write(ramp(0, 4))
    np.testing.assert_array_equal(taken(ring, 10), ramp(0, 4))


def test_a_skip_drops_what_was_there() -> None:
    ring = Ring(100, 1.0)
    ring.write(ramp(0, 50))
    ring.skip(fade_in=True)
    ring.write(ramp(1_000, 20))
    assert ring.hold
    ring.jump()
    np.testing.assert_array_equal(taken(ring, 30), ramp(1_000, 20))


def test_what_was_written_last_can_be_taken_back() -> None:
    ring = Ring(100, 1.0)
    ring.write(ramp(0, 30))
    ring.write(ramp(500, 30))
    assert ring.rewind(30, margin=10)
    ring.write(ramp(30, 30))
    np.testing.assert_array_equal(taken(ring, 60), ramp(0, 60))


def test_what_is_about_to_be_read_is_not_taken_back() -> None:
    ring = Ring(100, 1.0)
    ring.write(ramp(0, 60))
    taken(ring, 25)
    assert not ring.rewind(30, margin=10)
    np.testing.assert_array_equal(taken(ring, 60), ramp(25, 35))


def test_a_writer_and_a_reader_at_full_speed_lose_nothing() -> None:
    ring = Ring(1_000, 1.0)
    total = 120_000

    def write() -> None:
        at = 0
        while at < total:
            count = min(ring.space, 137, total - at)
            ring.write(ramp(at, count))
            at += count

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # as many switches as can be, to meet every order of steps
    writer = threading.Thread(target=write)
    try:
        writer.start()
        at = 0
        while at < total:
            block = taken(ring, 211)
            np.testing.assert_array_equal(block, ramp(at, len(block)))
            at += len(block)
    finally:
        sys.setswitchinterval(interval)
        writer.join()
