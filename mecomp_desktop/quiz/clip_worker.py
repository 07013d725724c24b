"""The child process that finds the telling part of a song.

A job ``{"path", "part"}`` is answered with the fields of `Clip` but for these two.
"""

from pathlib import Path

from mecomp_desktop.audio.decode import load_decoders
from mecomp_desktop.domain.part import part_from_message
from mecomp_desktop.quiz.clips import choose_clip
from mecomp_desktop.workers.worker_main import Handler, serve
from mecomp_desktop.workers.worker_protocol import Message


def main() -> None:
    """Serve until the input ends."""
    serve(_open)


def choose(job: Message) -> Message:
    """Do one job; raises ``UnreadableFile``."""
    clip = choose_clip(Path(job["path"]), part_from_message(job["part"]))
    return {
        "start_s": clip.start_s,
        "length_s": clip.length_s,
        "gain": clip.gain,
        "envelope": list(clip.envelope),
    }


def _open(_settings: Message) -> tuple[Handler, Message]:
    load_decoders()  # before it is counted what a file makes the process grow by
    return choose, {}


if __name__ == "__main__":
    main()
