"""The boundary around the decoding libraries: whatever they raise is one unreadable file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from mecomp_desktop.errors import Reason, UnreadableFile

# Bounds on what a header may claim: DSD at its fastest, and more loudspeakers than any hall has.
# Below a thousand a second there is no music, and a resampler lets go of seconds at once.
# They hold wherever a number enters that later decides how much memory is taken.
MIN_RATE_HZ, MAX_RATE_HZ = 1_000, 3_072_000
MAX_CHANNELS = 64


@contextlib.contextmanager
def unreadable_if_raised(path: Path) -> Iterator[None]:
    """Turn every exception from inside into ``UnreadableFile``.

    The libraries raise nearly anything for broken bytes (``IndexError``, ``ValueError``,
    ``OverflowError``, their own); a caller that had to know them all would miss one, and one file
    would end a scan.

    Raises:
        UnreadableFile: Anything was raised inside.
    """
    try:
        yield
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile(path, Reason.TOO_MUCH_MEMORY, str(error)) from error
    except OSError as error:
        raise UnreadableFile(path, Reason.of(error), str(error)) from error
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        memory = "alloc" in detail.lower()  # how FFmpeg says MemoryError
        reason = Reason.TOO_MUCH_MEMORY if memory else Reason.DAMAGED
        raise UnreadableFile(path, reason, detail) from error


def check_claims(path: Path, sample_rate_hz: int, channels: int) -> None:
    """Refuse rates and channel counts that no sound has.

    Raises:
        UnreadableFile: They are out of bounds.
    """
    if not MIN_RATE_HZ <= sample_rate_hz <= MAX_RATE_HZ:
        raise UnreadableFile(path, Reason.DAMAGED, f"its header claims {sample_rate_hz} Hz")
    if not 1 <= channels <= MAX_CHANNELS:
        raise UnreadableFile(path, Reason.DAMAGED, f"its header claims {channels} channels")
