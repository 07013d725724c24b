"""From a CUE sheet to the songs of one file: which of its tracks they are, and whether they fit."""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from mecomp_desktop.domain.part import Part
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.cue_sheet import CueError, CueSheet, CueTrack
from mecomp_desktop.library.disc_folders import disc_number
from mecomp_desktop.library.tag_fields import Fields
from mecomp_desktop.library.tag_values import values_of

# What a file says of itself as a whole is not true of each of its songs.
_OF_THE_FILE = ("title", "titlesort", "tracknumber", "artists", "artistsort", "isrc", "cuesheet")
# Where no tag says it, the file's folders may have.
_FROM_THE_NAME = ("artists", "album", "disc_number", "year")
# A header's length and a sheet's may differ by some frames of a codec.
_SLACK_S = 0.5


@dataclass(frozen=True, slots=True)
class CutSong:
    """One song of a file.

    Attributes:
        part: The stretch of the file.
        tags: What is said of it.
    """

    part: Part
    tags: Tags


def is_about(
    sheet: CueSheet, sheet_name: str, audio_name: str, is_there: Callable[[str], bool]
) -> str:
    """Return by which name a sheet means a file; empty where it is not about it.

    The names in sheets are often out of date: the file was encoded since (``.wav`` in the sheet,
    ``.flac`` on the disk), or renamed together with its sheet.

    Args:
        sheet: The sheet.
        sheet_name: The name of its own file; empty for one inside the music file.
        audio_name: The name of the music file.
        is_there: Tells whether there is a file of a name in the folder.
    """
    for name in sheet.files:
        if _folded(name) == _folded(audio_name):
            return name
    for name in sheet.files:
        if name and _stem(name) == _stem(audio_name) and not is_there(name):
            return name
    is_namesake = not sheet_name or _stem(sheet_name) in (_stem(audio_name), _folded(audio_name))
    if len(sheet.files) == 1 and is_namesake:
        name = sheet.files[0]
        if not name or not is_there(name):
            return name or audio_name
    return ""


def cut(
    sheet: CueSheet, file_name: str, whole: Tags, sources: list[Fields] | None = None
) -> list[CutSong]:
    """Return the songs of a file; none where a sheet has but one song for it, which it is then.

    Args:
        sheet: A sheet that is about it.
        file_name: By which name, as `is_about` returned it.
        whole: What is known of the whole file.
        sources: The file's own tags, those to believe first in front.

    Raises:
        CueError: The sheet's times make no sense, or not for this file.
    """
    tracks = [track for track in sheet.tracks if track.file in (file_name, "")]
    if sum(track.is_audio for track in tracks) < 2:
        return []
    _check(tracks, whole.duration_s)
    songs = []
    for track, following in zip(tracks, [*tracks[1:], None], strict=True):
        if track.is_audio and track.start_s is not None:
            part = Part(track.start_s, None if following is None else following.start_s)
            tags = _tags(track, sheet, part, whole, sources or [])
            if tags.disc_number is None:
                tags = replace(tags, disc_number=disc_number(PurePath(file_name).stem))
            songs.append(CutSong(part, tags))
    return songs


def _check(tracks: list[CueTrack], duration_s: float) -> None:
    before_s = -1.0
    for track in tracks:
        if track.start_s is None:
            raise CueError(f"track {track.number} has no beginning")
        if track.start_s <= before_s:
            raise CueError(f"track {track.number} begins before the one before it")
        if 0 < duration_s <= track.start_s + _SLACK_S and track.start_s > 0:
            raise CueError(
                f"track {track.number} begins at {_clock(track.start_s)},"
                f" and the music ends at {_clock(duration_s)}"
            )
        before_s = track.start_s


def _tags(track: CueTrack, sheet: CueSheet, part: Part, whole: Tags, sources: list[Fields]) -> Tags:
    of_album = {name: texts for name, texts in sheet.fields.items() if name != "title"}
    if "title" in sheet.fields:
        of_album["album"] = sheet.fields["title"]
    if "artist" in sheet.fields:
        of_album["albumartist"] = sheet.fields["artist"]
    if any("exactaudiocopy" in text.lower() for text in of_album.get("comment", ())):
        del of_album["comment"]  # the ripper's signature, nobody's words on the album
    fields = {**of_album, **track.fields, "tracknumber": [str(track.number)]}
    of_file = [_without(source, _OF_THE_FILE) for source in sources]
    values: dict[str, Any] = values_of([fields, *of_file])
    values["title"] = values["title"] or f"Track {track.number}"
    for name in _FROM_THE_NAME:
        values[name] = values[name] or getattr(whole, name)
    length_s = part.length_s(whole.duration_s)
    # What is told by the file's bytes, as its format, is true of every part.
    return replace(whole, **values, duration_s=length_s)


def _without(source: Fields, names: Collection[str]) -> Fields:
    return {name: texts for name, texts in source.items() if name not in names}


def _clock(time_s: float) -> str:
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes}:{seconds:02}"


def _folded(name: str) -> str:
    """Return a name as systems that know no case or compose accents differently compare it."""
    return unicodedata.normalize("NFC", name).casefold()


def _stem(name: str) -> str:
    return _folded(PurePath(name).stem)
