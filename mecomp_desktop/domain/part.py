"""A stretch of a file that is a song of its own, as a CUE sheet cuts it."""

from collections.abc import Sequence
from typing import NamedTuple

_START_DIGITS = 6


class Part(NamedTuple):
    """A stretch of a file. The parts of a file follow each other without gap or overlap.

    Attributes:
        start_s: Where it begins, in seconds of the file.
        end_s: Where it ends, in seconds of the file; ``None``: where the file ends.
    """

    start_s: float
    end_s: float | None = None

    def length_s(self, file_s: float) -> float:
        """Return its length in a file this long, both in seconds; 0 where not known."""
        end_s = self.end_s if self.end_s is not None else file_s
        return max(0.0, end_s - self.start_s)

    def frames(self, sample_rate_hz: int) -> tuple[int, int | None]:
        """Return its first frame and the one after its last.

        Where one part ends the next begins: equal times give equal frames, so that parts that are
        played one after the other are the file, to the sample.
        """
        end = None if self.end_s is None else round(self.end_s * sample_rate_hz)
        return round(self.start_s * sample_rate_hz), end


def part_of(start_s: float | None, end_s: float | None) -> Part | None:
    """Return the part that two numbers in a row or a message stand for; ``None``: all of a file."""
    return None if start_s is None else Part(start_s, end_s)


def part_from_message(pair: Sequence[float | None] | None) -> Part | None:
    """Return the part that a message of another process holds: JSON has lists for tuples."""
    return None if pair is None else part_of(*pair)


def place_of(path: str, part: Part | None) -> str:
    """Return what tells a song's place from every other: its path, and where in it a part begins.

    No path has a NUL in it, so a part's place is no path.
    """
    return path if part is None else f"{path}\0{part.start_s:.{_START_DIGITS}f}"


def path_of(place: str) -> str:
    """Return the path in a place."""
    return place.partition("\0")[0]
