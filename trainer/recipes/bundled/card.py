"""The card of the bundled model, as JSON for programs and as Markdown for people.

It keeps apart what was measured on unseen artists, with fold siblings of the model, and what
was measured on the file itself, with music it has learnt from.
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trainer.evaluation.similarity import similarity_table
from trainer.export.onnx_export import MAX_DIFFERENCE
from trainer.recipes.bundled.music import Music
from trainer.recipes.bundled.recipe import Recipe, TrainingRecipe
from trainer.recipes.bundled.release import NAME
from trainer.recipes.bundled.validation import from_description

ON_SIBLINGS = "fold siblings, on artists that they were not trained on"
ON_FINAL = "the file itself, on music that it has learnt from"
WEAKNESSES = (
    (
        "The file's own training included every artist of the data, so how good it is on new ones "
        "is not measured on it but on fold siblings: the same recipe without some artists."
    ),
    (
        "It has learnt from a few hundred clips of four genres and from soundtracks; what is "
        "alike in music of other kinds and cultures it has not learnt."
    ),
    (
        "The recipe was chosen on the same artists that the folds hold out, so the folds' figures "
        "are somewhat kind to it."
    ),
    (
        "The listeners' ratings are of felt emotions, averaged over few people each; nobody was "
        "asked what is alike."
    ),
)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card is made of.

    Attributes:
        scores: As :func:`trainer.recipes.bundled.validation.describe` gives them.
        measured: Figures of files: ``siblings``, ``final``, ``cost`` and ``speed``.
        export: What :func:`trainer.recipes.bundled.release.export_fit` found.
        pictures: File names beside the card, and what they show.
        notes: More known weaknesses.
        tried: Markdown, what other recipes gave; may be empty.
    """

    recipe: Recipe
    music: Music
    scores: dict[str, Any]
    measured: dict[str, dict[str, Any]]
    export: dict[str, Any]
    pictures: Mapping[str, str]
    command: str
    notes: tuple[str, ...]
    tried: str = ""


def recipe_sentence(recipe: Recipe) -> str:
    """How the model is trained, in a sentence."""
    training = recipe.training
    batch, relations = training.batch, training.relations
    weights = ", ".join(
        f"{name} {weight:g}"
        for name, weight in (
            ("track", relations.track_weight),
            ("artist", relations.artist_weight),
            ("genre", relations.genre_weight),
            ("mood", relations.mood_weight),
            ("timbre", relations.timbre_weight),
        )
        if weight
    )
    taught = f", taught by {len(recipe.teachers)} networks" if recipe.teachers else ""
    return (
        f"contrastive over relations ({weights}) with label readings{taught}; "
        f"{training.steps:,} steps of {batch.clips} clips, {batch.excerpts} excerpts of "
        f"{excerpt_s(training):.1f} s each, AdamW {training.learning_rate:g}, averaged weights "
        f"{training.average_decay:g}, seed {recipe.final_seed + training.seed}"
    )


def excerpt_s(training: TrainingRecipe) -> float:
    """The length of a training excerpt in seconds."""
    network = training.network
    return training.batch.frames * network.spectral.hop / network.sample_rate_hz


def make_card(facts: CardFacts) -> dict[str, Any]:
    """Everything about the model that its file does not hold."""
    # A copy: entries are taken out below, and the card is made twice.
    export, measured = dict(facts.export), facts.measured
    return {
        "name": NAME,
        "trained": True,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "architecture": facts.recipe.training.network.to_dict(),
        "parameters": export.pop("parameters"),
        "body_hash": export.pop("body_hash"),
        "head_hash": export.pop("head_hash"),
        "recipe": recipe_sentence(facts.recipe),
        "recipe in full": facts.recipe.to_dict(),
        "command": facts.command,
        "data": _data(facts.music),
        "metrics": {"measured on": ON_SIBLINGS, **facts.scores},
        "robustness": {
            ON_SIBLINGS: _plain(measured["siblings"]),
            ON_FINAL: _plain(measured["final"]),
        },
        "cost of embedding a track": {"measured on": ON_SIBLINGS, **_plain(measured["cost"])},
        "size and speed": {"file MB": export["file MB"], **measured["speed"]},
        "export": {**export, "allowed": MAX_DIFFERENCE},
        "pictures": dict(facts.pictures),
        "known weaknesses": _weaknesses(facts),
        "what was tried": facts.tried.splitlines(),
        "licence": "MIT",
    }


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    """Without the table, which the Markdown has."""
    return {name: value for name, value in figures.items() if name != "table"}


