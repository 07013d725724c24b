"""What is known of recordings, from what the running program has in memory."""

import threading
from collections.abc import Iterator, Mapping

from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.play_counts import PlayCounts
from mecomp_desktop.domain.rating import RatingTable
from mecomp_desktop.history.service import HistoryService
from mecomp_desktop.query.columns import Facts
from mecomp_desktop.ratings.service import RatingsService
from mecomp_desktop.store.song_search import FACTS


class LiveFacts:
    """The facts of this moment; the same object as long as nothing has changed. Thread-safe.

    Args:
        history: Plays and skips.
        ratings: Likes and ratings.
    """

    def __init__(self, history: HistoryService, ratings: RatingsService) -> None:
        self._history = history
        self._ratings = ratings
        self._lock = threading.Lock()
        self._kept = _Moment({}, RatingTable())

    def __call__(self) -> Facts:
        """Return them."""
        counts, table = self._history.counts(), self._ratings.table()
        with self._lock:
            if self._kept.counts is not counts or self._kept.table is not table:
                self._kept = _Moment(counts, table)
            return self._kept


class _Moment(Mapping[str, Mapping[AudioId, float]]):
    """Facts by name, each made when it is asked for."""

    def __init__(self, counts: Mapping[AudioId, PlayCounts], table: RatingTable) -> None:
        self.counts = counts
        self.table = table

    def __getitem__(self, name: str) -> Mapping[AudioId, float]:
        if name == "liked":
            return {key: 1.0 for key, rating in self.table.songs.items() if rating.liked}
        if name == "rating":
            stars = {key: rating.stars for key, rating in self.table.songs.items()}
        else:
            stars = {key: getattr(count, name) for key, count in self.counts.items()}
        return {key: value for key, value in stars.items() if value is not None}

    def __iter__(self) -> Iterator[str]:
        return iter(FACTS)

    def __len__(self) -> int:
        return len(FACTS)
