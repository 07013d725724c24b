"""``mecomp-desktop history``: what was played last."""

import argparse
import time

from mecomp_desktop.cli.output import print_error, print_json, print_line
from mecomp_desktop.cli.songs import catalog_of, line_of, opened_library, song_values
from mecomp_desktop.store.plays import Plays


def run(options: argparse.Namespace) -> int:
    """Print the last plays, newest first."""
    with opened_library(options) as database:
        catalog = catalog_of(database)
        rows = catalog.recordings()
        plays = Plays(database).log()[: -options.n - 1 : -1]
    values = [
        {
            "started_at_s": round(started_at_s, 3),
            "played_s": round(played_s, 3),
            **(
                song_values(catalog.tracks[rows[audio_id]])
                if audio_id in rows
                else {"audio_id": audio_id}
            ),
        }
        for audio_id, started_at_s, played_s in plays
    ]
    if options.json:
        print_json(values)
        return 0
    for play in values:
        at = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(str(play["started_at_s"]))))
        print_line(f"{at}  {line_of(play)}")
    if not values:
        print_error("Nothing has been played yet.")
    return 0
