"""The card of a model file: what it is, how it was made, how good it is, and under what licence."""

import datetime
from pathlib import Path
from typing import Any

from trainer.config import DataConfig, StageConfig
from trainer.data.read import read_music
from trainer.errors import DataError
from trainer.export.onnx_export import MAX_DIFFERENCE, Parity
from trainer.models.embedder import Embedder
from trainer.training.checkpoint import Checkpoint


def describe_recipe(metadata: dict[str, Any]) -> str:
    """How a run was trained, in a sentence."""
    stage = StageConfig.from_dict(metadata["stage"])
    data = DataConfig.from_dict(metadata["data"])
    what = (
        f"triplet loss, margin {stage.margin:g}"
        if stage.objective == "triplet"
        else "cross-entropy by genre"
    )
    count = f"{metadata['triplets']['train']:,} triplets an epoch"
    drawn = f" drawn among pools of {stage.pool_clips} clips" if stage.pool_clips else ""
    added = f", augmented by {', '.join(stage.augment)}" if stage.augment else ""
    return (
        f"{stage.name}: {what}, {count}{drawn}, batches of {stage.batch_triplets}, "
        f"{stage.clip_s:g} s clips, AdamW {stage.learning_rate:g}, mining {stage.mining}{added}; "
        f"split by {data.split}; best epoch {metadata.get('best_epoch', 0)}"
    )


def make_card(
    model: Embedder,
    checkpoint: Checkpoint,
    name: str,
    recipe: str,
    parity: Parity,
    metrics: dict[str, Any],
) -> dict[str, Any]:
    """Everything about a model that its file does not hold."""
    metadata = checkpoint.metadata
    return {
        "name": name,
        "trained": True,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "architecture": checkpoint.model_config.to_dict(),
        "parameters": model.parameter_count(),
        "body_hash": model.body_hash(),
        "head_hash": model.head_hash(),
        "recipe": recipe,
        "stage": metadata["stage"],
        "parent": metadata.get("parent", ""),
        "data": _data(metadata),
        "metrics": metrics,
        "export": {
            "largest difference from PyTorch": parity.lengths,
            "largest difference of a batch from its rows": parity.batch,
            "allowed": MAX_DIFFERENCE,
        },
        "licence": "MIT",
    }


def _data(metadata: dict[str, Any]) -> dict[str, Any]:
    split = {part: len(keys) for part, keys in metadata["split"].items()}
    data = DataConfig.from_dict(metadata["data"])
    folder = Path(data.folder)
    try:
        music = read_music(folder, data.subset)
    except DataError:  # the music has been moved since; the card says what is still known
        return {"name": folder.name, "clips by part": split}
    return {
        "name": music.name,
        "clips": len(music.clips),
        "clips by part": split,
        "skipped": metadata["skipped"],
        "sources and the licences they state": music.origin,
        "of the audio": "used for training and measuring; never part of what is shipped",
    }
