"""The same tag under its different names: every format's tags as one dictionary."""

from collections.abc import Iterable, Mapping
from typing import Any

import mutagen
import mutagen.apev2
import mutagen.asf
import mutagen.id3
import mutagen.mp4

from mecomp_desktop.library.fields import KEYS
from mecomp_desktop.library.legacy_text import decode_legacy, legacy_encoding
from mecomp_desktop.library.replay_gain import from_rva2

Fields = dict[str, list[str]]
"""Tag values by their Vorbis name in lower case ("albumartist"), as the file has them."""

_ID3 = {key.id3: key.vorbis for key in KEYS if key.id3}
_MP4 = {key.mp4: key.vorbis for key in KEYS if key.mp4}
_ASF = {key.asf: key.vorbis for key in KEYS if key.asf}
_RIFF = {name.encode(): key.vorbis for key in KEYS for name in key.riff}
_OTHER_SPELLINGS = {spelling: key.vorbis for key in KEYS for spelling in key.also}
_ID3_TAGS: Any = mutagen.id3.ID3
_PAIRS = ("trkn", "disk")  # a number and how many there are


def fields_of(tags: Any) -> Fields:  # noqa: ANN401 (mutagen has no types)
    """Return tags of any of mutagen's kinds under their common names."""
    if not tags:  # an ID3 tag without frames counts as none
        return {}
    if isinstance(tags, _ID3_TAGS):
        return from_id3(tags.values())
    if isinstance(tags, mutagen.mp4.MP4Tags):
        return _from_mp4(tags)
    if isinstance(tags, mutagen.asf.ASFTags):
        pairs = ((_ASF.get(key.lower(), key.lower()), [str(value)]) for key, value in tags)
        return _collected(pairs)
    if isinstance(tags, mutagen.apev2.APEv2):
        return _from_ape(tags)
    return from_names({key: tags[key] for key in dict.fromkeys(tags.keys())})


def from_names(values: Mapping[str, Iterable[str]]) -> Fields:
    """Return tags that are named more or less as in Vorbis comments."""
    return _collected((_common_name(key), list(texts)) for key, texts in values.items())


def from_id3(frames: Iterable[Any]) -> Fields:
    """Return the tags in ID3 frames; Latin-1 ones are read in the encoding they really have."""
    frames = list(frames)
    gains = from_rva2(frame for frame in frames if frame.FrameID == "RVA2")
    frames = [frame for frame in frames if _is_read(frame)]
    encoding = legacy_encoding(raw for frame in frames for raw in _latin_texts(frame))
    fields: Fields = {}
    for frame in frames:
        texts = frame.genres if frame.FrameID == "TCON" else map(str, frame.text)
        if encoding != "cp1252" and _is_latin(frame):
            raw_texts = (text.encode("latin-1", "replace") for text in texts)
            texts = [raw.decode(encoding, "replace") for raw in raw_texts]
        name = _common_name(frame.desc) if frame.FrameID == "TXXX" else _ID3[frame.FrameID]
        fields.setdefault(name, []).extend(texts)
    return gains | fields


def from_info(entries: Iterable[tuple[bytes, bytes]]) -> Fields:
    """Return the tags among the entries of a WAV file's INFO list, or an AIFF file's texts."""
    known = [(name, raw) for name, raw in entries if name in _RIFF]
    encoding = legacy_encoding(raw for _, raw in known)
    return _collected((_RIFF[name], [raw.decode(encoding, "replace")]) for name, raw in known)


def _is_read(frame: Any) -> bool:  # noqa: ANN401 (mutagen has no types)
    if frame.FrameID == "COMM":
        # iTunes keeps its numbers for loudness and gapless play in comments: nobody's words.
        return not frame.desc.lower().startswith("itun")
    return frame.FrameID in _ID3 or frame.FrameID == "TXXX"


def _is_latin(frame: Any) -> bool:  # noqa: ANN401 (mutagen has no types)
    return bool(frame.encoding == mutagen.id3.Encoding.LATIN1)


def _latin_texts(frame: Any) -> list[bytes]:  # noqa: ANN401 (mutagen has no types)
    if not _is_latin(frame):
        return []
    return [str(text).encode("latin-1", "replace") for text in frame.text]


def _from_mp4(tags: Any) -> Fields:  # noqa: ANN401 (mutagen has no types)
    fields: Fields = {}
    for key, values in tags.items():
        if key.startswith("----:"):
            texts = [decode_legacy(bytes(value).rstrip(b"\0")) for value in values]
            fields.setdefault(_common_name(key.rpartition(":")[2]), texts)
        elif key in _MP4:
            listed = values if isinstance(values, list) else [values]  # a flag stands alone
            numbers = (value[0] if key in _PAIRS else value for value in listed)
            fields[_MP4[key]] = [str(value) for value in numbers]
    return fields


def _from_ape(tags: Any) -> Fields:  # noqa: ANN401 (mutagen has no types)
    return from_names(
        {key: list(value) for key, value in tags.items() if value.kind == mutagen.apev2.TEXT}
    )


def _common_name(name: str) -> str:
    return _OTHER_SPELLINGS.get(name.lower(), name.lower())


def _collected(pairs: Iterable[tuple[str, list[str]]]) -> Fields:
    fields: Fields = {}
    for name, texts in pairs:
        fields.setdefault(name, []).extend(texts)
    return fields
