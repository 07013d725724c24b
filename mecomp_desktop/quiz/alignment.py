"""Bringing the stored vectors to the head in use, slice by slice.

The distance of two vectors means something only where one head made both. So whatever ends the
program while a model is adopted, `align` goes on at the next start, and similarity serves nothing
before it has run.
"""

from mecomp_desktop.analysis.projection_head import Head
from mecomp_desktop.errors import UserError
from mecomp_desktop.quiz.model_files import ModelFiles
from mecomp_desktop.store.database import Database
from mecomp_desktop.store.embeddings import Embeddings

# One product over so many summaries takes some milliseconds, and so does writing them: nobody who
# wants to write meanwhile (an answer, a play) waits longer.
_SLICE_ROWS = 1_000


def align(database: Database, files: ModelFiles, body_hash: str, head_hash: str) -> int:
    """Place anew what other heads of this body have placed; return how many. Blocks.

    It happens where the program ended while a model was adopted, where a recording was being
    analysed at that moment, and where the file of the model in use is gone. If the head has no
    file of its own, these recordings are to be analysed again. A read-only library stays as it
    is: the vectors that there are serve.
    """
    if database.read_only:
        return 0
    embeddings, path = Embeddings(database), files.head_path(body_hash, head_hash)
    if not path.is_file():
        return embeddings.retire_other_heads(body_hash, head_hash)
    projection: Head | None = None
    count = 0
    for audio_ids, pooled in embeddings.of_other_heads(body_hash, head_hash, _SLICE_ROWS):
        projection = projection or Head(path)  # opened only if there is anything to do
        # The product is made outside the write lock: others may write between two slices.
        embeddings.rehead(body_hash, head_hash, audio_ids, projection.embed(pooled))
        count += len(audio_ids)
    return count


def check_head(database: Database, files: ModelFiles, body_hash: str, head_hash: str) -> None:
    """See that the library can follow a head, before anything is changed.

    Raises:
        UserError: The head's file is gone.
        ModelFileError: It cannot be run over the library.
    """
    stale = Embeddings(database).of_other_heads(body_hash, head_hash, 1)
    _, pooled = next(stale, (None, None))
    if pooled is None:
        return
    path = files.head_path(body_hash, head_hash)
    if not path.is_file():
        raise UserError(
            "This model's place in the library cannot be found: its file "
            f"{path.name} is gone. Nothing has changed."
        )
    Head(path).embed(pooled)
