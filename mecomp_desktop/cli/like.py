"""``mecomp-desktop like``: like or rate songs, or list those that are liked."""

import argparse
import time
from dataclasses import replace

from mecomp_desktop.cli.rating_command import change, print_subjects, report
from mecomp_desktop.cli.songs import catalog_of, opened_library, tracks_of
from mecomp_desktop.domain.rating import Rating, Subject
from mecomp_desktop.ratings.changes import with_like
from mecomp_desktop.store.ratings import RatingStore


def run(options: argparse.Namespace) -> int:
    """Do it; without files, print what is liked or rated."""
    now_s = time.time()

    def changed(rating: Rating) -> Rating:
        if options.stars is None:
            return with_like(rating, not options.off, now_s)
        return replace(rating, half_stars=None if options.off else round(2 * options.stars))

    with opened_library(options) as database:
        catalog, store = catalog_of(database), RatingStore(database)
        if not options.files:
            liked = [
                (subject, rating)
                for subject, rating in store.all().all()
                if rating.liked or rating.half_stars is not None
            ]
            return print_subjects(liked, catalog, as_json=options.json)
        tracks, missing = tracks_of(catalog, options.files)
        done = change(store, map(Subject.song, tracks), changed)
    return report(done, missing, catalog, as_json=options.json)
