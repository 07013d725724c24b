"""The whole of what a training makes small, in named parts."""

import torch
from torch import Tensor, nn

from mecomp_desktop.arrays import Rows
from trainer.recipes.bundled.labels import Labels
from trainer.recipes.bundled.recipe import TrainingRecipe
from trainer.recipes.bundled.relations import LabelHeads, batch_labels, relation_losses
from trainer.recipes.bundled.teachers import teaching_losses

# Unit vectors have entries around 0.2: this brings them to where linear readings can be sure.
_GENRE_SCALE = 4.0
_MOOD_SCALE = 2.0


class Objective(nn.Module):
    """Relations, readings of the labels, and the teachers' places; holds the readings' weights.

    Args:
        recipe: Weights and temperatures.
        labels: Of the whole library.
        dimension: Of the embedding.
        pooled_width: Of the body's summary.
    """

    def __init__(
        self, recipe: TrainingRecipe, labels: Labels, dimension: int, pooled_width: int
    ) -> None:
        super().__init__()
        self._recipe = recipe
        self._labels = labels
        count = (len(labels.genres), labels.emotions.shape[1])
        self.on_embedding = LabelHeads(dimension, *count, (_GENRE_SCALE, _MOOD_SCALE))
        self.on_pooled = LabelHeads(pooled_width, *count, (1.0, 1.0))

    def forward(
        self,
        embedded: tuple[Tensor, Tensor],
        rows: Rows,
        timbre: Tensor | None,
        taught: Tensor | None,
    ) -> dict[str, Tensor]:
        """Every part of the loss times its weight, by name.

        Args:
            embedded: ``[n, dimension]``, of unit length, and ``pooled [n, pooled_width]``.
            rows: ``[n]``, which clip of the library each excerpt is from.
            timbre: ``[n, width]``, where their statistics put them before training, if
                that is a relation.
            taught: ``[n, dimension]``, where the teachers put them; without teachers none.
        """
        embedding, pooled = embedded
        recipe, teaching = self._recipe.relations, self._recipe.teaching
        batch = batch_labels(self._labels, rows)
        parts = relation_losses(embedding, batch, recipe, timbre)
        genre, mood = self.on_embedding(embedding, batch, recipe.label_smoothing)
        parts["genre head"] = recipe.genre_head_weight * genre
        parts["mood head"] = recipe.mood_head_weight * mood
        if recipe.body_heads_weight:
            genre, mood = self.on_pooled(pooled, batch, recipe.label_smoothing)
            parts["body heads"] = recipe.body_heads_weight * (genre + mood)
        if taught is not None:
            # Teachers have learned the labels already, on other excerpts; the labels themselves, at
            # full weight, would teach the student what the teachers were averaged to get rid of.
            parts = {name: teaching.label_share * part for name, part in parts.items()}
            parts |= teaching_losses(embedding, taught, teaching)
        return parts


def total(parts: dict[str, Tensor]) -> Tensor:
    """The sum of the parts."""
    return torch.stack(list(parts.values())).sum()
