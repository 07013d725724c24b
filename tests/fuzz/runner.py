"""Sends damaged files to child processes and counts what becomes of them."""

import contextlib
import json
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.mutations import mutate
from tests.support.audio_files import FORMATS, make_audio
from tests.support.pictures import make_jpeg

KINDS = tuple(FORMATS)
_TAGS = {"title": "Song", "artist": "Band", "album": "Record", "tracknumber": "3/12"}
_WITHOUT_TAGS = ("webm",)  # mutagen writes none there
_EXTRA_BYTES = 1 << 30
_TIME_LIMIT_S = 30.0
_START_LIMIT_S = 60.0
_MUCH_MEMORY_BYTES = 400 << 20


@dataclass
class Report:
    """What became of the files.

    Attributes:
        counts: How often each outcome was met, by kind.
        bad: Crashes, hangs, anything raised that is not ``UnreadableFile``, and much memory: the
            kind, the seed and what happened.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    bad: list[tuple[str, int, str]] = field(default_factory=list)

    def note(self, kind: str, seed: int, outcome: str, growth_bytes: int) -> None:
        """Count one file."""
        self.counts[kind, outcome.partition(":")[0]] += 1
        fine = outcome == "decoded" or outcome.startswith("refused")
        if not fine:
            self.bad.append((kind, seed, outcome))
        elif growth_bytes > _MUCH_MEMORY_BYTES:
            self.bad.append((kind, seed, f"grew by {growth_bytes >> 20} MB"))

    def lines(self) -> list[str]:
        """Return the table: one line a kind, and one for each file that is not as it should be."""
        outcomes = sorted({outcome for _, outcome in self.counts})
        table = []
        for kind in sorted({kind for kind, _ in self.counts}):
            cells = [f"{outcome} {self.counts[kind, outcome]}" for outcome in outcomes]
            table.append(f"{kind:8} " + ", ".join(cells))
        return [*table, *(f"BAD {kind} seed {seed}: {what}" for kind, seed, what in self.bad)]


class Child:
    """One process that examines files; a new one takes the place of one that died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._examined = 0

    def examine(self, path: Path) -> tuple[str, int]:
        """Return what became of a file, and by how many bytes the process grew."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(str(path)) + "\n")
            process.stdin.flush()
        limit_s = _TIME_LIMIT_S if self._examined else _START_LIMIT_S
        self._examined += 1
        ready, _, _ = select.select([process.stdout], [], [], limit_s)
        line = process.stdout.readline() if ready else ""
        if line:
            answer = json.loads(line)
            return str(answer["outcome"]), int(answer["growth_bytes"])
        process.kill()
        code = process.wait()
        self.close()
        return ("hung" if not ready else f"crashed: it ended with {code}"), 0

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None:
            self._examined = 0
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.child", str(_EXTRA_BYTES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        return self._process


def base_files(folder: Path) -> dict[str, tuple[bytes, bytes]]:
    """Return a short piece of music in every kind, without and with tags and a cover."""
    return {kind: (_song(folder, kind, {}), _song(folder, kind, _TAGS)) for kind in KINDS}


def damaged(bases: Mapping[str, tuple[bytes, bytes]], seed: int) -> tuple[str, bytes]:
    """Return a kind, and a damaged file of it; the same seed gives the same."""
    kind = KINDS[seed % len(KINDS)]
    data = bases[kind][seed // len(KINDS) % 2]
    return kind, mutate(data, seed, [file for pair in bases.values() for file in pair])


def _song(folder: Path, kind: str, tags: Mapping[str, str]) -> bytes:
    tagged = bool(tags) and kind not in _WITHOUT_TAGS
    path = folder / f"{kind}{tagged}{FORMATS[kind].suffix}"
    make_audio(
        path, 1.0, kind=kind, tags=tags if tagged else None, cover=make_jpeg() if tagged else None
    )
    return path.read_bytes()


def run(folder: Path, files: int, first_seed: int, keep: Path | None = None) -> Report:
    """Examine so many damaged files.

    Args:
        folder: Where files may be written.
        files: How many.
        first_seed: The seed of the first; each next has the next.
        keep: Where files that are not as they should be are kept, if anywhere.
    """
    bases, report, child = base_files(folder), Report(), Child()
    try:
        for seed in range(first_seed, first_seed + files):
            kind, data = damaged(bases, seed)
            # The name never tells: the content does.
            path = folder / f"{seed}.mp3"
            path.write_bytes(data)
            before = len(report.bad)
            report.note(kind, seed, *child.examine(path))
            if keep is not None and len(report.bad) > before:
                path.replace(keep / path.name)
            path.unlink(missing_ok=True)
    finally:
        child.close()
    return report
