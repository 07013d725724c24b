"""The CUE sheets of a music file: beside it, and inside it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mecomp_desktop.domain.track import Tags
from mecomp_desktop.files import reachable
from mecomp_desktop.library.cue_parts import CutSong, cut, is_about
from mecomp_desktop.library.cue_sheet import (
    MAX_SHEET_BYTES,
    CueError,
    CueSheet,
    CueTrack,
    parse_cue,
    sheet_text,
)
from mecomp_desktop.library.tag_fields import Fields

_log = logging.getLogger(__name__)
CUE_SUFFIX = ".cue"
# A folder of so many albums has a sheet of the same name for each; the others are not looked at.
_MAX_SHEETS = 32
_LEAD_OUT = (170, 255)


@dataclass(frozen=True, slots=True)
class RefusedSheet:
    """A sheet that is about a file and cannot be used.

    Attributes:
        name: The name of its file.
        why: What is wrong with it.
    """

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Cut:
    """What the sheets of a file come to.

    Attributes:
        songs: The songs in it; none where the file is one song.
        refused: The sheet beside it that would cut it, and is broken.
    """

    songs: tuple[CutSong, ...] = ()
    refused: RefusedSheet | None = None


def is_sheet(name: str) -> bool:
    """Return whether a name is that of a CUE sheet."""
    return name[-len(CUE_SUFFIX) :].lower() == CUE_SUFFIX and not name.startswith("._")


def cut_by_sheets(
    path: Path,
    whole: Tags,
    sources: list[Fields],
    parsed: Any = None,  # noqa: ANN401 (mutagen has no types)
    sheets: Sequence[str] | None = None,
) -> Cut:
    """Return the songs of a music file.

    A sheet beside the file comes before one inside it: that is the one a listener sees and mends.

    Args:
        path: The file.
        whole: What is known of it.
        sources: Its own tags, those to believe first in front.
        parsed: It as mutagen reads it.
        sheets: The names of the sheets in its folder; ``None``: look for them.
    """
    if sheets is None:
        sheets = _sheets_beside(path)

    def is_there(name: str) -> bool:
        return reachable(path.with_name(name))

    refused = None
    for name in _likeliest_first(sheets, path):
        is_namesake = Path(name).stem.casefold() in (path.stem.casefold(), path.name.casefold())
        about = path.name if is_namesake else ""
        try:
            sheet = parse_cue(sheet_text(_read(path.with_name(name))))
            about = is_about(sheet, name, path.name, is_there)
            if about and (songs := cut(sheet, about, whole, sources)):
                return Cut(tuple(songs), None)
        except CueError as error:
            # Of a sheet that cannot be read at all only its name tells which file it is about.
            if about and refused is None:
                refused = RefusedSheet(name, str(error))
        except OSError as error:
            _log.info("the sheet %s is left out: %s", name, error)
    return Cut(tuple(_cut_from_inside(path, whole, sources, parsed)), refused)


def _cut_from_inside(
    path: Path,
    whole: Tags,
    sources: list[Fields],
    parsed: Any,  # noqa: ANN401 (mutagen has no types)
) -> list[CutSong]:
    for read in _sheets_inside(sources, parsed):
        try:
            sheet = read()
            about = is_about(sheet, "", path.name, lambda _name: False)
            if about and (songs := cut(sheet, about, whole, sources)):
                return songs
        except CueError as error:
            _log.info("the sheet inside %s is left out: %s", path, error)
    return []


def _sheets_inside(
    sources: list[Fields],
    parsed: Any,  # noqa: ANN401 (mutagen has no types)
) -> Iterator[Callable[[], CueSheet]]:
    """Give readers of what may be a sheet: the tag CUESHEET first, for it has titles."""
    for source in sources:
        for text in source.get("cuesheet", ()):
            yield partial(parse_cue, text[:MAX_SHEET_BYTES])
    block = getattr(parsed, "cuesheet", None)
    if block is not None:
        yield partial(_from_block, block, parsed.info.sample_rate)


def _from_block(block: Any, sample_rate_hz: int) -> CueSheet:  # noqa: ANN401 (mutagen's)
    """Return what FLAC's own block says: the places in samples, no titles."""
    sheet = CueSheet()
    for entry in block.tracks:
        if entry.track_number in _LEAD_OUT or not entry.indexes or sample_rate_hz <= 0:
            continue
        # Without INDEX 01, as for a single index, the last one is the beginning of the song.
        places = {place.index_number: place.index_offset for place in entry.indexes}
        offset = places.get(1, entry.indexes[-1].index_offset)
        start_s = (entry.start_offset + offset) / sample_rate_hz
        track = CueTrack(entry.track_number, entry.type == 0, start_s=start_s)
        sheet.tracks.append(track)
    if not sheet.tracks:
        raise CueError("it has no tracks")
    return sheet


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_SHEET_BYTES + 1)


def _sheets_beside(path: Path) -> list[str]:
    try:
        return [entry.name for entry in path.parent.iterdir() if is_sheet(entry.name)]
    except OSError:
        return []


def _likeliest_first(sheets: Sequence[str], path: Path) -> list[str]:
    stem, name = path.stem.casefold(), path.name.casefold()

    def rank(sheet: str) -> tuple[bool, str]:
        return Path(sheet).stem.casefold() not in (stem, name), sheet

    return sorted(sheets, key=rank)[:_MAX_SHEETS]
