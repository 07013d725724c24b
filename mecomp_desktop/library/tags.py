"""What a music file says about itself."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mecomp_desktop.domain.track import Tags
from mecomp_desktop.errors import UnreadableFile
from mecomp_desktop.files import opened
from mecomp_desktop.formats.probe import probe_format
from mecomp_desktop.library.coding import bytes_of_sound, format_name, mean_bit_rate_kbps
from mecomp_desktop.library.cue_files import Cut, cut_by_sheets
from mecomp_desktop.library.file_names import NamedBy, from_path
from mecomp_desktop.library.tag_fields import Fields, from_names
from mecomp_desktop.library.tag_sources import parse, tag_sources
from mecomp_desktop.library.tag_values import values_of


def read_tags(path: Path, root: Path | None = None) -> Tags:
    """Return what a file says about itself, as `read_songs` does, whatever sheets say of it."""
    return read_songs(path, root, ())[0]


def read_songs(
    path: Path, root: Path | None = None, sheets: Sequence[str] | None = None
) -> tuple[Tags, Cut]:
    """Return what a file says about itself, and the songs that a CUE sheet cuts it into.

    Where the file is silent, its name tells.

    Args:
        path: A music file of any kind.
        root: The folder of music it belongs to; folders below it may name artist and album.
        sheets: The names of the sheets in its folder; ``None``: look for them.

    Raises:
        UnreadableFile: It cannot be opened, or no decoder finds sound in it.
    """
    with opened(path) as file:
        parsed = parse(file, path.suffix.lower())
        sources = tag_sources(file, parsed)
        sound_bytes = bytes_of_sound(file)
    duration_s, ends_early = _length(path)
    if parsed is None:
        sources.insert(0, _by_ffmpeg(path))
    tags = _tags(sources, from_path(path, root), duration_s)
    tags = replace(
        tags,
        format=format_name(path, parsed),
        bit_rate_kbps=mean_bit_rate_kbps(sound_bytes, duration_s),
        ends_early=ends_early,
    )
    return tags, cut_by_sheets(path, tags, sources, parsed, sheets)


def _length(path: Path) -> tuple[float, bool]:
    """Return the length, and whether it is clearly less than the header promises.

    Not mutagen's, which believes the header.

    Where a look at the file tells it exactly, no decoder is opened: for Ogg and FLAC that makes
    a first scan several times as quick.
    """
    look = probe_format(path)
    if look.frames and look.sample_rate_hz > 0:
        return look.frames / look.sample_rate_hz, look.cut_off
    # NumPy and the decoders take 0.2 s to load: a library of FLAC and Ogg does without.
    from mecomp_desktop.audio.decode import probe

    return probe(path, look=look).duration_s, look.cut_off


def _by_ffmpeg(path: Path) -> Fields:
    """Return the tags of a container that mutagen does not know (Matroska, CAF …)."""
    # FFmpeg takes a moment to load, and only these rare containers need it.
    import av.error

    from mecomp_desktop.audio.ffmpeg_container import open_container

    try:
        with open_container(path) as container:
            streams = container.streams.audio
            metadata = {**(streams[0].metadata if streams else {}), **container.metadata}
    except (av.error.FFmpegError, UnreadableFile):
        return {}
    return from_names({name: [text] for name, text in metadata.items()})


def _tags(sources: list[Fields], named: NamedBy, duration_s: float) -> Tags:
    values = values_of(sources)
    untagged = not (values["title"] or values["artists"] or values["album"])
    if untagged:
        if named.artist:
            values |= {"artists": (named.artist,), "album": named.album}
        for name in ("track_number", "disc_number", "year"):
            values[name] = values[name] or getattr(named, name)
    values["title"] = values["title"] or named.title
    return Tags(**values, duration_s=duration_s)
