"""Versions of what the scan derives from a file.

Raise one when its reader gives other, better results for files that it could read before: the
next scan of every library then reads these files again, though they have not changed. Raising
the tags' version leaves identities as they are, and with them vectors, plays and judgments;
raising the identity's lets all of these follow to the new identities (``store.recordings``).
"""

from mecomp_desktop.domain.changes import DerivedVersions

CURRENT = DerivedVersions(tags=1, identity=1)
"""The readers of this program."""

READER_VERSION = sum(CURRENT)
"""One number for both: a newer one may read what an older could not."""
