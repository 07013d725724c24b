"""What a batch wants of its embeddings: every relation as a softmax over candidates.

For an anchor, a relation names candidates and says how the probability should divide among them.
The loss is the cross-entropy between that and the softmax of the anchor's similarities: with
equal shares for equal labels the supervised contrastive loss (Khosla et al. 2020), with one
positive the InfoNCE loss (van den Oord et al. 2018), and with shares that fall with a distance a
softened neighbourhood as in stochastic neighbour embedding (Hinton and Roweis 2002). What a
relation says nothing about is no candidate: a genre must not push its own artists apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from mecomp_desktop.arrays import Rows
from trainer.recipes.bundled.labels import Labels
from trainer.recipes.bundled.recipe import RelationRecipe

_MASKED_LOGIT = -1e9  # a logit whose softmax is 0, and whose slope is finite


class Relation(NamedTuple):
    """Who is compared with whom in a batch, and how it should come out.

    Attributes:
        candidates: ``[n, n]`` bool, whom an anchor (row) is compared with.
        targets: ``[n, n]``, shares of the candidates, up to a factor; a row of zeros leaves its
            anchor out.
    """

    candidates: Tensor
    targets: Tensor


def relation_loss(similarity: Tensor, relation: Relation, temperature: float) -> Tensor:
    """Cross-entropy between targets and softmax of the similarities, averaged over anchors.

    Args:
        similarity: ``[n, n]`` cosine similarities.
        relation: See :class:`Relation`; without a single anchor the loss is 0.
        temperature: Divides the similarities.
    """
    # Shares of who is no candidate are dropped, so a relation may name its positives by label
    # alone.
    targets = relation.targets * relation.candidates
    # An anchor without a positive has no probability to divide. It is left out of the mean as well:
    # counted with a loss of 0, batches with few labels would have a smaller learning rate.
    has_positive = targets.sum(1) > 0
    if not has_positive.any():
        # Zero, but connected: the sum of the parts always has a graph.
        return similarity.sum() * 0.0
    # Not minus infinity: an infinite logit times a share of 0 is NaN in the product below.
    logits = (similarity / temperature).masked_fill(~relation.candidates, _MASKED_LOGIT)
    shares = targets[has_positive] / targets[has_positive].sum(1, keepdim=True)
    return -(shares * torch.log_softmax(logits, 1)[has_positive]).sum(1).mean()


@dataclass(frozen=True, slots=True)
class BatchLabels:
    """What is known about the excerpts of a batch, as tensors of one row an excerpt."""

    clip: Tensor
    artist: Tensor
    genre: Tensor
    emotions: Tensor
    rated: Tensor


def batch_labels(labels: Labels, rows: Rows) -> BatchLabels:
    """The labels of some rows."""
    return BatchLabels(
        clip=torch.from_numpy(rows),
        artist=torch.from_numpy(labels.artist[rows]),
        genre=torch.from_numpy(labels.genre[rows]),
        emotions=torch.from_numpy(labels.emotions[rows]),
        rated=torch.from_numpy(labels.rated[rows]),
    )


class Relations:
    """The relations of a batch, see :class:`trainer.recipes.bundled.recipe.RelationRecipe`."""

    def __init__(self, batch: BatchLabels) -> None:
        self._batch = batch
        self._same_clip = _same(batch.clip)
        self._same_artist = _same(batch.artist)
        self._same_genre = _same(batch.genre)
        known = batch.genre >= 0
        self._both_known = known[:, None] & known[None]

    def track(self) -> Relation:
        """Another excerpt of the track, against those of other artists."""
        another_row = ~torch.eye(len(self._same_clip), dtype=torch.bool)
        positive = self._same_clip & another_row
        # Other tracks by the artist are neither: pushed away they would work against the artist
        # relation, pulled in they would make this one easy.
        return Relation(positive | ~self._same_artist, positive.float())

    def artist(self) -> Relation:
        """Another track by the artist, against those by others of the same genre."""
        # Within the genre: that two artists differ in genre is easy, and the genre relation's
        # business. Across genres this one would learn genres again.
        candidates = ~self._same_clip & self._same_genre
        return Relation(candidates, self._same_artist.float())

    def genre(self) -> Relation:
        """A track of the genre by another artist, against those of other genres."""
        # By other artists: a genre that is recognised by its artists' production is not recognised
        # in a new artist.
        return Relation(~self._same_artist & self._both_known, self._same_genre.float())

    def mood(self, width: float) -> Relation:
        """Tracks of the genre by other artists, by how near the listeners' ratings are."""
        both_rated = self._batch.rated[:, None] & self._batch.rated[None]
        candidates = ~self._same_artist & self._same_genre & self._both_known & both_rated
        emotions = self._batch.emotions
        squares = (emotions[:, None] - emotions[None]).square().sum(2)
        # A Gaussian in the distance of the ratings, so that it is the difference of feelings that
        # counts, not whether two clips are among each other's nearest.
        logits = (-squares / (2 * width**2)).masked_fill(~candidates, _MASKED_LOGIT)
        return Relation(candidates, torch.softmax(logits, 1) * candidates)

    def timbre(self, places: Tensor, temperature: float) -> Relation:
        """Other tracks of the genre, by how near their timbre is (unit ``[n, width]``)."""
        candidates = ~self._same_clip & self._same_genre
        logits = (places @ places.T / temperature).masked_fill(~candidates, _MASKED_LOGIT)
        return Relation(candidates, torch.softmax(logits, 1) * candidates)


