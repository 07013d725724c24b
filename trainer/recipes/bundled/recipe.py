"""Everything about the bundled model's training that can be chosen, and what was chosen.

The defaults are the recipe of the file in ``resources/model``; each was chosen by experiment on
artist-disjoint folds. A file given to ``--recipe`` changes some of them, see :func:`changed`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from trainer.config import ModelConfig, Settings
from trainer.errors import DataError

S = TypeVar("S", bound=Settings)

NETWORK = ModelConfig(architecture="audio-embedding-spectral")


@dataclass(frozen=True, slots=True)
class DataRecipe(Settings):
    """How the data set is read.

    Attributes:
        collections: Names that stand where an artist should and are none; each of their clips
            counts as by an artist of its own.
        min_genre_clips: A genre with fewer clips than this is nothing to learn from; its clips
            count as without a genre.
    """

    # Taken for an artist, a compilation would keep strangers together in one fold and teach the
    # artist relation that they sound alike.
    collections: tuple[str, ...] = ("Magnatune Compilation", "DJ Cary")
    min_genre_clips: int = 10


@dataclass(frozen=True, slots=True)
class BatchRecipe(Settings):
    """What is in a step.

    Attributes:
        clips: Different clips in a step.
        excerpts: Excerpts of each; all of them go through the network.
        without_genre: How many of the clips have no genre; the others divide evenly by genre.
        per_artist: At most so many clips by one artist.
        frames: Length of an excerpt, in frames of the front-end (at a hop of 1,024 samples and
            22,050 Hz a frame is 46 ms).
    """

    clips: int = 48
    excerpts: int = 2
    without_genre: int = 16
    # Two, since the artist relation needs a pair; more would take the place of further artists,
    # which are what it is compared with.
    per_artist: int = 2
    frames: int = 128


@dataclass(frozen=True, slots=True)
class AugmentRecipe(Settings):
    """Changes to the mel spectrum that leave the music and remove the recording's fingerprint.

    Attributes:
        equaliser_db: Standard deviation of the five bells, and of the tilt at either end.
        lowpass_share: Share of the excerpts that lose their highest bands, as a codec would.
        lowpass_db_per_band: How steeply, above a corner drawn from the upper third.
        noise_share: Share of the excerpts that get a noise floor.
        noise_db: The floor lies between these levels below the excerpt's mean.
        pitch_bands: Shift along the mel axis, up to so many bands either way.
        stretch: Change of tempo, up to this share either way.
    """

    equaliser_db: float = 2.0
    lowpass_share: float = 0.2
    lowpass_db_per_band: float = 8.0
    noise_share: float = 0.3
    noise_db: tuple[float, float] = (25.0, 60.0)
    pitch_bands: float = 0.7
    stretch: float = 0.1


@dataclass(frozen=True, slots=True)
class RelationRecipe(Settings):
    """How much each relation counts, and how sharply it looks; 0 leaves a relation out.

    A temperature divides cosine similarities (−1…1) before the softmax.

    Attributes:
        track_weight: Excerpts of one track belong together, against other artists' tracks.
        artist_weight: Tracks of one artist, against other artists of the same genre.
        genre_weight: Tracks of one genre by different artists, against other genres.
        mood_weight: Tracks of one genre by different artists, the nearer the more alike
            listeners felt about them.
        mood_width: Distance between standardised ratings at which the wish to be near has
            fallen to exp(−1/2).
        timbre_weight: Tracks of one genre, the nearer the more alike the statistics of their
            spectra were before training: what labels say nothing about should stay.
        genre_head_weight: Cross-entropy of a genre classifier on the embedding.
        mood_head_weight: Squared error of a regression of the ratings on the embedding.
        body_heads_weight: Both of these on ``pooled`` as well.
        label_smoothing: Of the genre classifiers.
    """

    track_weight: float = 0.6
    track_temperature: float = 0.1
    artist_weight: float = 1.0
    artist_temperature: float = 0.15
    genre_weight: float = 1.0
    genre_temperature: float = 0.2
    mood_weight: float = 0.5
    mood_temperature: float = 0.2
    mood_width: float = 1.5
    timbre_weight: float = 1.0
    timbre_temperature: float = 0.1
    genre_head_weight: float = 0.2
    mood_head_weight: float = 0.3
    body_heads_weight: float = 0.1
    label_smoothing: float = 0.1


@dataclass(frozen=True, slots=True)
class TeachingRecipe(Settings):
    """What a student takes from its teachers; nothing without teachers.

    Attributes:
        match_weight: One minus the cosine between the student's embedding and the teachers'.
        relation_weight: Divergence of the student's similarities within a batch from the
            teachers'.
        relation_temperature: Of both, before the softmax.
        label_share: What relations and readings of the labels count beside it, as a share of
            what they count without teachers.
        timbre_weight: The statistics of the spectrum are a teacher as well, of this weight
            against the root of how many others there are.
        hears: The teachers are given an excerpt ``clean``, before augmentation, or the ``same`` as
            the student.
    """

    match_weight: float = 12.0
    relation_weight: float = 0.0
    relation_temperature: float = 0.1
    label_share: float = 0.3
    timbre_weight: float = 0.5
    hears: Literal["clean", "same"] = "same"


@dataclass(frozen=True, slots=True)
class TrainingRecipe(Settings):
    """One training: a network and how it learns.

    Attributes:
        steps: How many.
        learning_rate: The highest, of AdamW; it rises over ``warm_up_steps`` and falls along a
            cosine to ``last_rate_share`` of itself.
        weight_decay: On matrices and kernels, not on offsets and scales.
        clip_norm: Gradients longer than this are shortened to it.
        average_decay: Share that the running average of the weights keeps in a step; the
            average is what is kept of a training.
        standard_batches: Batches that the network's scales are taken from before the first step.
        anchored_rate_share: The learning rate of the weights that the network sets from these
            batches itself, as a share of that of all others; they do not decay.
        anchored_pull: Weight of their squared distance from where they were set.
        half_precision: Convolutions in bfloat16, which processors with AMX or AVX-512 do faster;
            statistics, head and losses stay in full precision.
        seed: Added to the seed of the training, so that teachers differ.
    """

    network: ModelConfig = NETWORK
    batch: BatchRecipe = field(default_factory=BatchRecipe)
    augment: AugmentRecipe = field(default_factory=AugmentRecipe)
    relations: RelationRecipe = field(default_factory=RelationRecipe)
    teaching: TeachingRecipe = field(default_factory=TeachingRecipe)
    steps: int = 650
    learning_rate: float = 2e-3
    warm_up_steps: int = 50
    last_rate_share: float = 0.02
    weight_decay: float = 0.02
    clip_norm: float = 2.0
    average_decay: float = 0.995
    standard_batches: int = 30
    anchored_rate_share: float = 0.3
    anchored_pull: float = 0.0
    half_precision: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class FoldRecipe(Settings):
    """How the recipe is validated.

    Attributes:
        count: The artists are divided into so many parts; each is held out once.
        divisions: The seed of each division; there is a cross-validation for each.
        training_seeds: There is a training for each, of every part of every division.
    """

    count: int = 3
    # Two: with folds this small, one division's figures differ from another's by 0.02 to 0.04.
    divisions: tuple[int, ...] = (0, 1)
    training_seeds: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class BaselineRecipe(Settings):
    """AudioEmbeddingTiny trained on the same data, for comparison.

    Stage 1 of the paper as ``python -m trainer train`` has it, shortened: a full training takes
    about forty minutes for every fold.

    Attributes:
        folds: On how many of the first division's folds; 0 leaves it out.
        epochs: Of each training.
        triplets: An epoch has so many, drawn among pools of ``pool_clips`` clips.
        batch_triplets: Triplets in a step.
        clip_s: Seconds of a clip that are used.
        validation_share: Of the fold's training artists, held out to choose the best epoch.
    """

    folds: int = 1
    epochs: int = 12
    triplets: int = 5_600
    pool_clips: int = 12
    batch_triplets: int = 200
    clip_s: float = 15.0
    validation_share: float = 0.15


@dataclass(frozen=True, slots=True)
class Recipe(Settings):
    """Everything from the data to the file.

    Attributes:
        training: What becomes the model.
        teachers: Networks trained first, which ``training`` then learns from; may be none.
        final_seed: Of the training on all artists.
    """

    data: DataRecipe = field(default_factory=DataRecipe)
    training: TrainingRecipe = field(default_factory=TrainingRecipe)
    teachers: tuple[TrainingRecipe, ...] = ()
    folds: FoldRecipe = field(default_factory=FoldRecipe)
    baseline: BaselineRecipe = field(default_factory=BaselineRecipe)
    final_seed: int = 0


def read_recipe(path: Path | None) -> Recipe:
    """The default recipe with the changes of a JSON file.

    Raises:
        DataError: The file is missing, is no JSON, or names a setting that there is not.
    """
    if path is None:
        return Recipe()
    try:
        changes = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror})") from problem
    except ValueError as problem:
        raise DataError(f"{path}: not a JSON file ({problem})") from problem
    if not isinstance(changes, dict):
        raise DataError(f"{path}: not a JSON object")
    try:
        return changed(Recipe(), changes)
    except (DataError, TypeError, ValueError) as problem:
        raise DataError(f"{path}: {problem}") from problem


def changed(settings: S, changes: Mapping[str, Any]) -> S:
    """``settings`` with some values replaced, as deep as ``changes`` goes.

    A recipe's ``teachers`` are a list of changes, each to the recipe's own ``training``.

    Raises:
        DataError: A name is unknown.
    """
    # Refused rather than ignored: a misspelt setting would cost hours of training with the default.
    known = {each.name for each in fields(settings)}  # type: ignore[arg-type]  # all dataclasses
    if unknown := sorted(set(changes) - known):
        kind = type(settings).__name__
        raise DataError(f"{kind} has no setting {unknown[0]!r}; it has {', '.join(sorted(known))}")
    values: dict[str, Any] = {}
    for name, value in changes.items():
        # At the end, when the training that they are changes to is known.
        if name == "teachers":
            continue
        old = getattr(settings, name)
        values[name] = changed(old, value) if isinstance(old, Settings) else _immutable(value)
    new: S = replace(settings, **values)  # type: ignore[type-var]  # as above
    if isinstance(new, Recipe) and "teachers" in changes:
        teachers = tuple(changed(new.training, each) for each in changes["teachers"])
        return replace(new, teachers=teachers)
    return new


def _immutable(value: object) -> object:
    return tuple(_immutable(each) for each in value) if isinstance(value, list) else value
