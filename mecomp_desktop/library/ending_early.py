"""The songs whose sound ends clearly before the end that their files promise."""

from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.errors import Reason
from mecomp_desktop.store.failures import Failure


def ending_early(tracks: TrackTable) -> list[Failure]:
    """Return them, by path; what is there of each is analysed and played.

    They are no failures of the store's: the table of tracks says it, and goes on saying it when
    their tags are read anew.
    """
    flags = tracks.column("ends_early")
    if True not in flags:  # nearly always, and asked at every look at a large library
        return []
    found = [tracks[row] for row, early in enumerate(flags) if early]
    return sorted(
        (
            Failure(
                track.path,
                "analysis",
                Reason.ENDS_EARLY,
                f"{track.duration_s:.1f} s are there",
                0,
                0,
                track.added_at_s,
            )
            for track in found
            if track.available
        ),
        key=lambda failure: failure.path,
    )
