"""``mecomp-desktop index``: add folders and analyse every song in them."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from mecomp_desktop.analysis.effort import usable_cores
from mecomp_desktop.analysis.status import AnalysisStatus
from mecomp_desktop.cli.output import (
    below,
    failure_values,
    print_error,
    print_failures,
    print_json,
    print_line,
)
from mecomp_desktop.core import Core
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.errors import BrokenEnvironment
from mecomp_desktop.files import resolved
from mecomp_desktop.logs import logging_to
from mecomp_desktop.paths import Paths
from mecomp_desktop.store.failures import Failure

SOME_FAILED = 1
_LOOK_EVERY_S = 0.1


def run(options: argparse.Namespace) -> int:
    """Do it, showing progress on stderr and the result on stdout."""
    paths = Paths.of_user()
    folders: list[Path] = [resolved(folder) for folder in options.folders]
    again: list[Path] = [resolved(path) for path in options.again]
    with logging_to(paths.state, verbose=options.verbose), _opened(paths, options) as core:
        core.forward_messages(print_error)
        embedded: list[AudioId] = []
        core.analysis.embedded.connect(lambda rows: embedded.extend(row.audio_id for row in rows))
        began_s = time.monotonic()
        problem = _analyse(core, folders, again)
        if problem and not embedded:
            raise BrokenEnvironment(problem)
        result = _result(core, [*folders, *again], len(embedded), time.monotonic() - began_s)
        if problem:
            result["problem"] = problem
        if options.json:
            print_json(result)
        else:
            _print(result)
            print_failures(below(core.library.failures(), [*folders, *again]))
            _print_cut_off(below(core.library.ending_early(), [*folders, *again]))
        if problem:
            print_error(f"mecomp-desktop: it did not get to the end: {problem}")
    return SOME_FAILED if problem or result["failed"] else 0


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


def _analyse(core: Core, folders: list[Path], again: list[Path]) -> str:
    """Scan and analyse until nothing is left; return what kept it from the end, or ""."""
    library, analysis = core.library, core.analysis
    # All are checked before any is added: a wrong name adds nothing.
    for folder in folders:
        library.check_root(folder)
    analysis.prepare()
    if again:
        library.read_again_below(again)
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
                return scan.error or status.error
            _show(bar, status, scanning=scan.running)
            if not scan.running and _is_done(core):
                break
            time.sleep(_LOOK_EVERY_S)
        _show(bar, analysis.status(), scanning=False)
    # Once more: what breaks counts as idle, and may have broken after the last look.
    return library.scan_status().error or analysis.status().error


def _is_done(core: Core) -> bool:
    """Return whether all that the scans have found is analysed and counted."""
    core.analysis.wake()
    idle = core.analysis.wait_idle(_LOOK_EVERY_S)
    return idle and not core.library.scan_status().running


def _show(bar: "tqdm[Any]", status: AnalysisStatus, *, scanning: bool) -> None:
    progress = status.progress
    if not progress.total:
        return
    if bar.total is None:  # what was done in an earlier run says nothing about the speed of this
        bar.initial = bar.n = progress.done
    bar.set_description("Analysing, and looking for more" if scanning else "Analysing", False)
    bar.total = progress.total
    bar.update(progress.done + progress.failed - bar.n)


def _result(core: Core, folders: list[Path], analysed: int, seconds: float) -> dict[str, Any]:
    core.library.refresh()
    embedded, total = core.similarity.count_stored()
    failures = below(core.library.failures(), folders)
    return {
        "folders": [str(folder.expanduser().absolute()) for folder in folders],
        "tracks": len(core.library.catalog()),
        "recordings": total,
        "embedded": embedded,
        "analysed": analysed,
        "failed": len(failures),
        "failures": failure_values(failures),
        "cut_off": failure_values(below(core.library.ending_early(), folders)),
        "left_out": _left_out(core, folders),
        "seconds": round(seconds, 3),
    }


def _left_out(core: Core, folders: list[Path]) -> dict[str, str]:
    """Return the folders that were not looked into, with the reason."""
    return {
        path: why
        for root in core.library.roots()
        for path, why in root.left_out
        if any(Path(path).is_relative_to(folder) for folder in folders)
    }


def _print(result: dict[str, Any]) -> None:
    print_line(
        f"{result['embedded']:,} of {result['recordings']:,} songs have been analysed, "
        f"{result['analysed']:,} of them now, in {result['seconds']:.1f} s."
    )
    for path, why in result["left_out"].items():
        print_error(f"Left out: {path} ({why})")
    if result["failed"]:
        print_error(f"{result['failed']:,} files could not be decoded:")


def _print_cut_off(files: list[Failure]) -> None:
    if files:
        print_error(f"{len(files):,} files are cut off; what is there of them was analysed:")
    for file in files:
        print_error(f"  {file.path}: {file.detail}")
