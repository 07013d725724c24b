"""The process that meets the files: a line with a path in, a line with what became of it out."""

import json
import resource
import sys
from pathlib import Path

import numpy as np
import psutil

from mecomp_desktop.audio.decode import load_decoders, open_audio, probe
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.library.covers import find_cover
from mecomp_desktop.library.identity import audio_id
from mecomp_desktop.library.tags import read_tags

_BLOCK_FRAMES = 22_050
# Sound for this long shows what there is to be shown; a header may claim years.
_MAX_FRAMES = 20_000_000


def main(extra_bytes: int) -> None:
    """Serve until the input ends, growing by so many bytes at most."""
    load_decoders()
    limit = psutil.Process().memory_info().vms + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        before = _peak_bytes()
        outcome = examine(Path(json.loads(line)))
        growth = _peak_bytes() - before
        print(json.dumps({"outcome": outcome, "growth_bytes": growth}), flush=True)  # noqa: T201


def examine(path: Path) -> str:
    """Return ``decoded``, why a file was refused, or what is wrong with what it gave."""
    try:
        if nonsense := _nonsense_in_tags(path):
            return nonsense
        info = probe(path)
        if not 0 <= info.duration_s < 1e9 or info.channels < 1 or info.sample_rate_hz < 1:
            return f"nonsense: {info}"
        with open_audio(path) as decoder:
            frames = 0
            while frames < _MAX_FRAMES and len(block := decoder.read(_BLOCK_FRAMES)):
                frames += len(block)
                if block.dtype != np.float32 or block.ndim != 2:
                    return f"nonsense: {block.dtype} {block.shape}"
            for place in (frames // 2, 0, frames):
                decoder.seek(place)
                decoder.read(1_000)
    except UnreadableFile as failure:
        return f"refused: {failure.reason.name}"
    except BaseException as error:
        return f"raised: {type(error).__name__}: {error}"
    return "decoded" if frames else "refused: no frames"


def _nonsense_in_tags(path: Path) -> str:
    """Read what a scan reads; return what is wrong with it."""
    find_cover(path)  # never raises, whatever lies in the file
    tags, audio = read_tags(path), audio_id(path)
    "".join((tags.title, tags.album, tags.side, *tags.artists, *tags.genres)).encode()
    if not tags.title or not 0 <= tags.duration_s < 1e9 or len(audio) != 32:
        return f"nonsense: {tags} {audio}"
    return ""


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
