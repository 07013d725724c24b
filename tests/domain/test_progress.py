from mecomp_desktop.domain.progress import Progress, RateMeter


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_remaining_counts_neither_good_nor_bad() -> None:
    assert Progress(done=3, total=10, failed=2).remaining == 5
    assert Progress(done=9, total=8).remaining == 0


def test_rate_is_that_of_the_recent_window() -> None:
    clock = Clock()
    meter = RateMeter(clock, window_s=10)
    for _ in range(20):  # two a second, long ago
        clock.now_s += 0.5
        meter.add()
    assert meter.rate_per_s() == 2.0
    for _ in range(15):  # then one a second
        clock.now_s += 1
        meter.add()
    assert meter.rate_per_s() == 1.0
    assert meter.eta_s(30) == 30.0


def test_nothing_is_estimated_before_anything_is_known() -> None:
    meter = RateMeter(Clock())
    assert meter.rate_per_s() == 0.0
    assert meter.eta_s(5) is None
    assert meter.eta_s(0) == 0.0


def test_the_rate_sinks_while_nothing_comes() -> None:
    clock = Clock()
    meter = RateMeter(clock, window_s=10)
    clock.now_s += 2
    meter.add(4)
    assert meter.rate_per_s() == 2.0
    clock.now_s += 6
    assert meter.rate_per_s() == 0.5
    clock.now_s += 20
    assert meter.rate_per_s() == 0.0


def test_a_pause_does_not_count() -> None:
    clock = Clock()
    meter = RateMeter(clock)
    clock.now_s += 1
    meter.add(2)
    clock.now_s += 60
    meter.restart()
    clock.now_s += 2
    meter.add(4)
    assert meter.rate_per_s() == 2.0
