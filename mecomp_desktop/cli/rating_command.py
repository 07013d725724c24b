"""What the commands that change ratings have in common."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mecomp_desktop.cli.output import print_error, print_json, print_line
from mecomp_desktop.cli.songs import line_of, subject_values
from mecomp_desktop.domain.rating import Rating, Subject
from mecomp_desktop.errors import UserError
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.ratings.service import stars
from mecomp_desktop.store.ratings import RatingStore

SOME_FAILED = 1
Rated = list[tuple[Subject, Rating]]


def change(
    store: RatingStore, subjects: Iterable[Subject], changed: Callable[[Rating], Rating]
) -> Rated:
    """Change the ratings of subjects in the store; return what they are now."""
    table = store.all()
    wanted = dict.fromkeys(map(table.known, subjects))
    after = {subject: changed(table.of(subject)) for subject in wanted}
    store.put({subject: now for subject, now in after.items() if now != table.of(subject)})
    return list(after.items())


def report(done: Rated, missing: Sequence[Path], catalog: Catalog, *, as_json: bool) -> int:
    """Print what was done, and which files the library does not have; return the exit code.

    Raises:
        UserError: Nothing was done.
    """
    if not done:
        names = ", ".join(map(str, missing))
        raise UserError(f"not in the library: {names}; run `mecomp-desktop index DIR` first")
    code = print_subjects(done, catalog, as_json=as_json)
    for path in missing:
        print_error(f"  {path}: not in the library")
    return SOME_FAILED if missing else code


def print_subjects(rated: Rated, catalog: Catalog, *, as_json: bool) -> int:
    """Print subjects and what the listener thinks of them; return the exit code."""
    rows = catalog.recordings()
    values = [(subject_values(subject, catalog, rows), rating) for subject, rating in rated]
    if as_json:
        print_json(
            [
                subject
                | {
                    "liked": rating.liked,
                    "stars": rating.stars,
                    "never_again": rating.never_again,
                }
                for subject, rating in values
            ]
        )
        return 0
    for subject, rating in values:
        print_line(f"{_words(rating):<22}{line_of(subject)}")
    return 0


def _words(rating: Rating) -> str:
    words = ["liked"] if rating.liked else []
    if rating.half_stars is not None:
        words.append(stars(rating.half_stars))
    if rating.never_again:
        words.append("never again")
    return ", ".join(words) or "-"
