"""When two tracks are the same recording, by the same artist, from the same album.

The one place that decides it, for the radio, for what sounds similar, and for the quiz. Tags
decide where they can; where one of the two tracks has none, the sound and the length do.
"""

import functools
import re

import numpy as np

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.track import Track
from mecomp_desktop.text import artist_key, plain

_CACHE = 1 << 16
# "(2009 Remaster)", "[Explicit]", " - Mono Version": another edition of one recording. A live
# take, a remix or an instrumental is another recording and keeps its words.
_EDITION = r"remaster(?:ed)?|mono|stereo|explicit|clean|deluxe|bonus|album version|single version"
_GUEST = r"feat\.?|ft\.?|featuring"
_BRACKETS = re.compile(rf"[(\[](?:[^)\]]*\b(?:{_EDITION})\b[^)\]]*|(?:{_GUEST})\s[^)\]]*)[)\]]")
_DASHED = re.compile(rf"\s[-–]\s[^-–]*\b(?:{_EDITION})\b.*$")
_TRAILING_GUEST = re.compile(rf"\s(?:{_GUEST})\s.*$")


# As shares of the usual distance between two songs. Tracks closer than the first are one sound
# whatever their tags say. One song as FLAC, MP3 and Opus was measured .017 to .113 apart where two
# songs are .85 and more: closer than the second they are one recording if they are equally long
# and no tags tell them apart. Tagged songs are judged by their tags, as two takes can be as close.
SAME_SOUND = 0.01
ALIKE_SOUND = 0.14
SAME_LENGTH_S = 0.3
"""Encoders add silence of at most some 0.1 s, and a tag rounds a length to whole frames."""


_plain = functools.lru_cache(_CACHE)(plain)
_artist = functools.lru_cache(_CACHE)(artist_key)


@functools.lru_cache(_CACHE)
def plain_title(title: str) -> str:
    """Return what two editions of one recording have in common in their titles."""
    bare = title.casefold()
    for words in (_BRACKETS, _DASHED, _TRAILING_GUEST):
        bare = words.sub("", bare)
    return _plain(bare) or _plain(title)


def artist_keys(track: Track) -> frozenset[str]:
    """Return whom a track is by, as far as it tells; a compilation's label is nobody."""
    names = track.tags.artists or (track.tags.album_artist,)
    return frozenset(map(_artist, names)) - {""}


def album_key(track: Track) -> str:
    """Return which album a track is from; empty where it names none."""
    if not track.tags.album:
        return ""
    by = track.tags.album_artist or ("" if not track.tags.artists else track.tags.artists[0])
    return f"{_plain(track.tags.album)}\n{_artist(by)}"


def recording_key(track: Track) -> str:
    """Return what tells a song from others across releases; empty where tags say too little."""
    names = track.tags.artists or (track.tags.album_artist,)
    first = next(filter(None, map(_artist, names)), "")
    return f"{plain_title(track.title)}\n{first}" if first else ""


class Recordings:
    """Recordings seen so far, and whether a track is one of them.

    Args:
        typical: How far two songs of the library usually are apart.
    """

    def __init__(self, typical: float) -> None:
        self._typical = typical
        self._audio_ids: set[str] = set()
        self._keys: set[str] = set()
        self._vectors: list[Floats] = []
        self._lengths_s: list[float] = []
        self._tagged: list[bool] = []

    def add(self, track: Track, vector: Floats | None) -> None:
        """Add a track, with its vector if it has one: float32 ``[dimension]``."""
        key = recording_key(track)
        self._audio_ids.add(track.audio_id)
        if key:
            self._keys.add(key)
        if vector is not None:
            self._vectors.append(vector)
            self._lengths_s.append(track.duration_s)
            self._tagged.append(bool(key))

    def has(self, track: Track, vector: Floats | None) -> bool:
        """Return whether a track is the recording of one that was added."""
        key = recording_key(track)
        if track.audio_id in self._audio_ids or key in self._keys:
            return True
        if vector is None or not self._vectors:
            return False
        differences = np.asarray(self._vectors) - vector
        shares = np.sqrt(np.einsum("ij,ij->i", differences, differences)) / self._typical
        if shares.min() < SAME_SOUND:
            return True
        if shares.min() >= ALIKE_SOUND:
            return False
        lengths_s = np.asarray(self._lengths_s)
        as_long = (lengths_s > 0) & (np.abs(lengths_s - track.duration_s) < SAME_LENGTH_S)
        untagged = ~np.asarray(self._tagged) | (not key)
        return bool(((shares < ALIKE_SOUND) & as_long & untagged).any())
