"""Versions of what the scan derives from a file.

Raise one when its reader gives other, better results for files that it could read before: the
next scan of every library then reads these files again, though they have not changed. Raising
the tags' version (``_TAG_READER``) leaves identities as they are, and with them vectors, plays
and judgments; raising the identity's lets all of these follow to the new identities
(``store.recordings``).
"""

from mecomp_desktop.domain.changes import DerivedVersions
from mecomp_desktop.library.fields import FIELDS

_TAG_READER = 2
_MAX_FIELDS = 1000

# A field that is added counts as a better reader: the next scan fills its column.
CURRENT = DerivedVersions(tags=_TAG_READER * _MAX_FIELDS + len(FIELDS), identity=1)
"""The readers of this program."""

READER_VERSION = sum(CURRENT)
"""One number for both: a newer one may read what an older could not."""
