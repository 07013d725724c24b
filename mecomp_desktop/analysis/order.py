"""The order in which a library is analysed: a sample of it first, whatever is done of it."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from mecomp_desktop.store.pending import PendingTrack

_SEED = b"sample"


def sampled(pending: Sequence[PendingTrack]) -> list[PendingTrack]:
    """Return pending tracks so that each first part of them samples the whole.

    One song of every album, the albums shuffled, then a second of every album, and so on: a radio
    that is started while a hundred of 20,000 songs are known has then songs of a hundred albums
    to choose from, not the letter A. A folder stands for an album. The order depends on the
    names alone, so it is the same at every start and for every process.

    Args:
        pending: In any order.
    """
    albums: dict[Path, list[tuple[bytes, PendingTrack]]] = defaultdict(list)
    for track in pending:
        albums[track.path.parent].append((_shuffle_key(str(track.path)), track))
    ranked = []
    for folder, tracks in albums.items():
        album_key = _shuffle_key(str(folder))
        tracks.sort(key=lambda keyed: keyed[0])
        ranked += [(rank, album_key, track) for rank, (_, track) in enumerate(tracks)]
    ranked.sort(key=lambda entry: entry[:2])
    return [track for _, _, track in ranked]


def _shuffle_key(name: str) -> bytes:
    # Not `hash`: it is another one in every process.
    return hashlib.blake2b(
        name.encode("utf-8", "surrogateescape"), digest_size=8, key=_SEED
    ).digest()
