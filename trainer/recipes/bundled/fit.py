"""One training of the bundled model's network, as a task for :mod:`trainer.recipes.parallel`."""

from dataclasses import dataclass

from trainer.recipes.bundled.training import NetworkTraining
from trainer.recipes.bundled.training_job import TrainingJob
from trainer.training.loop import ProgressCallback


@dataclass(frozen=True, slots=True)
class Fit(TrainingJob):
    """A training job that can be run; see :class:`trainer.recipes.parallel.Task`."""

    def run(self, on_progress: ProgressCallback) -> None:
        """Trains, or goes on training.

        Raises:
            TrainingError: The loss is no number, or the folder holds another training.
        """
        NetworkTraining(self).train(on_progress)
