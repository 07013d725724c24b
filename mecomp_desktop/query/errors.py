"""What is wrong with a query, and where in its text."""

import unicodedata

from mecomp_desktop.errors import UserError


class QueryError(UserError):
    """A query that cannot be understood or answered.

    Attributes:
        start: The place in the text that is at fault, counted in characters from 0.
        end: Where it ends; at least one more than ``start``, also behind the last character.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = max(end, start + 1)

    def pointed(self, text: str) -> str:
        """Return the text of the query with a caret under the place, in two lines."""
        # What a terminal would act upon is shown as one sign, so that the caret stands right.
        line = "".join(char if char.isprintable() else "?" for char in text)
        before, at_fault = _cells(line[: self.start]), _cells(line[self.start : self.end])
        return f"{line}\n{' ' * before}{'^' * max(at_fault, 1)}"


def _cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: Chinese letters two, accents none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
