"""How the C library hands memory back, which decides the speed of training on a CPU."""

import ctypes
import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_MAX = -4


def keep_freed_memory() -> bool:
    """Asks glibc to reuse large blocks instead of returning each to the system.

    A step of training allocates tensors of hundreds of megabytes; by default each is mapped,
    zeroed page by page, and unmapped again, which costs more than the arithmetic.

    Returns:
        Whether this system could be asked.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library, such as musl
        return False
    # No block is mapped by itself, and the heap's end is given back only past 2 GB. The process
    # keeps what it once needed, which for a training is what it needs in the next step as well.
    return bool(mallopt(_M_MMAP_MAX, 0)) and bool(mallopt(_M_TRIM_THRESHOLD, 2**31 - 1))
