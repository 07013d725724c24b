"""``mecomp-desktop never``: put songs, folders, artists away for good, or list what is put away."""

import argparse
import time

from mecomp_desktop.cli.rating_command import change, print_subjects, report
from mecomp_desktop.cli.songs import catalog_of, opened_library, tracks_of
from mecomp_desktop.domain.rating import Subject, SubjectKind
from mecomp_desktop.files import reachable_folder, resolved
from mecomp_desktop.ratings.changes import with_never
from mecomp_desktop.store.ratings import RatingStore


def run(options: argparse.Namespace) -> int:
    """Do it; without anything named, print what is put away."""
    now_s = time.time()
    with opened_library(options) as database:
        catalog, store = catalog_of(database), RatingStore(database)
        if not (options.paths or options.artist):
            away = [pair for pair in store.all().all() if pair[1].never_again]
            return print_subjects(away, catalog, as_json=options.json)
        folders = [path for path in options.paths if reachable_folder(path)]
        files = [path for path in options.paths if path not in folders]
        tracks, missing = tracks_of(catalog, files)
        subjects = [
            *map(Subject.song, tracks),
            *(Subject.folder(resolved(folder)) for folder in folders),
            *(Subject(SubjectKind.ARTIST, name) for name in options.artist),
        ]
        done = change(store, subjects, lambda rating: with_never(rating, not options.off, now_s))
    return report(done, missing, catalog, as_json=options.json)
