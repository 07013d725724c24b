"""Quod Libet: the ``songs`` file, a pickle of which only the data is taken."""

import io
import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mecomp_desktop.errors import UserError
from mecomp_desktop.imports.found import Found, FoundSong, count_of, half_stars_of, time_of

_MODULES = ("quodlibet.", "formats.")
_UNRATED = -1.0


class _Song(dict[str, Any]):
    """What stands in for each of Quod Libet's classes: its tags, and nothing that runs."""


class _DataOnly(pickle.Unpickler):
    """Makes dictionaries of songs; refuses every name that could run anything.

    A pickle is a program. The names here are all that its songs need: a class of the player's
    own becomes a plain dictionary, whatever it would have been.
    """

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 (pickle's own signature)
        """Return what a name stands for.

        Raises:
            pickle.UnpicklingError: It is none of those that songs are made of.
        """
        if module.startswith(_MODULES) and name[:1].isalpha():
            return _Song
        if (module, name) in _ALLOWED:
            return _ALLOWED[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that a song is made of")


def _reconstructed(_kind: object, _base: object, state: object) -> _Song:
    return _Song(state if isinstance(state, dict) else {})


_ALLOWED: Mapping[tuple[str, str], Any] = {
    ("copyreg", "_reconstructor"): _reconstructed,
    ("copy_reg", "_reconstructor"): _reconstructed,
    ("builtins", "dict"): dict,
    ("__builtin__", "dict"): dict,
}


def is_mine(head: bytes, _file: Path) -> bool:
    """Return whether a file that begins like this is Quod Libet's."""
    return head[:1] == b"\x80" and (b"quodlibet" in head or b"formats." in head)


def read(file: Path) -> Found:
    """Read the songs.

    Raises:
        UserError: The file is damaged, or holds something other than songs.
    """
    try:
        songs = _DataOnly(io.BytesIO(file.read_bytes()), encoding="utf-8", errors="replace").load()
    # A damaged pickle fails in any way there is.
    except Exception as error:
        raise UserError(f"{file} is no list of songs: {error}") from error
    if not isinstance(songs, list):
        raise UserError(f"{file} is no list of songs")
    return Found("Quod Libet", [_song(song) for song in songs if isinstance(song, dict)])


def _song(values: Mapping[str, Any]) -> FoundSong:
    name = values.get("~filename")
    name = os.fsdecode(name) if isinstance(name, bytes) else name
    rating = values.get("~#rating", _UNRATED)
    length_s = values.get("~#length", 0)
    return FoundSong(
        Path(name) if isinstance(name, str) and name.startswith("/") else None,
        _text(values.get("title")),
        _text(values.get("artist")),
        _text(values.get("album")),
        float(length_s) if isinstance(length_s, int | float) else 0.0,
        count_of(values.get("~#playcount")),
        count_of(values.get("~#skipcount")),
        last_played_at_s=time_of(values.get("~#lastplayed")),
        added_at_s=time_of(values.get("~#added")),
        half_stars=half_stars_of(rating if isinstance(rating, int | float) else None),
    )


def _text(value: object) -> str:
    # Several values of one tag stand on lines of their own.
    return value.split("\n")[0] if isinstance(value, str) else ""