def _weaknesses(facts: CardFacts) -> list[str]:
    short = [
        f"Short of its aim on unseen artists: {each}."
        for each in facts.measured["siblings"]["short of it"]
    ]
    return [*WEAKNESSES, *short, *facts.notes]


def _data(music: Music) -> dict[str, Any]:
    genres = Counter(clip.genre or "without a genre" for clip in music.clips)
    return {
        "name": music.source.name,
        "clips": len(music.clips),
        "clips by genre": dict(sorted(genres.items())),
        "artists, or albums where only those are known": len(set(music.labels.artist.tolist())),
        "clips with listeners' ratings": int(music.labels.rated.sum()),
        "skipped": music.skipped,
        "sources and the licences they state": music.source.origin,
        "of the audio": "used for training and measuring; never part of what is shipped",
    }


def markdown(facts: CardFacts) -> list[str]:
    """The card for people."""
    card = make_card(facts)
    measured, folds = facts.measured, facts.recipe.folds
    sentence = card["recipe"]
    rounds = len(folds.divisions) * folds.count * len(folds.training_seeds)
    title = f"On unseen artists: {len(folds.divisions)} × {folds.count} folds"
    caption = f"Mean ± deviation over {rounds} trainings; {_coverage_line(facts)}"
    pictures = [f"![{text}]({name})" for name, text in facts.pictures.items()]
    weaknesses = [f"- {each}" for each in card["known weaknesses"]]
    parts = {
        f"# {NAME}": [f"{sentence[0].upper()}{sentence[1:]}.", "", f"`{facts.command}`"],
        "## Size and speed": [_speed_line(card)],
        f"## {title}": [*similarity_table(from_description(facts.scores)), "", caption],
        f"## Robustness: {ON_SIBLINGS}": measured["siblings"]["table"],
        f"## Robustness: {ON_FINAL}": _of_known(measured["final"]["table"]),
        f"## How much of a track to embed: {ON_SIBLINGS}": measured["cost"]["table"],
        "## Pictures": pictures,
        "## Known weaknesses": weaknesses,
        "## Data": _sources(card["data"]),
    }
    if facts.tried:
        parts["## What was tried"] = facts.tried.splitlines()
    return [line for head, body in parts.items() for line in (head, "", *body, "")]


def _of_known(table: list[str]) -> list[str]:
    """A table of robustness whose tracks are no strangers to the model."""
    return [table[0].replace("by unseen artists", "it has learnt from"), *table[1:]]


def _speed_line(card: Mapping[str, Any]) -> str:
    speed = card["size and speed"]
    return (
        f"{card['parameters']:,} parameters, {speed['file MB']} MB; 30 s of audio on one thread "
        f"in {speed['ms for 30 s, one thread']} ms, AudioEmbeddingTiny in the same run "
        f"{speed['AudioEmbeddingTiny, same run']} ms: {speed['times as fast']} times as fast."
    )


def _coverage_line(facts: CardFacts) -> str:
    baseline = facts.recipe.baseline
    line = "whole tracks embedded."
    if baseline.folds:
        line += (
            f" AudioEmbeddingTiny: the paper's stage 1 shortened to {baseline.epochs} epochs of "
            f"{baseline.triplets:,} triplets, on {baseline.folds} of the folds."
        )
    return line


def _sources(data: Mapping[str, Any]) -> list[str]:
    sources = data["sources and the licences they state"]
    return [
        f"{data['clips']} clips of `{data['name']}`; {data['of the audio']}.",
        "",
        *(f"- {source}: {licence}" for source, licence in sources.items()),
    ]
