"""Sounds too quiet to hear cost the model what others cost."""

import sys
import time

import numpy as np
import pytest

from mecomp_desktop.analysis.embedder import flushed
from mecomp_desktop.analysis.model import load_model
from mecomp_desktop.arrays import Floats
from mecomp_desktop.contracts.model_file import BUNDLED_MODEL
from mecomp_desktop.paths import resource

SECONDS = 30
ROUNDS = 15


@pytest.mark.benchmark
def test_fades_into_nothing_cost_no_more_than_noise() -> None:
    model = load_model(resource(BUNDLED_MODEL))
    rng = np.random.default_rng(0)
    noise = (0.1 * rng.standard_normal(SECONDS * model.info.sample_rate_hz)).astype(np.float32)
    sounds: dict[str, Floats] = {
        "noise": noise,
        "noise at 1e-20": noise * np.float32(1e-20),
        "noise fading to 1e-39": (noise * np.logspace(0, -39, len(noise))).astype(np.float32),
    }
    best: dict[str, float] = {}
    for _ in range(ROUNDS):  # in turns, so that a busy moment hits all
        for name, audio in sounds.items():
            for way, samples in (("raw", audio.copy()), ("flushed", flushed(audio.copy()))):
                began_s = time.process_time()
                model.embed(samples[np.newaxis])
                took_s = time.process_time() - began_s
                key = f"{name}, {way}"
                best[key] = min(took_s, best.get(key, took_s))
    baseline_s = best["noise, raw"]
    for key, took_s in best.items():
        sys.stdout.write(f"{key}: {1e3 * took_s:.1f} ms, {took_s / baseline_s:.2f} of noise\n")
    for name in sounds:
        assert best[f"{name}, flushed"] < 2 * baseline_s
