"""A worker that does what its jobs say: the bad manners of decoders, one by one."""

import os
import sys
import time
from pathlib import Path

from mecomp_desktop.errors import Reason, UnreadableFile, UserError
from mecomp_desktop.workers.worker_main import Handler, serve
from mecomp_desktop.workers.worker_protocol import Message


def main() -> None:
    serve(_open)


def _open(settings: Message) -> tuple[Handler, Message]:
    if "unusable" in settings:
        raise UserError(settings["unusable"])
    return _do, {"settings": settings}


def _do(job: Message) -> Message:
    if "note" in job:  # what was begun, and by which process
        with Path(job["note"]).open("a") as file:
            file.write(f"{os.getpid()}\n")
    match job["do"]:
        case "unreadable":
            raise UnreadableFile(Path("x"), Reason.EMPTY, "told")
        case "raise":
            raise [ValueError, RecursionError, MemoryError, AssertionError][job["number"]]("odd")
        case "no share":
            raise OSError(job["number"], "no share")
        case "die":
            os.kill(os.getpid(), job["signal"])
            time.sleep(60)
        case "die once":
            if not Path(job["mark"]).exists():
                Path(job["mark"]).touch()
                os.kill(os.getpid(), job["signal"])
                time.sleep(60)
        case "exit":
            os._exit(0)
        case "burn":
            while True:
                pass
        case "sleep":
            time.sleep(job["seconds"])
        case "grow":
            return {"size": len(bytearray(job["bytes"]))}
        case "print":
            sys.stdout.write("nonsense " * 1000)
            sys.stdout.flush()
    return {"echo": job["do"], "pid": os.getpid()}
