"""Whether what is alike lies together: five questions about tracks with known artist and genre.

Every triplet that the tracks can form is asked, not a sample, so the same vectors always give the
same figures. All by Euclidean distance between embeddings of tracks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
import numpy.typing as npt

from mecomp_desktop.arrays import Doubles, Flags
from trainer.data.clip import Clip
from trainer.evaluation.metrics import euclidean_distances, retrieval

Rows = npt.NDArray[np.intp]

_MIN_TRACKS_TO_RANK_BY_MOOD = 10


@dataclass(frozen=True, slots=True)
class SimilarityScores:
    """Shares of questions answered rightly, 0…1; ``nan`` where the tracks cannot ask any.

    Attributes:
        genre_triplets: Anchor and positive share the genre and not the artist, the negative has
            another genre; mean over anchors.
        artist_triplets: The positive is by the anchor's artist, the negative by another artist of
            the same genre; mean over pairs by one artist.
        artist_precision_at_1: How often the nearest track is by the same artist, over the tracks
            whose artist has two or more.
        genre_map: Mean average precision of the genre, tracks by the query's artist left out.
        mood_triplets_in_genre: By listeners' ratings of felt emotions, each standardised: the
            positive among the nearest fifth, the negative in the farther half of the tracks of the
            anchor's genre by other artists (ten or more); mean over anchors.
    """

    genre_triplets: float
    artist_triplets: float
    artist_precision_at_1: float
    genre_map: float
    mood_triplets_in_genre: float

    def to_dict(self) -> dict[str, float]:
        """The figures by name."""
        return asdict(self)

    def mean(self) -> float:
        """One figure to compare policies by: the mean of those that could be asked."""
        return float(np.nanmean(list(self.to_dict().values())))


TITLES: Mapping[str, str] = {
    "genre_triplets": "genre triplets",
    "artist_triplets": "artist triplets",
    "artist_precision_at_1": "artist P@1",
    "genre_map": "genre MAP",
    "mood_triplets_in_genre": "mood triplets within a genre",
}


def measure_similarity(
    vectors: npt.NDArray[np.floating],
    clips: Sequence[Clip],
    emotions: Mapping[str, tuple[float, ...]],
) -> SimilarityScores:
    """Asks all five questions.

    Args:
        vectors: ``[clips, dimension]``.
        clips: What is known of them; one without genre takes no part, one without artist is
            nobody else's.
        emotions: By clip key, the share of listeners who felt each emotion; need not have all.
    """
    labelled = [row for row, clip in enumerate(clips) if clip.genre]
    clips = [clips[row] for row in labelled]
    distances = euclidean_distances(np.asarray(vectors)[labelled])
    # A name that no artist has: clips without one are by nobody else.
    artist = np.array([clip.artist or f"\0{clip.key}" for clip in clips])
    genre = np.array([clip.genre for clip in clips])
    by_artist, by_genre = artist[:, None] == artist, genre[:, None] == genre
    return SimilarityScores(
        genre_triplets=_genre_triplets(distances, by_artist, by_genre),
        artist_triplets=_artist_triplets(distances, by_artist, by_genre),
        artist_precision_at_1=_artist_precision(distances, by_artist),
        genre_map=_mean(retrieval(distances, list(genre), list(artist)).average_precision),
        mood_triplets_in_genre=_mood_triplets(distances, by_artist, by_genre, clips, emotions),
    )


def chance(clips: Sequence[Clip], emotions: Mapping[str, tuple[float, ...]]) -> SimilarityScores:
    """What vectors that know nothing score: the mean over a hundred random ones."""
    rng = np.random.default_rng(0)
    rounds = 100
    return mean_scores(
        [
            measure_similarity(rng.standard_normal((len(clips), 32)), clips, emotions)
            for _ in range(rounds)
        ]
    )


def mean_scores(rounds: Sequence[SimilarityScores]) -> SimilarityScores:
    """The mean of each figure over the rounds that could ask it."""
    values = [scores.to_dict() for scores in rounds]
    known = {name: [row[name] for row in values if not np.isnan(row[name])] for name in values[0]}
    return SimilarityScores(**{name: _mean(figures) for name, figures in known.items()})


def _genre_triplets(distances: Doubles, by_artist: Flags, by_genre: Flags) -> float:
    shares = [
        _share_nearer(distances[i], near, far)
        for i, (near, far) in enumerate(zip(by_genre & ~by_artist, ~by_genre, strict=True))
        if near.any() and far.any()
    ]
    return _mean(shares)


def _artist_triplets(distances: Doubles, by_artist: Flags, by_genre: Flags) -> float:
    shares = []
    for anchor, positive in _pairs_by_one_artist(by_artist):
        negatives = distances[anchor, by_genre[anchor] & ~by_artist[anchor]]
        if len(negatives):
            shares.append(float((distances[anchor, positive] < negatives).mean()))
    return _mean(shares)


def _pairs_by_one_artist(by_artist: Flags) -> Iterator[tuple[int, int]]:
    apart = by_artist & ~np.eye(len(by_artist), dtype=bool)
    for anchor, positive in np.argwhere(apart):
        yield int(anchor), int(positive)


def _artist_precision(distances: Doubles, by_artist: Flags) -> float:
    to_another = np.where(np.eye(len(distances), dtype=bool), np.inf, distances)
    rows = np.flatnonzero(by_artist.sum(1) >= 2)
    return _mean(by_artist[rows, to_another[rows].argmin(1)])


def _mood_triplets(
    distances: Doubles,
    by_artist: Flags,
    by_genre: Flags,
    clips: Sequence[Clip],
    emotions: Mapping[str, tuple[float, ...]],
) -> float:
    rated = np.array([row for row, clip in enumerate(clips) if clip.key in emotions], np.intp)
    if len(rated) < _MIN_TRACKS_TO_RANK_BY_MOOD:
        return float("nan")
    felt = np.array([emotions[clips[row].key] for row in rated])
    felt = (felt - felt.mean(0)) / np.maximum(felt.std(0), 1e-9)
    mood = euclidean_distances(felt)
    candidates_of = (by_genre & ~by_artist)[np.ix_(rated, rated)]
    shares = []
    for anchor, candidates in enumerate(candidates_of):
        order = np.flatnonzero(candidates)
        order = order[mood[anchor, order].argsort(kind="stable")]
        count = len(order)
        if count >= _MIN_TRACKS_TO_RANK_BY_MOOD:
            # The fifth and the half leave a gap between them: listeners' ratings are too coarse to
            # order neighbours.
            near, far = rated[order[: count // 5]], rated[order[count // 2 :]]
            shares.append(_share_nearer(distances[rated[anchor]], near, far))
    return _mean(shares)


def _share_nearer(distances: Doubles, near: Rows | Flags, far: Rows | Flags) -> float:
    """Of all pairs of a positive and a negative, the share whose positive lies nearer."""
    return float((distances[near][:, None] < distances[far][None]).mean())


def _mean(values: Sequence[float] | Doubles | Flags) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def similarity_table(rows: Mapping[str, Sequence[SimilarityScores]]) -> list[str]:
    """A Markdown table, an embedder a row; mean ± deviation where it was measured several times."""
    names = [each.name for each in fields(SimilarityScores)]
    header = ["", *(TITLES[name] for name in names)]
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for title, rounds in rows.items():
        values = [scores.to_dict() for scores in rounds]
        cells = [_cell([row[name] for row in values]) for name in names]
        lines.append("| " + " | ".join([title, *cells]) + " |")
    return lines


def _cell(values: Sequence[float]) -> str:
    mean = f"{np.mean(values):.3f}"
    return mean if len(values) == 1 else f"{mean} ± {np.std(values):.3f}"
