"""Playback while every core is busy: how often does the sound break off?

``MECOMP_DESKTOP_SOAK_S`` sets the seconds to play (8 by default; 300 for the full proof).
"""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.engine import Playable
from mecomp_desktop.audio.player_engine import SoundEngine
from tests.support.audio_files import make_audio
from tests.support.pulse import DEVICE, pulse_server, sound_cards, wait_for

SOAK_S = float(os.environ.get("MECOMP_DESKTOP_SOAK_S", "8"))

pytestmark = [pytest.mark.sound, pytest.mark.benchmark, pytest.mark.timeout(SOAK_S + 120)]


def _labour() -> None:
    os.nice(19)
    matrix = np.random.default_rng(0).random((300, 300))
    while True:
        matrix = np.tanh(matrix @ matrix)


@contextmanager
def busy_cores() -> Iterator[None]:
    """Load every core with a process at the lowest priority, as analysing a library does."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_labour, daemon=True) for _ in range(os.cpu_count() or 1)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.join()


@contextmanager
def busy_interpreter() -> Iterator[None]:
    """Keep a thread of this process in pure Python, so that the sound has to ask for its turn."""
    done = threading.Event()

    def labour() -> None:
        while not done.is_set():
            sum(index * index for index in range(20_000))

    thread = threading.Thread(target=labour)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("load", [busy_cores, busy_interpreter])
def test_playback_has_no_underrun_under_load(tmp_path: Path, load: object) -> None:
    assert callable(load)
    rate_hz = 48_000  # not the sink's rate, and the files below are neither
    files = [
        make_audio(tmp_path / f"{n}.{suffix}", 20.0, seed=n, sample_rate_hz=rate)
        for n, (suffix, rate) in enumerate([("flac", 44_100), ("opus", rate_hz), ("mp3", 44_100)])
    ]
    with pulse_server() as server, sound_cards(server) as cards:
        engine = SoundEngine(cards, DEVICE)
        try:
            engine.track_started.connect(
                lambda token: engine.set_next(Playable(token + 1, files[(token + 1) % len(files)]))
            )
            engine.start(Playable(0, files[0]))
            wait_for(lambda: engine.status().position_s > 0.1)
            with load():
                end_s, slowest_s = time.monotonic() + SOAK_S, 0.0
                while time.monotonic() < end_s:
                    before_s = time.monotonic()
                    status = engine.status()
                    slowest_s = max(slowest_s, time.monotonic() - before_s)
                    assert status.device_error is None
                    time.sleep(0.05)
            underruns = engine.status().underruns
        finally:
            engine.close()
    sys.stdout.write(
        f"\n{load.__name__}: {SOAK_S:.0f} s, {underruns} underruns,"
        f" slowest status {1000 * slowest_s:.2f} ms\n"
    )
    assert underruns == 0
