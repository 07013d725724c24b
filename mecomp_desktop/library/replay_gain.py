"""ReplayGain in its several spellings, brought to one: decibels towards −18 LUFS.

ReplayGain 1 and 2 both aim at what ReplayGain 2 calls −18 LUFS (89 dB on the old scale). Opus has
numbers of its own, and ID3 a frame of its own; here both become texts as ReplayGain has them, so
that the fields of `library.fields` need not know.
"""

import re
from collections.abc import Iterable
from typing import Any

Fields = dict[str, list[str]]

_NUMBER = re.compile(r"\s*([+-]?\d{1,3}(?:[.,]\d{1,9})?)\s*(?:dB|LU)?\s*", re.IGNORECASE)
# Nobody's music is that far from the aim: such a number is a slip of some program.
_MAX_GAIN_DB = 60.0
_MAX_PEAK = 64.0
# RFC 7845: gains of Opus files aim at −23 LUFS, in steps of 1/256 dB, on top of the header's
# gain, which decoders apply by themselves.
_OPUS_STEPS_PER_DB = 256
_OPUS_AIM_DB = 5.0
_MAX_OPUS_STEPS = 2**15
# Files of before 2005 may aim at 83 dB, and say so.
_USUAL_REFERENCE_DB = 89.0
_REFERENCES_DB = (60.0, 110.0)
_REFERENCE = "replaygain_reference_loudness"
_KINDS = ("track", "album")
# The channel of RVA2 that stands for all of them.
_MASTER_VOLUME = 1


def gain_db(text: str) -> float | None:
    """Return a gain as in "-6.30 dB"; ``None`` for what is none, or cannot be true."""
    gain = _number(text)
    return gain if gain is not None and abs(gain) <= _MAX_GAIN_DB else None


def peak(text: str) -> float | None:
    """Return a peak as in "0.988"; 1 is full scale, and compressed music may go beyond."""
    value = _number(text)
    return value if value is not None and 0 < value <= _MAX_PEAK else None


def with_usual_spelling(fields: Fields) -> Fields:
    """Return tags with the numbers of Opus, and those of another reference, as ReplayGain's own.

    Args:
        fields: The tags of one place in a file, by their Vorbis names.
    """
    changed = dict(fields)
    correction_db = _reference_correction_db(fields)
    for kind in _KINDS:
        name = f"replaygain_{kind}_gain"
        gain = _from_opus(fields.get(f"r128_{kind}_gain", ()))
        if (
            gain is None
            and correction_db
            and (own := gain_db(next(iter(fields.get(name, ())), "")))
        ):
            gain = own + correction_db
        if gain is not None:
            changed[name] = [f"{gain:.4f} dB"]
    return changed


def from_rva2(frames: Iterable[Any]) -> Fields:
    """Return the gains and peaks in ID3's RVA2 frames.

    Args:
        frames: Frames as mutagen has them: ``desc`` "track" or "album", ``gain``, ``peak``.
    """
    fields: Fields = {}
    for frame in frames:
        kind = str(frame.desc).strip().lower()
        if kind in _KINDS and int(frame.channel) == _MASTER_VOLUME:
            fields[f"replaygain_{kind}_gain"] = [f"{frame.gain:.4f} dB"]
            fields[f"replaygain_{kind}_peak"] = [f"{frame.peak:.6f}"]
    return fields


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else None


def _from_opus(texts: Iterable[str]) -> float | None:
    for text in texts:
        try:
            steps = int(text)
        except ValueError:
            continue
        if abs(steps) <= _MAX_OPUS_STEPS:
            return steps / _OPUS_STEPS_PER_DB + _OPUS_AIM_DB
    return None


def _reference_correction_db(fields: Fields) -> float:
    reference = _number(next(iter(fields.get(_REFERENCE, ())), ""))
    low, high = _REFERENCES_DB
    if reference is None or not low <= reference <= high:
        return 0.0
    return _USUAL_REFERENCE_DB - reference
