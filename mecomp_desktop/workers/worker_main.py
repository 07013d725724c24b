"""The child's side: takes jobs from its input, answers each on its output.

Messages to it: first ``{"parent_pid", "memory_bytes", "nice", "settings"}``, then
``{"jobs": [job, …]}``. Messages from it: first ``{"ready": greeting}`` or ``{"unusable": why}``,
then one answer a job, in order: what the handler returned, or ``{"reason": name, "detail": text}``.

Nothing here may import Qt or the store: a worker is small and starts fast.
"""

import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from mecomp_desktop.errors import Reason, UnreadableFile, UserError
from mecomp_desktop.workers.worker_limits import become_worker, limit_memory
from mecomp_desktop.workers.worker_protocol import Message, receive, send

Handler = Callable[[Message], Message]
"""Does one job. Whatever it raises becomes the answer: it costs this job alone."""

Opener = Callable[[Message], tuple[Handler, Message]]
"""Makes, from the settings, the handler and the greeting; a `UserError` means "unusable"."""

_MAX_DETAIL_CHARS = 2000


def serve(open_handler: Opener) -> None:
    """Serve until the input ends."""
    jobs, answers = _take_pipes()
    start = receive(jobs)
    if start is None:
        return
    become_worker(start["parent_pid"], start["nice"])
    try:
        handler, greeting = open_handler(start["settings"])
    except UserError as error:
        send(answers, {"unusable": str(error)})
        return
    # Last, so that what opening took is not charged to the first file.
    limit_memory(start["memory_bytes"])
    send(answers, {"ready": greeting})
    while (batch := receive(jobs)) is not None:
        for job in batch["jobs"]:
            # Each by itself and at once: the job that is not answered is the one that killed us.
            send(answers, answer(handler, job))


def answer(handler: Handler, job: Message) -> Message:
    """Do one job; whatever is raised, there is an answer."""
    try:
        return handler(job)
    except UnreadableFile as failure:
        return failed(failure.reason, failure.detail)
    except MemoryError as error:
        return failed(Reason.TOO_MUCH_MEMORY, str(error))
    except Exception as error:  # a bug, ours or a library's, costs this file alone
        detail = f"{type(error).__name__}: {error}"
        if isinstance(error, OSError):
            return failed(Reason.of(error), detail)
        memory = "alloc" in detail.lower()  # how onnxruntime and FFmpeg say MemoryError
        return failed(Reason.TOO_MUCH_MEMORY if memory else Reason.DAMAGED, detail)


def failed(reason: Reason, detail: str) -> Message:
    """Return the answer that says why there is none."""
    return {"reason": reason.name, "detail": detail[:_MAX_DETAIL_CHARS]}


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to ourselves: a library that prints must not talk into the answers."""
    jobs = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, sys.stdin.fileno())
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return jobs, answers
