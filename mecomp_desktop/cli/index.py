"""``mecomp-desktop index``: add folders and listen to every song in them."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from mecomp_desktop.analysis.service import AnalysisStatus, usable_cores
from mecomp_desktop.app import Core
from mecomp_desktop.cli.output import (
    below,
    failure_values,
    print_error,
    print_failures,
    print_json,
    print_line,
)
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths

_LOOK_EVERY_S = 0.1
_SETTLE_S = 60.0


def run(options: argparse.Namespace) -> int:
    """Do it, showing progress on stderr and the result on stdout."""
    paths = Paths.of_user()
    folders: list[Path] = options.folders
    with logging_to(paths.state, verbose=options.verbose), _opened(paths, options) as core:
        core.library.notice.connect(print_error)
        embedded: list[AudioId] = []
        core.analysis.embedded.connect(embedded.extend)
        began_s = time.monotonic()
        _listen(core, folders)
        result = _result(core, folders, len(embedded), time.monotonic() - began_s)
        if options.json:
            print_json(result)
        else:
            _print(result)
            print_failures(below(core.library.failures(), folders))
    return 0


@contextmanager
def _opened(paths: Paths, options: argparse.Namespace) -> Iterator[Core]:
    core = Core(paths, workers=options.workers or usable_cores(), keep_graph=False)
    try:
        yield core
    except KeyboardInterrupt:
        print_error("Stopped. The same command goes on where it was.")
        raise
    finally:
        core.close()


def _listen(core: Core, folders: list[Path]) -> None:
    """Scan and listen until nothing is left."""
    library, analysis = core.library, core.analysis
    # All are checked before any is added: a wrong name adds nothing.
    for folder in folders:
        library.check_root(folder)
    analysis.prepare()
    for folder in folders:
        library.add_root(folder)
    analysis.start()
    # A log wants a line now and then, a terminal a bar that moves.
    every_s = 0.1 if sys.stderr.isatty() else 10.0
    with tqdm(
        unit=" songs", dynamic_ncols=True, desc="Looking for songs", mininterval=every_s, miniters=1
    ) as bar:
        while True:
            scan, status = library.scan_status(), analysis.status()
            if scan.error or status.error:
                raise BrokenEnvironment(scan.error or status.error)
            _show(bar, status, scanning=scan.running)
            if not scan.running and _is_done(core):
                break
            time.sleep(_LOOK_EVERY_S)
        _show(bar, analysis.status(), scanning=False)


def _is_done(core: Core) -> bool:
    """Return whether all that the scans have found is heard and counted."""
    core.analysis.wake()
    idle = core.analysis.wait_idle(_LOOK_EVERY_S)
    return idle and not core.library.scan_status().running


def _show(bar: "tqdm[Any]", status: AnalysisStatus, *, scanning: bool) -> None:
    progress = status.progress
    if not progress.total:
        return
    if bar.total is None:  # what was heard in an earlier run says nothing about the speed of this
        bar.initial = bar.n = progress.done
    bar.set_description("Listening, and looking for more" if scanning else "Listening", False)
    bar.total = progress.total
    bar.update(progress.done + progress.failed - bar.n)


def _result(core: Core, folders: list[Path], listened: int, seconds: float) -> dict[str, Any]:
    core.library.refresh()
    embedded, total = core.similarity.count_stored()
    failures = below(core.library.failures(), folders)
    return {
        "folders": [str(folder.expanduser().absolute()) for folder in folders],
        "tracks": len(core.library.catalog()),
        "recordings": total,
        "embedded": embedded,
        "listened": listened,
        "failed": len(failures),
        "failures": failure_values(failures),
        "seconds": round(seconds, 3),
    }


def _print(result: dict[str, Any]) -> None:
    print_line(
        f"{result['embedded']:,} of {result['recordings']:,} songs have been listened to, "
        f"{result['listened']:,} of them now, in {result['seconds']:.1f} s."
    )
    if result["failed"]:
        print_error(f"{result['failed']} files couldn't be read:")
