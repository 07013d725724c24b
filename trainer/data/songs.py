"""Finding the files of the songs that a table of answers names."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.library.identity import audio_id
from trainer.data.answers import Answer
from trainer.data.clip import Clip

_IDENTITY = re.compile(r"[0-9a-f]{32}")


def find_songs(answers: Iterable[Answer], music: Sequence[Clip] = ()) -> dict[str, Clip]:
    """Returns a clip for every song that is found, by what the table calls it.

    A song is looked for where the table says it lay, then among ``music`` by key, by path and,
    if it has moved, by the identity of its sound.
    """
    path_of: dict[str, str] = {}
    for answer in answers:
        for song, path in zip(answer.songs, answer.paths, strict=True):
            path_of[song] = path_of.get(song) or path
    known = _names(music)
    found: dict[str, Clip] = {}
    for song, path in path_of.items():
        clip = next((known[name] for name in (song, path) if name in known), None)
        there = next((Path(name) for name in (path, song) if name and Path(name).is_file()), None)
        if clip is not None:
            found[song] = Clip(song, clip.path, clip.artist, clip.album, clip.title, clip.genre)
        elif there is not None:
            found[song] = Clip(song, there)
    # By identity last: it reads the files of the folder, one after the other, until all are found.
    lost = {song for song in path_of if song not in found and _IDENTITY.fullmatch(song)}
    return found | _by_identity(lost, music)


def _names(music: Sequence[Clip]) -> dict[str, Clip]:
    names: dict[str, Clip] = {}
    for clip in music:
        names |= {clip.key: clip, str(clip.path): clip, str(clip.path.resolve()): clip}
    return names


def _by_identity(songs: set[str], music: Sequence[Clip]) -> dict[str, Clip]:
    found: dict[str, Clip] = {}
    for clip in music:
        if len(found) == len(songs):
            break
        try:
            identity = str(audio_id(clip.path))
        except UnreadableFile:
            continue
        if identity in songs:
            found[identity] = Clip(identity, clip.path, clip.artist, clip.album, clip.title)
    return found
