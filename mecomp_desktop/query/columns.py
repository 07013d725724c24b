"""The songs of a catalog by column, as conditions want them: folded texts, numbers, facts."""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mecomp_desktop.arrays import Doubles, SmallRows
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.track_table import TrackTable
from mecomp_desktop.query.fields import FieldKind, QueryField
from mecomp_desktop.text import fold, fold_all, sort_key_of_folded

Facts = Mapping[str, Mapping[AudioId, float]]
"""By the name of a fact ("plays"), what is known of recordings; nothing for one that has none."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of texts, each different value kept once.

    Attributes:
        values: The different values, folded; a value of a list field is several texts.
        known: Which of them say anything, bool [values].
        codes: Which of them each song has, int32 [n].
    """

    values: Sequence[str] | Sequence[tuple[str, ...]]
    known: Sequence[bool]
    codes: SmallRows


def shown_path(path: str) -> str:
    """Return a path as text that any database takes: bytes that are no text become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


class TagColumns:
    """What the files of a catalog say. Any thread may ask; columns are made once.

    Args:
        tracks: The songs.
    """

    def __init__(self, tracks: TrackTable) -> None:
        self.tracks = tracks
        self._lock = threading.RLock()
        self._texts: dict[str, TextColumn] = {}
        self._numbers: dict[str, Doubles] = {}
        self._ranks: dict[str, Doubles] = {}

    def texts(self, field: QueryField) -> TextColumn:
        """Return a column of a text or list field."""
        with self._lock:
            if field.column not in self._texts:
                self._texts[field.column] = self._made_texts(field)
            return self._texts[field.column]

    def numbers(self, field: QueryField) -> Doubles:
        """Return a column of any other field, float64 [n]; not a number where nothing is known."""
        with self._lock:
            if field.column not in self._numbers:
                values = np.array(self.tracks.column(field.column), dtype=np.float64)
                if field.kind is FieldKind.DURATION:
                    # Whole seconds, as a clock shows them; 0 stands for not known.
                    values = np.where(values > 0, np.floor(values), np.nan)
                self._numbers[field.column] = values
            return self._numbers[field.column]

    def text_ranks(self, field: QueryField) -> Doubles:
        """Return the rank of each song by a text field, float64 [n]; equal texts are equal."""
        with self._lock:
            if field.column not in self._ranks:
                column = self.texts(field)
                # What is folded already is not folded again: nearly every title is another one.
                keys = [
                    sort_key_of_folded(value if isinstance(value, str) else ", ".join(value))
                    for value in column.values
                ]
                rank_of = {key: rank for rank, key in enumerate(sorted(set(keys)))}
                ranks = [
                    float(rank_of[key]) if known else np.nan
                    for key, known in zip(keys, column.known, strict=True)
                ]
                self._ranks[field.column] = np.array(ranks, np.float64)[column.codes]
            return self._ranks[field.column]

    def _raw(self, field: QueryField) -> Sequence[str | tuple[str, ...]]:
        values = self.tracks.column(field.column)
        return [shown_path(path) for path in values] if field.column == "path" else values

    def _made_texts(self, field: QueryField) -> TextColumn:
        raw = self._raw(field)
        code_of: dict[str | tuple[str, ...], int] = {}
        codes = np.fromiter(
            (code_of.setdefault(value, len(code_of)) for value in raw), np.int32, len(raw)
        )
        different = list(code_of)
        known = list(map(bool, different))
        if field.kind is FieldKind.LIST:
            lists = [tuple(map(fold, texts)) for texts in different]
            return TextColumn(lists, known, codes)
        return TextColumn(fold_all([str(text) for text in different]), known, codes)


class SongColumns:
    """The columns of a catalog together with the facts of its recordings, at one moment.

    Args:
        tags: What the files say; shared by all moments of one catalog.
        facts: What is known of recordings.
    """

    def __init__(self, tags: TagColumns, facts: Facts) -> None:
        self.tags = tags
        self._facts = facts
        self._lock = threading.Lock()
        self._made: dict[str, Doubles] = {}

    def numbers(self, field: QueryField) -> Doubles:
        """Return a column of numbers, float64 [n]; not a number where nothing is known."""
        if not field.is_fact:
            return self.tags.numbers(field)
        with self._lock:
            if field.column not in self._made:
                known = self._facts.get(field.column, {})
                absent = 0.0 if field.absent_is_zero else np.nan
                audio_ids = self.tags.tracks.column("audio_id")
                self._made[field.column] = np.fromiter(
                    (known.get(audio_id, absent) for audio_id in audio_ids),
                    np.float64,
                    len(audio_ids),
                )
            return self._made[field.column]
