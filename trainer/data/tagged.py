"""A folder of tagged music, as a listener keeps it."""

from pathlib import Path

import mutagen

from trainer.data.clip import Clip, MusicSet

AUDIO_SUFFIXES = frozenset({
    ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".wav", ".aif", ".aiff",
    ".wma", ".ape", ".wv",
})  # fmt: skip


def read_tagged(folder: Path) -> MusicSet:
    """Reads artist, album, title and genre from the tags of every audio file below ``folder``.

    A file whose tags cannot be read is skipped, and named.
    """
    clips, skipped = [], {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in AUDIO_SUFFIXES or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        try:
            # The easy interface has the same names for every container.
            tags = mutagen.File(path, easy=True)
        except (mutagen.MutagenError, OSError) as problem:
            skipped[name] = f"its tags cannot be read: {problem}"
            continue
        if tags is None:
            skipped[name] = "not a kind of music file that is known"
            continue
        clips.append(_clip(path, name, {k: str(v[0]) for k, v in (tags.tags or {}).items() if v}))
    return MusicSet(folder.name, tuple(clips), skipped=skipped)


def _clip(path: Path, name: str, tags: dict[str, str]) -> Clip:
    return Clip(
        key=name,
        path=path,
        artist=tags.get("artist", ""),
        album=tags.get("album", ""),
        title=tags.get("title", path.stem),
        genre=tags.get("genre", ""),
    )
