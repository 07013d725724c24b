"""Playback through a real sound server while the whole program listens to a library.

``MECOMP_DESKTOP_SOAK_S`` sets the seconds to play (10 by default; 300 for the full proof), and
``MECOMP_DESKTOP_MUSIC`` a folder of music (by default some pieces are made).
"""

import os
import sys
import time
from pathlib import Path

import pytest

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.player_engine import SoundEngine
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings
from tests.support.audio_files import make_audio
from tests.support.pulse import DEVICE, pulse_server, sound_cards, wait_for

SOAK_S = float(os.environ.get("MECOMP_DESKTOP_SOAK_S", "10"))
MUSIC = os.environ.get("MECOMP_DESKTOP_MUSIC")
_KINDS = ("flac", "opus", "mp3", "ogg")
_LOOK_S = 0.05

pytestmark = [pytest.mark.sound, pytest.mark.benchmark, pytest.mark.timeout(SOAK_S + 240)]


def test_playback_has_no_underrun_while_the_library_is_analysed(tmp_path: Path) -> None:
    folder = Path(MUSIC) if MUSIC else _made_music(tmp_path / "music")
    paths = Paths.below(tmp_path / "home")
    with pulse_server() as server, sound_cards(server) as cards:
        engine = SoundEngine(cards, DEVICE)
        app = Application.open(paths, engine)
        try:
            app.start()
            app.library.settle(60.0)
            app.library.add_root(folder)
            wait_for(lambda: len(app.library.catalog()) >= 8, 60.0, "for songs")
            app.playback.play_tracks([track.id for track in app.library.catalog().tracks])
            app.playback.set_repeat(Repeat.ALL)
            wait_for(lambda: engine.status().position_s > 0.1, what="for the sound")
            wait_for(lambda: app.analysis.status().progress.done > 0, 60.0, "for a vector")
            assert server.streams() == 1
            embedded, slowest_s = _soak(app, engine, paths)
            underruns, dry = engine.status().underruns, engine._stream.callback.underruns
        finally:
            app.close()
    sys.stdout.write(
        f"\nplaying while analysis: {SOAK_S:.0f} s, {underruns} underruns ({dry} for want of"
        f" decoded music), {embedded} recordings embedded meanwhile,"
        f" slowest status {1000 * slowest_s:.2f} ms\n"
    )
    assert embedded > 0, "nothing was analysed meanwhile: the test proves nothing"
    assert underruns == 0


def _soak(app: Application, engine: SoundEngine, paths: Paths) -> tuple[int, float]:
    """Look on, and have the library analysed anew whenever all of it has been.

    Returns:
        How many recordings were embedded meanwhile, and how long the slowest status took.
    """
    end_s, slowest_s = time.monotonic() + SOAK_S, 0.0
    counts: list[int] = []
    disconnect = app.analysis.embedded.connect(lambda ids: counts.append(len(ids)))
    while time.monotonic() < end_s:
        before_s = time.monotonic()
        status = engine.status()
        slowest_s = max(slowest_s, time.monotonic() - before_s)
        assert status.device_error is None
        assert status.state is PlayerState.PLAYING
        if app.analysis.status().state == "idle":
            _forget_vectors(paths)
            app.analysis.wake()
        time.sleep(_LOOK_S)
    disconnect()
    return sum(counts), slowest_s


def _forget_vectors(paths: Paths) -> None:
    database = Database(paths.database)
    try:
        embeddings = Embeddings(database)
        for body in embeddings.bodies():
            embeddings.drop_body(body)
    finally:
        database.close()


def _made_music(folder: Path) -> Path:
    for number in range(24):
        suffix = _KINDS[number % len(_KINDS)]
        make_audio(folder / f"{number:02}.{suffix}", 20.0, seed=number)
    return folder
