"""A library by recording: several files may hold the same."""

from collections.abc import Iterator, Mapping

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track import Track
from mecomp_desktop.library.catalog import Catalog


class TrackOfAudio(Mapping[AudioId, Track]):
    """By recording, a file to play it from: one that is there, if any is."""

    def __init__(self, catalog: Catalog) -> None:
        self._tracks = catalog.tracks
        self._rows = catalog.recordings()

    def __getitem__(self, audio_id: AudioId) -> Track:
        return self._tracks[self._rows[audio_id]]

    def __iter__(self) -> Iterator[AudioId]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, audio_id: object) -> bool:
        return audio_id in self._rows

    def available(self) -> list[AudioId]:
        """Return the recordings that can be played now."""
        is_there = self._tracks.column("available")
        return [audio_id for audio_id, row in self._rows.items() if is_there[row]]


def track_of_audio(catalog: Catalog) -> TrackOfAudio:
    """Return, by recording, a file to play it from: one that is there, if any is."""
    return TrackOfAudio(catalog)
