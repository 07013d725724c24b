"""The program over one folder of damaged files: scanned, analysed, shown and played to the end.

Started by `whole` with a JSON object on its input, ``{"home", "roots"}``; answers with one on its
output, see `Session`.
"""

import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mecomp_desktop.app import Application
from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.paths import Paths
from mecomp_desktop.threads import on_job_error

_SPEED = 400.0
_PATIENCE_S = 240.0
_LOOK_S = 0.02


@dataclass
class Session:
    """What came of a folder.

    Attributes:
        listed: The songs' paths, as the file system spells them in hexadecimal.
        refused: The files that could not be read, with the reason.
        embedded: The songs that have a vector.
        not_analysed: The songs that could not be analysed, with the reason.
        played: How many songs began to play.
        not_played: How many songs the player refused, or gave up, with a sentence.
        covers: How many songs show a cover.
        shapes: How many songs have a waveform.
        problems: What was raised in the background, and what did not come to an end.
        seconds: How long each step took.
    """

    listed: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    embedded: list[str] = field(default_factory=list)
    not_analysed: dict[str, str] = field(default_factory=dict)
    played: int = 0
    not_played: int = 0
    covers: int = 0
    shapes: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def main() -> None:
    """Do one session."""
    job = json.loads(sys.stdin.readline())
    session = run(Path(job["home"]), [Path(root) for root in job["roots"]])
    print(json.dumps(asdict(session)), flush=True)  # noqa: T201


def run(home: Path, roots: list[Path]) -> Session:
    """Open the program on a new library, add the folders, and use every song in every way."""
    session = Session()
    paths = Paths.below(home)
    disconnect = on_job_error(lambda error: session.problems.append(f"raised: {error!r}"))
    engine = NullEngine(_SPEED)
    app = Application.open(paths, engine)
    try:
        app.start()
        _step(session, "scan", lambda: _scan(app, roots))
        _step(session, "analyse", lambda: _analyse(app))
        _step(session, "show", lambda: _show(app, session))
        _step(session, "play", lambda: _play(app, engine, session))
    finally:
        app.close()
        disconnect()
    _read(paths.database, session)
    return session


def _step(session: Session, name: str, step: Callable[[], str]) -> None:
    begun_s = time.monotonic()
    problem = step()
    session.seconds[name] = round(time.monotonic() - begun_s, 2)
    if problem:
        session.problems.append(f"{name}: {problem}")


def _scan(app: Application, roots: list[Path]) -> str:
    app.library.settle(_PATIENCE_S)
    for root in roots:
        app.library.add_root(root)
    if not app.library.settle(_PATIENCE_S):
        return "it does not end"
    return app.library.scan_status().error


def _analyse(app: Application) -> str:
    app.analysis.start()
    app.analysis.wake()
    until_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until_s:
        app.analysis.wake()
        if app.analysis.wait_idle(1.0):
            return app.analysis.status().error
    return "it does not end"


def _show(app: Application, session: Session) -> str:
    app.library.refresh()
    for track in app.library.catalog().tracks:
        session.covers += app.library.cover(track.id) is not None
        session.shapes += app.library.peaks(track.id) is not None
    return ""


def _play(app: Application, engine: NullEngine, session: Session) -> str:
    """Play everything, one song after the other, until the queue has run out."""
    began: set[int] = set()
    notices: list[str] = []
    disconnects = (
        engine.track_started.connect(began.add),
        app.playback.notice.connect(notices.append),
    )
    tracks = list(app.library.catalog().tracks)
    app.playback.play_tracks([track.id for track in tracks])
    until_s = time.monotonic() + _PATIENCE_S
    while app.playback.status().state is not PlayerState.STOPPED and time.monotonic() < until_s:
        time.sleep(_LOOK_S)
    for disconnect in disconnects:
        disconnect()
    session.played = len(began)
    session.not_played = sum("It was skipped" in notice for notice in notices)
    if app.playback.status().state is not PlayerState.STOPPED:
        current = app.playback.status().track_id
        return f"it does not end at {app.library.track(current) if current else None}"
    if session.played + session.not_played < len(tracks):
        return f"{len(tracks)} songs, {session.played} began, {session.not_played} were refused"
    return ""


def _read(database: Path, session: Session) -> None:
    with closing(sqlite3.connect(database)) as connection:
        audio = dict(
            connection.execute("SELECT path, audio_id FROM tracks WHERE gone_at_s IS NULL")
        )
        with_vector = {row[0] for row in connection.execute("SELECT audio_id FROM embeddings")}
        failures = connection.execute("SELECT path, stage, reason FROM failures").fetchall()
    session.listed = [path.hex() for path in audio]
    session.embedded = [path.hex() for path, audio_id in audio.items() if audio_id in with_vector]
    session.refused = {path.hex(): why for path, stage, why in failures if stage == "scan"}
    session.not_analysed = {path.hex(): why for path, stage, why in failures if stage == "analysis"}


def reasons(session: Session) -> Counter[str]:
    """Return how often each reason was given."""
    return Counter([*session.refused.values(), *session.not_analysed.values()])


if __name__ == "__main__":
    main()
