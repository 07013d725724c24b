"""The folder that a run leaves behind: configuration, history, metrics, logs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.training.epochs import EpochRecord

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class RunFolder:
    """Writes JSON files, TensorBoard events and one line an epoch.

    Use as a context manager, so that the last events reach the disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self._board: SummaryWriter | None = None

    def __enter__(self) -> "RunFolder":
        return self

    def __exit__(self, *failure: object) -> None:
        if self._board is not None:
            self._board.close()

    def clear(self) -> None:
        """Removes what an earlier run left: its history, logs, results and checkpoints."""
        for pattern in ("*.json", "*.jsonl", "*.png", "*.pt", "tensorboard/events*"):
            for file in self.path.glob(pattern):
                file.unlink()

    def write(self, name: str, values: object) -> Path:
        """Writes ``name`` as JSON, in one step."""
        target = self.path / name
        # In one step: whether a run is finished is told by which of these files are there.
        draft = target.with_suffix(".part")
        draft.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", "utf-8")
        draft.replace(target)
        return target

    def log_epoch(self, record: EpochRecord) -> None:
        """Adds one epoch to ``history.jsonl`` and to TensorBoard, and prints it."""
        self.log(record.epoch, asdict(record), at="epoch")
        print(_line(record), flush=True)  # noqa: T201  # the trainer's output is its console

    def log(self, step: int, record: Mapping[str, float], at: str = "step") -> None:
        """Adds a record to ``history.jsonl`` and to TensorBoard.

        Args:
            step: Where it belongs.
            record: Figures by name, ``at`` among them.
            at: What ``step`` is called; no curve of its own.
        """
        # When there is something to log: opening a folder that is only read would leave an empty
        # events file behind.
        if self._board is None:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(self.path / "tensorboard"))
        for name, value in record.items():
            if name != at:
                self._board.add_scalar(name, value, step)
        with (self.path / "history.jsonl").open("a", encoding="utf-8") as out:
            out.write(json.dumps(record) + "\n")


def _line(record: EpochRecord) -> str:
    return (
        f"epoch {record.epoch:3d}  loss {record.train_loss:.4f}  "
        f"accuracy {record.train_accuracy:.3f}  "
        f"validation {record.validation_loss:.4f} / {record.validation_accuracy:.3f}  "
        f"rate {record.learning_rate:.1e}  {record.seconds:.0f} s"
    )
