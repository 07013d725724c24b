"""Folders as listeners have them, from a seed: what lies where, and what of it is music."""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mecomp_desktop.library.walk import MUSIC_SUFFIXES

_SUFFIXES = tuple(sorted(MUSIC_SUFFIXES))
_LEFT_OUT = ("#recycle", "@Recycle", "#snapshot", "@eaDir", "@tmp", "$RECYCLE.BIN", ".Trash-1000")
_ALBUMS = ("...And Justice for All", ".38 Special", "M.A.N.I.A", "Greatest Hits", "日本", "a;b")
_LONG_NAME_BYTES = 240
_DEPTH = 24


@dataclass
class Layout:
    """A folder of music.

    Attributes:
        name: What kind it is.
        roots: What a listener adds to the library.
        music: The files that are to be listed or refused, by their real paths.
        left_out: The files that are to be neither.
    """

    name: str
    roots: list[Path] = field(default_factory=list)
    music: set[Path] = field(default_factory=set)
    left_out: set[Path] = field(default_factory=set)


Place = Callable[[int, random.Random], Path]


def lay_out(folder: Path, contents: Sequence[bytes], seed: int) -> Layout:
    """Write files into a folder of one kind; the same seed makes the same.

    Args:
        folder: Where; it must not exist.
        contents: What the files hold.
        seed: Decides the kind and the names.
    """
    rng = random.Random(seed)
    name = LAYOUTS[seed % len(LAYOUTS)]
    layout = Layout(name, [folder])
    place = _PLACES[name]
    for number, data in enumerate(contents):
        path = folder / place(number, rng)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        hidden = any(part in _LEFT_OUT or part == "quiet" for part in path.parts)
        (layout.left_out if hidden else layout.music).add(path)
    _FINISH.get(name, _leave)(folder, layout)
    return layout


def _file(number: int, rng: random.Random) -> str:
    return f"{number:04}{rng.choice(_SUFFIXES)}"


def _flat(number: int, rng: random.Random) -> Path:
    return Path(_file(number, rng))


def _albums(number: int, rng: random.Random) -> Path:
    return Path(f"Band {number % 5}", rng.choice(_ALBUMS), _file(number, rng))


def _discs(number: int, rng: random.Random) -> Path:
    side = rng.choice("AB")
    return Path("Band", "Box", f"CD{1 + number % 3}", f"{side}{1 + number} {_file(number, rng)}")


def _left_out(number: int, rng: random.Random) -> Path:
    return Path(rng.choice((*_LEFT_OUT, *_ALBUMS)), _file(number, rng))


def _no_media(number: int, rng: random.Random) -> Path:
    return Path(rng.choice(("quiet/below", "quiet", "loud")), _file(number, rng))


def _deep(number: int, rng: random.Random) -> Path:
    return Path(*[f"d{rng.randrange(3)}" for _ in range(rng.randrange(1, _DEPTH))]) / _file(
        number, rng
    )


def _odd_names(number: int, rng: random.Random) -> Path:
    odd = rng.choice(
        (
            b"\xff\xfe not UTF-8",
            b"\x1b[31mred\x07",
            b"line\nbreak\ttab",
            b"n" * _LONG_NAME_BYTES,
            "e\u0301 \u202egnp.\u2066 \u200c".encode(),
            b" . ",
            b"100% (x) [y] {z} 'q' \"w\"",
        )
    )
    return Path(os.fsdecode(odd + b"%d" % number + rng.choice(_SUFFIXES).encode()))


def _leave(_folder: Path, _layout: Layout) -> None:
    pass


def _with_link(folder: Path, layout: Layout) -> None:
    """Let the library know the folder by a link, with links inside it that go in circles."""
    link = folder.with_name(f"{folder.name} link")
    link.symlink_to(folder, target_is_directory=True)
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    (folder / "nothing.mp3").symlink_to(folder / "is not there.mp3")
    os.mkfifo(folder / "pipe.flac")
    layout.roots = [link / ".." / link.name]


def _with_inner_root(folder: Path, layout: Layout) -> None:
    layout.roots = [folder / "Band 0", folder, folder / "Band 1"]


def _without_media(folder: Path, _layout: Layout) -> None:
    (folder / "quiet").mkdir(exist_ok=True)
    (folder / "quiet" / ".nomedia").touch()


def _with_covers(folder: Path, layout: Layout) -> None:
    """Put broken and whole bytes beside the songs under the names of covers."""
    for number, path in enumerate(sorted(layout.music)):
        if number % 3 == 0:
            (path.parent / ("cover.jpg", "folder.png", "front.webp")[number // 3 % 3]).write_bytes(
                path.read_bytes()[:5_000]
            )


_PLACES: dict[str, Place] = {
    "flat": _flat,
    "albums": _albums,
    "discs": _discs,
    "bins and snapshots": _left_out,
    "no media": _no_media,
    "deep": _deep,
    "odd names": _odd_names,
    "links": _albums,
    "roots in roots": _albums,
    "covers beside": _albums,
}
_FINISH: dict[str, Callable[[Path, Layout], None]] = {
    "links": _with_link,
    "roots in roots": _with_inner_root,
    "no media": _without_media,
    "covers beside": _with_covers,
}
LAYOUTS = tuple(_PLACES)
"""The kinds of folders."""
