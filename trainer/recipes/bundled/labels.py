"""What is known about every clip, as arrays: its artist, its genre and what listeners felt.

An artist is what keeps folds apart and what the artist relation learns from, so it has to be
one. Where the data set gives a genre, the artist it gives is a recording artist, but for the
names of collections; each clip of a collection counts as by an artist of its own. Where it gives
no genre, the artist is often the name of a game or of an archive: there an album by an artist is
taken as one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mecomp_desktop.arrays import Flags, Floats, Rows
from trainer.data.clip import Clip
from trainer.errors import DataError
from trainer.recipes.bundled.recipe import DataRecipe


@dataclass(frozen=True, slots=True)
class Labels:
    """One row a clip.

    Attributes:
        artist: ``[n]``, numbers of artists.
        genre: ``[n]``, numbers of genres; −1 where it is not known.
        emotions: ``[n, 9]``, ratings averaged over listeners, each emotion brought to mean 0 and
            deviation 1 over the rated clips; 0 where there are none.
        rated: ``[n]``, whether there are ratings.
        genres: The names of the genres.
    """

    artist: Rows
    genre: Rows
    emotions: Floats
    rated: Flags
    genres: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.artist)


def with_true_artists(clips: Sequence[Clip], recipe: DataRecipe) -> tuple[Clip, ...]:
    """The clips with an artist that is one, and without genres too rare to learn (see above)."""
    counts = Counter(clip.genre for clip in clips)
    return tuple(_with_true_artist(clip, counts, recipe) for clip in clips)


def _with_true_artist(clip: Clip, counts: Counter[str], recipe: DataRecipe) -> Clip:
    genre = clip.genre if counts[clip.genre] >= recipe.min_genre_clips else ""
    if (not clip.artist and not clip.album) or clip.artist in recipe.collections:
        artist = f"{clip.artist or 'unknown'} ({clip.key})"
    elif clip.genre:
        artist = clip.artist or f"unknown ({clip.key})"
    else:
        artist = f"{clip.artist} · {clip.album}"
    return replace(clip, artist=artist, genre=genre)


def make_labels(clips: Sequence[Clip], emotions: Mapping[str, tuple[float, ...]]) -> Labels:
    """Turns names into numbers.

    Args:
        clips: As :func:`with_true_artists` gives them.
        emotions: By clip key, see :class:`trainer.data.clip.MusicSet`.

    Raises:
        DataError: There are fewer than two genres.
    """
    genres = tuple(sorted({clip.genre for clip in clips if clip.genre}))
    if len(genres) < 2:
        raise DataError("the bundled model needs music of two genres or more")
    number = {name: index for index, name in enumerate(genres)}
    artists = np.unique([clip.artist for clip in clips], return_inverse=True)[1]
    rated = np.array([clip.key in emotions for clip in clips])
    return Labels(
        artist=artists.astype(np.int64),
        genre=np.array([number.get(clip.genre, -1) for clip in clips]),
        emotions=_standardised([emotions.get(clip.key, ()) for clip in clips], rated),
        rated=rated,
        genres=genres,
    )


def _standardised(ratings: Sequence[tuple[float, ...]], rated: Flags) -> Floats:
    width = max((len(each) for each in ratings), default=0)
    table = np.zeros((len(ratings), width), np.float32)
    if rated.any():
        known = np.array([each for each in ratings if each], np.float32)
        table[rated] = (known - known.mean(0)) / np.maximum(known.std(0), 1e-6)
    return table


def make_folds(labels: Labels, count: int, seed: int) -> Rows:
    """The fold of every clip, ``[n]``; −1 for clips without a genre, which are never held out.

    Nobody is in two folds. Genre by genre, each artist goes to the fold that has fewest clips of
    that genre, the artists with most clips first and equal ones in random order.

    Raises:
        DataError: A fold stays without two artists of two genres.
    """
    rng = np.random.default_rng(seed)
    fold = np.full(len(labels), -1)
    for genre in range(len(labels.genres)):
        _deal(labels, genre, count, fold, rng)
    for each in range(count):
        held = fold == each
        if len(np.unique(labels.genre[held])) < 2 or len(np.unique(labels.artist[held])) < 2:
            raise DataError(f"too few artists to divide the music into {count} folds")
    return fold


def _deal(labels: Labels, genre: int, count: int, fold: Rows, rng: np.random.Generator) -> None:
    """Deals the artists of one genre; those that are in a fold already keep it."""
    mine = labels.genre == genre
    names, sizes = np.unique(labels.artist[mine], return_counts=True)
    load = np.bincount(fold[mine & (fold >= 0)], minlength=count).astype(float)
    order = rng.permutation(len(names))
    # The artists with most clips first, each to the emptiest fold; the small ones then even it out.
    # Sorted stably, so that the random order decides among equals.
    for index in order[np.argsort(-sizes[order], kind="stable")]:
        clips = (labels.artist == names[index]) & (labels.genre >= 0)
        # An artist of two genres was dealt with the first: nobody may be in two folds, or a fold
        # would be measured on artists that it was trained on.
        if (fold[clips] >= 0).any():
            continue
        # A random thousandth breaks ties; otherwise fold 0 would get every first artist.
        place = int(np.argmin(load + rng.random(count) * 1e-3))
        fold[clips] = place
        load[place] += sizes[index]
