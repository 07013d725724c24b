"""Damaged files through the whole program: ``python -m tests.fuzz.whole --files 3000 --seed 1``.

Files are damaged from a seed, laid out in a folder of one of the kinds of `layouts`, and given to
the program in a process of its own: found by a scan, read in its worker processes, analysed by the
bundled model, shown (cover and waveform) and played to the end on an engine without a sound card.
Watched from outside are the memory of every process, the time and how the process ends; and each
file must be listed and analysed, or named with the reason. Exits with 1 when it is not so.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.fuzz.layouts import LAYOUTS, Layout, lay_out
from tests.fuzz.runner import base_files, damaged
from tests.fuzz.session import Session, reasons

_BATCH_FILES = 120
_TIME_LIMIT_S = 900.0
_SAMPLE_EVERY_S = 0.05
# What the program's own process may take, and each kind of worker: its limit of growth over what
# it holds when it is ready (see `Inspector`, `WorkerSettings`), and what that is.
_MAX_MAIN_BYTES = 700 << 20
_MAX_WORKER_BYTES = {"inspect_worker": 700 << 20, "worker_main": 1_900 << 20}
# What libmpg123 prints of damaged files, past every setting.
_CHATTER = ("[src/libmpg123/", "Note: ", "Warning: ")


@dataclass
class Report:
    """What became of the files.

    Attributes:
        files: How many there were.
        layouts: How many of them lay in each kind of folder.
        kinds: How many there were of each kind.
        outcomes: How often each outcome was met.
        peak_bytes: The most memory that each kind of process had.
        bad: What is not as it should be, with the seed of its batch.
    """

    files: int = 0
    layouts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    peak_bytes: dict[str, int] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the report in words."""
        peaks = ", ".join(f"{name} {peak >> 20} MB" for name, peak in self.peak_bytes.items())
        return [
            f"{self.files} files: " + _counted(self.kinds),
            "folders: " + _counted(self.layouts),
            "outcomes: " + _counted(self.outcomes),
            f"most memory: {peaks}",
            f"{len(self.bad)} not as they should be",
            *(f"BAD {words}" for words in self.bad),
        ]


def run(folder: Path, files: int, first_seed: int, keep: Path | None = None) -> Report:
    """Send so many damaged files through the program, a folder of them at a time.

    Args:
        folder: Where files may be written.
        files: How many.
        first_seed: The seed of the first; each next has the next.
        keep: Where folders with something bad are kept, if anywhere.
    """
    bases, report = base_files(folder), Report()
    for seed in range(first_seed, first_seed + files, _BATCH_FILES):
        seeds = range(seed, min(seed + _BATCH_FILES, first_seed + files))
        files_of_seeds = [damaged(bases, number) for number in seeds]
        contents = [data for _, data in files_of_seeds]
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as place:
            music = Path(place, "music")
            layout = lay_out(music, contents, seed // _BATCH_FILES)
            before = len(report.bad)
            session, peaks, end = _session(Path(place, "home"), layout.roots)
            _judge(report, seed, layout, session, peaks, end)
            report.kinds.update(kind for kind, _ in files_of_seeds)
            if keep is not None and len(report.bad) > before:
                Path(place).rename(keep / str(seed))
                Path(place).mkdir()
    return report


def _session(home: Path, roots: list[Path]) -> tuple[Session | None, dict[str, int], str]:
    """Run one session; return what came of it, the most memory of each process, how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.session"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peaks: dict[str, int] = {}
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, peaks, done))
    watch.start()
    job = json.dumps({"home": str(home), "roots": [os.fspath(root) for root in roots]})
    try:
        output, errors = process.communicate(job + "\n", timeout=_TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None, peaks, f"it hung for {_TIME_LIMIT_S:.0f} s"
    finally:
        done.set()
        watch.join()
    if process.returncode != 0 or not output:
        return None, peaks, f"it ended with {process.returncode}: {errors[-2_000:]}"
    return Session(**json.loads(output)), peaks, errors[-2_000:].strip()


def _watch(pid: int, peaks: dict[str, int], done: threading.Event) -> None:
    """Note the most memory that each process of a tree has had."""
    while not done.wait(_SAMPLE_EVERY_S):
        try:
            process = psutil.Process(pid)
            for member in (process, *process.children(recursive=True)):
                name = "main" if member.pid == pid else member.cmdline()[-1].rpartition(".")[2]
                peaks[name] = max(peaks.get(name, 0), _peak_bytes(member.pid))
        except (psutil.Error, OSError, IndexError):
            continue  # it ended this very moment


def _peak_bytes(pid: int) -> int:
    # The kernel's own high-water mark: a peak between two looks is not missed.
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _judge(
    report: Report,
    seed: int,
    layout: Layout,
    session: Session | None,
    peaks: dict[str, int],
    end: str,
) -> None:
    report.files += len(layout.music) + len(layout.left_out)
    report.layouts[layout.name] += len(layout.music) + len(layout.left_out)
    for name, peak in peaks.items():
        report.peak_bytes[name] = max(report.peak_bytes.get(name, 0), peak)
        limit = _MAX_MAIN_BYTES if name == "main" else _MAX_WORKER_BYTES.get(name)
        if limit is not None and peak > limit:
            report.bad.append(f"seed {seed}: {name} had {peak >> 20} MB")
    if session is None:
        report.bad.append(f"seed {seed}, {layout.name}: {end}")
        return
    problems = [*session.problems, *(f"said {line}" for line in _said(end))]
    problems.extend(_unaccounted(layout, session))
    report.bad.extend(f"seed {seed}, {layout.name}: {words}" for words in problems)
    report.outcomes["listed"] += len(session.listed)
    report.outcomes["analysed"] += len(session.embedded)
    report.outcomes["listed, not analysed, named"] += len(
        set(session.not_analysed) - set(session.embedded)
    )
    report.outcomes["refused, named"] += len(session.refused)
    report.outcomes["left out"] += len(layout.left_out)
    report.outcomes["played"] += session.played
    report.outcomes["not played, named"] += session.not_played
    report.outcomes["with a waveform"] += session.shapes
    report.outcomes["with a cover"] += session.covers
    report.outcomes.update({f"reason {why}": n for why, n in reasons(session).items()})


def _said(errors: str) -> Iterator[str]:
    """Give what the program wrote on its standard error, but for the chatter of a library."""
    chatter = False
    for line in errors.splitlines():
        # What it says goes on over several lines.
        chatter = line.startswith(_CHATTER) or (chatter and "Traceback" not in line)
        if not chatter and line.strip():
            yield line


def _unaccounted(layout: Layout, session: Session) -> Iterator[str]:
    """Give the files that are neither listed nor named, and those that should not be."""
    listed, refused = set(session.listed), set(session.refused)
    music = {os.fsencode(path.resolve()).hex(): path for path in layout.music}
    for name in sorted(set(music) - listed - refused):
        yield f"{music[name]} is neither listed nor refused"
    for name in sorted(listed & refused & set(music)):
        yield f"{music[name]} is both listed and refused"
    for path in layout.left_out:
        if os.fsencode(path.resolve()).hex() in listed | refused:
            yield f"{path} should have been left out"
    for name in sorted(listed - set(session.embedded) - set(session.not_analysed)):
        yield f"{bytes.fromhex(name)!r} is neither analysed nor named"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.whole", description=__doc__)
    parser.add_argument("--files", type=int, default=len(LAYOUTS) * _BATCH_FILES, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first file")
    parser.add_argument("--keep", type=Path, help="where folders with something bad are kept")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), options.files, options.seed, options.keep)
    for line in report.lines():
        print(line)  # noqa: T201
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())
