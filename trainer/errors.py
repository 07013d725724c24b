"""What can go wrong in a training run and that its user can mend."""

from mecomp_desktop.errors import UserError


class DataError(UserError):
    """A data set, a table or a split that cannot be trained on; says which and why."""


class TrainingError(UserError):
    """A run that cannot go on: a loss that is no number, a checkpoint that does not fit."""


class ExportError(UserError):
    """An exported file that breaks the contract or differs from the model it came from."""
