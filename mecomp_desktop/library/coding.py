"""How the sound of a file is coded: its format by a listener's name, and its mean bit rate."""

from pathlib import Path
from typing import BinaryIO

import mutagen
import mutagen.aac
import mutagen.aiff
import mutagen.asf
import mutagen.flac
import mutagen.mp3
import mutagen.mp4
import mutagen.oggflac
import mutagen.oggopus
import mutagen.oggspeex
import mutagen.oggvorbis
import mutagen.wave
import mutagen.wavpack

from mecomp_desktop.formats import ogg
from mecomp_desktop.formats.byte_range import file_size, read_at
from mecomp_desktop.formats.payload import payload

_NAMES: dict[type[mutagen.FileType], str] = {
    mutagen.aac.AAC: "aac",
    mutagen.aiff.AIFF: "aiff",
    mutagen.asf.ASF: "wma",
    mutagen.flac.FLAC: "flac",
    mutagen.mp3.MP3: "mp3",
    mutagen.oggflac.OggFLAC: "flac",
    mutagen.oggopus.OggOpus: "opus",
    mutagen.oggspeex.OggSpeex: "speex",
    mutagen.oggvorbis.OggVorbis: "ogg",
    mutagen.wave.WAVE: "wav",
    mutagen.wavpack.WavPack: "wavpack",
}


def format_name(path: Path, parsed: mutagen.FileType | None) -> str:
    """Return what a listener calls a file's format: flac, mp3, opus, ogg, aac, alac, wav ….

    Args:
        path: The file; its ending is the answer where its bytes do not tell.
        parsed: The file as mutagen reads it.
    """
    if isinstance(parsed, mutagen.mp4.MP4):
        # Two codings, one without loss, share the container and its endings.
        return "alac" if getattr(parsed.info, "codec", "") == "alac" else "aac"
    name = _NAMES.get(type(parsed)) if parsed is not None else None
    return name or path.suffix.lower().lstrip(".")


def bytes_of_sound(file: BinaryIO) -> int:
    """Return how many bytes of a file are sound: tags and pictures are left out."""
    if read_at(file, 0, 4) == ogg.CAPTURE:
        return file_size(file) - ogg.first_audio_page(file)
    return sum(span.length for span in payload(file))


def mean_bit_rate_kbps(sound_bytes: int, duration_s: float) -> int | None:
    """Return the mean bit rate, whatever a header claims; ``None`` where the length is not known.

    Args:
        sound_bytes: As `bytes_of_sound` tells.
        duration_s: The length of the sound.
    """
    if duration_s <= 0:
        return None
    return round(sound_bytes * 8 / duration_s / 1000) or None
