"""The child process that reads tags, identity, covers and shapes.

Jobs: ``{"do": "facts", "path", "root", "audio_id", "sheets"}`` is answered with ``{"audio_id",
"tags", "songs": [{"start_s", "end_s", "tags"}], "refused": {"name", "why"} or null}``,
``{"do": "identity", "path"}`` with ``{"audio_id"}``, ``{"do": "cover", "path", "album",
"size_px"}`` with ``{"cover": base64 or null}``, ``{"do": "shape", "path", "buckets",
"part"}`` with ``{"levels": base64, "duration_s", "ends_early"}``.
"""

import base64
from pathlib import Path

from mecomp_desktop.domain.part import part_from_message
from mecomp_desktop.library.covers import find_cover
from mecomp_desktop.library.identity import audio_id
from mecomp_desktop.library.inspection import tags_to_message
from mecomp_desktop.library.tags import read_songs
from mecomp_desktop.workers.worker_main import Handler, serve
from mecomp_desktop.workers.worker_protocol import Message


def main() -> None:
    """Serve until the input ends."""
    serve(_open)


def inspect(job: Message) -> Message:
    """Do one job.

    Raises:
        UnreadableFile: The file cannot be read.
    """
    path = Path(job["path"])
    if job["do"] == "identity":
        return {"audio_id": audio_id(path)}
    if job["do"] == "cover":
        picture = find_cover(path, job["album"], job["size_px"])
        return {"cover": None if picture is None else base64.b64encode(picture).decode("ascii")}
    if job["do"] == "shape":
        # NumPy takes 0.1 s to load: the worker that reads tags and covers does without.
        from mecomp_desktop.audio.peaks import shape

        levels, duration_s, ends_early = shape(path, job["buckets"], part_from_message(job["part"]))
        packed = base64.b64encode(bytes(levels)).decode("ascii")
        return {"levels": packed, "duration_s": duration_s, "ends_early": ends_early}
    root = None if job["root"] is None else Path(job["root"])
    tags, cut = read_songs(path, root, job["sheets"])
    return {
        "audio_id": job["audio_id"] or audio_id(path),
        "tags": tags_to_message(tags),
        "songs": [
            {
                "start_s": song.part.start_s,
                "end_s": song.part.end_s,
                "tags": tags_to_message(song.tags),
            }
            for song in cut.songs
        ],
        "refused": None
        if cut.refused is None
        else {"name": cut.refused.name, "why": cut.refused.why},
    }


def _open(_settings: Message) -> tuple[Handler, Message]:
    return inspect, {}


if __name__ == "__main__":
    main()