def relation_losses(
    embedding: Tensor, batch: BatchLabels, recipe: RelationRecipe, timbre: Tensor | None = None
) -> dict[str, Tensor]:
    """Every relation's loss times its weight, by name.

    Args:
        embedding: ``[n, dimension]``, of unit length.
        batch: What is known about its rows.
        recipe: Weights and temperatures.
        timbre: Where their statistics put them before training, ``[n, width]`` of unit length;
            without it that relation is left out.
    """
    similarity = embedding @ embedding.T
    relations = Relations(batch)
    wanted: dict[str, tuple[float, float, Callable[[], Relation]]] = {
        "track": (recipe.track_weight, recipe.track_temperature, relations.track),
        "artist": (recipe.artist_weight, recipe.artist_temperature, relations.artist),
        "genre": (recipe.genre_weight, recipe.genre_temperature, relations.genre),
    }
    sharp = recipe.mood_temperature
    wanted["mood"] = recipe.mood_weight, sharp, lambda: relations.mood(recipe.mood_width)
    if timbre is not None:
        near = recipe.timbre_temperature
        wanted["timbre"] = recipe.timbre_weight, near, lambda: relations.timbre(timbre, near)
    return {
        name: weight * relation_loss(similarity, make(), temperature)
        for name, (weight, temperature, make) in wanted.items()
        if weight
    }


class LabelHeads(nn.Module):
    """Linear readings of genre and mood, for training alone: they are no part of the model.

    Args:
        width: Of what is read.
        genres: How many.
        emotions: How many.
        scale: Brings unit vectors to a range where a linear classifier can be sure.
    """

    def __init__(self, width: int, genres: int, emotions: int, scale: tuple[float, float]) -> None:
        super().__init__()
        self.genre = nn.Linear(width, genres)
        self.mood = nn.Linear(width, emotions)
        self._scale = scale

    def forward(
        self, values: Tensor, batch: BatchLabels, smoothing: float
    ) -> tuple[Tensor, Tensor]:
        """Cross-entropy of the genre and mean squared error of the emotions; 0 without labels."""
        known, rated = batch.genre >= 0, batch.rated
        nothing = values.sum() * 0.0
        genre, mood = nothing, nothing
        if known.any():
            scores = self.genre(values[known] * self._scale[0])
            genre = nn.functional.cross_entropy(
                scores, batch.genre[known], label_smoothing=smoothing
            )
        if rated.any():
            felt = self.mood(values[rated] * self._scale[1])
            mood = nn.functional.mse_loss(felt, batch.emotions[rated])
        return genre, mood


def _same(labels: Tensor) -> Tensor:
    return labels[:, None] == labels[None]
