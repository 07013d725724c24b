"""What a worker does so that it never bothers anyone: it yields, keeps small, dies in time."""

import contextlib
import ctypes
import os
import signal
import sys

import psutil

_LOWEST_NICE = 19
_PR_SET_PDEATHSIG = 1


def lower_priority(parent_pid: int) -> None:
    """Take the lowest priority, leave signals to the parent, and end when the parent ends."""
    # Ctrl-C and the end of a session reach every process at once. A worker that went first would
    # leave its file looking as if it had killed it.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    _yield_to_others()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent_pid:  # it died before we asked to be told
            sys.exit(0)


def limit_memory(extra_bytes: int) -> None:
    """Let this process grow by so much and no more; Linux alone, elsewhere the parent watches."""
    if sys.platform != "linux":
        return
    import resource

    size = psutil.Process().memory_info().vms + extra_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no gigabytes behind


def _yield_to_others() -> None:
    me = psutil.Process()
    # Where the system refuses, the work is done at the usual priority.
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            me.nice(psutil.IDLE_PRIORITY_CLASS)
            me.ionice(psutil.IOPRIO_VERYLOW)
        else:
            me.nice(_LOWEST_NICE)
    if sys.platform == "linux":
        with contextlib.suppress(psutil.Error, OSError):
            me.ionice(psutil.IOPRIO_CLASS_IDLE)
