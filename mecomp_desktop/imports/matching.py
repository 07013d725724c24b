"""Which songs of the library another player's are."""

from collections.abc import Iterable, Mapping

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.imports.found import FoundSong
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.text import artist_key, plain

_SAME_LENGTH_S = 5.0


class Matcher:
    """Finds songs by their path, else by artist, title and length.

    Args:
        catalog: The library.
    """

    def __init__(self, catalog: Catalog) -> None:
        columns = catalog.tracks.column
        audio_ids = columns("audio_id")
        # The path of a long file does not tell which of its songs is meant; their names do.
        whole = zip(columns("path"), columns("start_s"), audio_ids, strict=True)
        self._by_path: Mapping[str, AudioId] = {
            str(path): audio_id for path, start_s, audio_id in whole if start_s is None
        }
        self._by_names: dict[tuple[str, str], list[tuple[float, str, AudioId]]] = {}
        rows = zip(
            columns("artists"),
            columns("title"),
            columns("duration_s"),
            columns("album"),
            audio_ids,
            strict=True,
        )
        artists_seen: dict[str, str] = {}
        for artists, title, duration_s, album, audio_id in rows:
            for artist in artists[:1]:
                if artist not in artists_seen:
                    artists_seen[artist] = artist_key(artist)
                key = (artists_seen[artist], plain(title))
                self._by_names.setdefault(key, []).append((duration_s, album, audio_id))

    def match(self, song: FoundSong) -> AudioId | None:
        """Return the recording that a song is; ``None`` where none is, or several could be."""
        if song.path is not None and (found := self._by_path.get(str(song.path))) is not None:
            return found
        if not (song.artist and song.title):
            return None
        named = self._by_names.get((artist_key(song.artist), plain(song.title)), ())
        near = [
            (album, audio_id)
            for duration_s, album, audio_id in named
            if not (song.duration_s and duration_s)
            or abs(duration_s - song.duration_s) <= _SAME_LENGTH_S
        ]
        on_album = [audio_id for album, audio_id in near if plain(album) == plain(song.album)]
        return _only(on_album) or _only(audio_id for _, audio_id in near)


def _only(audio_ids: Iterable[AudioId]) -> AudioId | None:
    found = set(audio_ids)
    return found.pop() if len(found) == 1 else None
