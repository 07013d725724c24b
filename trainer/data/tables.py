"""Reading CSV tables with an error that names file and column."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from trainer.errors import DataError


def read_table(path: Path, columns: Iterable[str]) -> pd.DataFrame:
    """Reads a CSV file as strings; a missing cell is ``""``.

    Raises:
        DataError: It is not there, is no CSV, or lacks one of ``columns``.
    """
    try:
        # As text: an artist called "1975" or "NaN" is a name.
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as problem:
        raise DataError(f"{path}: not a CSV table ({problem})") from problem
    missing = [column for column in columns if column not in table.columns]
    if missing:
        found = ", ".join(table.columns)
        raise DataError(f"{path}: lacks the column(s) {', '.join(missing)}; it has {found}")
    return table
