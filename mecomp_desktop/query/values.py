"""Values as they are written in a query: texts, numbers, lengths, dates, yes and no."""

import datetime
import math
import re
from dataclasses import dataclass

MAX_NUMBER = 1e15
"""Beyond it neither the database nor a float counts exactly."""

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):([0-5]\d)")
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([a-z]*)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DURATION_UNITS = {
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
}
_DAY_S = 86_400
AGE_UNITS: dict[str, int] = {
    "minute": 60,
    "hour": 3600,
    "day": _DAY_S,
    "week": 7 * _DAY_S,
    "month": 30 * _DAY_S,
    "year": 365 * _DAY_S,
}
"""How many seconds each counts for."""
MAX_AGE_S = 200 * AGE_UNITS["year"]
"""Longer ago than any date that the clock of a computer knows."""
NAMED_DAYS: dict[str, int] = {"today": 0, "yesterday": 1}
"""Days by name, and how many days ago they were."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    number: float


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    is_set: bool


@dataclass(frozen=True, slots=True)
class Date:
    """A day, a month or a year of the calendar."""

    year: int
    month: int | None = None
    day: int | None = None

    def span(self) -> tuple[float, float]:
        """Return when it begins and when it has ended, in seconds since the epoch."""
        start = datetime.date(self.year, self.month or 1, self.day or 1)
        if self.day is not None:
            end = start + datetime.timedelta(days=1)
        elif self.month is not None:
            end = (start + datetime.timedelta(days=31)).replace(day=1)
        else:
            end = datetime.date(self.year + 1, 1, 1)
        return _midnight_s(start), _midnight_s(end)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """Today or yesterday."""

    name: str

    def span(self, now_s: float) -> tuple[float, float]:
        """Return when it begins and when it has ended, in seconds since the epoch."""
        day = datetime.date.fromtimestamp(now_s) - datetime.timedelta(days=NAMED_DAYS[self.name])
        return _midnight_s(day), _midnight_s(day + datetime.timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Age:
    """So long ago: ``2 weeks ago``."""

    count: float
    unit: str

    def moment_s(self, now_s: float) -> float:
        """Return when that was, in seconds since the epoch."""
        return now_s - self.count * AGE_UNITS[self.unit]

    def span(self, now_s: float) -> tuple[float, float]:
        """Return beginning and end of the day in which that was."""
        day = datetime.date.fromtimestamp(self.moment_s(now_s))
        return _midnight_s(day), _midnight_s(day + datetime.timedelta(days=1))


Value = Text | Number | Duration | Flag | Date | NamedDay | Age
"""What a field is compared with."""


def parse_number(word: str) -> Number | None:
    """Return a number as in ``1994`` or ``3.5``; ``None`` where it is none."""
    try:
        number = float(word)
    except ValueError:
        return None
    return Number(number) if math.isfinite(number) and abs(number) <= MAX_NUMBER else None


def parse_bit_rate(word: str) -> Number | None:
    """Return a bit rate as in ``320``, ``320k`` or ``320kbps``."""
    return parse_number(re.sub(r"k(?:bps|bit/s)?$", "", word, flags=re.IGNORECASE))


def parse_duration(word: str, unit: str = "") -> Duration | None:
    """Return a length as in ``3:30``, ``1:02:03``, ``90``, ``90s`` or ``5 minutes``."""
    clock = _CLOCK.fullmatch(word)
    if clock is not None and not unit:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return Duration(3600 * hours + 60 * minutes + seconds)
    amount = _AMOUNT.fullmatch(word)
    if amount is None or (unit and amount[2]):
        return None
    factor = _DURATION_UNITS.get((unit or amount[2]).lower())
    return None if factor is None else Duration(round(float(amount[1]) * factor))


def is_duration_unit(word: str) -> bool:
    """Return whether a word may stand behind the number of a length."""
    return bool(word) and word.lower() in _DURATION_UNITS


def parse_date(word: str) -> Date | NamedDay | None:
    """Return a date as in ``2024``, ``2024-05``, ``2024-05-31`` or ``today``."""
    if word.lower() in NAMED_DAYS:
        return NamedDay(word.lower())
    found = _DATE.fullmatch(word)
    if found is None:
        return None
    month, day = (None if part is None else int(part) for part in found.groups()[1:])
    date = Date(int(found[1]), month, day)
    try:
        date.span()
    except (ValueError, OverflowError, OSError):  # the 31st of April, the year 9999
        return None
    return date


def parse_age(word: str, unit: str) -> Age | None:
    """Return an age as in ``2`` ``weeks``."""
    amount = _AMOUNT.fullmatch(word)
    name = unit.lower().removesuffix("s")
    if amount is None or amount[2] or name not in AGE_UNITS:
        return None
    age = Age(float(amount[1]), name)
    return age if age.count * AGE_UNITS[name] <= MAX_AGE_S else None


def parse_flag(word: str) -> Flag | None:
    """Return yes or no."""
    if word.lower() in ("yes", "true", "1"):
        return Flag(is_set=True)
    return Flag(is_set=False) if word.lower() in ("no", "false", "0") else None


def _midnight_s(day: datetime.date) -> float:
    return datetime.datetime(day.year, day.month, day.day).timestamp()
