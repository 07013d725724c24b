"""When two tracks are the same recording, by the same artist, from the same album."""

import functools
import re

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
