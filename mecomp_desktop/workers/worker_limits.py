"""Process limits for workers: CPU and I/O priority, memory, signals, exit with the parent."""

import contextlib
import ctypes
import os
import signal
import sys

LOWEST_NICE = 19
"""The niceness at which a worker gets only what nobody else wants."""

_PR_SET_PDEATHSIG = 1


def become_worker(parent_pid: int, nice: int) -> None:
    """Leave signals to the parent, take a low priority, and end when the parent ends.

    Args:
        parent_pid: The process that started this one.
        nice: The niceness to take, 0…19; from 19 on the disk is left to others as well.
    """
    # Ctrl-C and the end of a session reach every process at once. A worker that went first would
    # leave its file looking as if it had killed it.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    _lower_priority(nice)
    if sys.platform == "linux":
        # The kernel tells a child of the end of the *thread* that started it: the parent keeps
        # each worker on the thread that also ends it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent_pid:  # it died before we asked to be told
            sys.exit(0)


def limit_memory(extra_bytes: int) -> None:
    """Let this process grow by so much and no more; Linux alone, elsewhere the parent watches."""
    if sys.platform != "linux":
        return
    import resource

    import psutil  # here and below: the parent needs none of it before there is a worker

    # Address space, for Linux enforces no limit on what is resident: what the process has mapped
    # by now (libraries, arenas) does not count against the file.
    size = psutil.Process().memory_info().vms + extra_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no gigabytes behind


def _lower_priority(nice: int) -> None:
    import psutil

    process = psutil.Process()
    # Where the system refuses, the work is done at the usual priority.
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            idle, below = psutil.IDLE_PRIORITY_CLASS, psutil.BELOW_NORMAL_PRIORITY_CLASS
            process.nice(idle if nice >= LOWEST_NICE else below)
        else:
            process.nice(max(nice, process.nice()))
    if nice < LOWEST_NICE:
        return
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            process.ionice(psutil.IOPRIO_VERYLOW)
        elif sys.platform == "linux":
            process.ionice(psutil.IOPRIO_CLASS_IDLE)
