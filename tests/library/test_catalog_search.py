from dataclasses import replace

import pytest

from mecomp_desktop.domain.ids import RootId
from mecomp_desktop.domain.track import Tags
from mecomp_desktop.library.catalog import Catalog
from mecomp_desktop.library.recordings import track_of_audio
from mecomp_desktop.text import fold, fold_all
from tests.support.library import catalog_of, many_facts

_LIBRARY = {str(facts.path): facts.tags for facts in many_facts(300, RootId(1))}


@pytest.fixture
def catalog() -> Catalog:
    return catalog_of(_LIBRARY)


@pytest.mark.parametrize(
    "typed",
    [
        ["d", "du", "dua", "duan", "dua", "du el", "duel", ""],
        ["an el", "el an", "an", "an ba el", "ban el"],
        ["zz", "zzz", "a"],
    ],
)
def test_typing_on_finds_what_a_search_from_anew_finds(catalog: Catalog, typed: list[str]) -> None:
    for words in typed:
        assert catalog.search(words).tolist() == catalog_of(_LIBRARY).search(words).tolist(), words


def test_many_texts_fold_as_one_does() -> None:
    texts = [*(f"Ünï {number} ẞ Ǆ" for number in range(9000)), "", "a\0B", "Ø", "e\u0301"]
    assert fold_all(texts) == [fold(text) for text in texts]
    assert fold_all([]) == []


def test_a_recording_is_played_from_a_file_that_is_there() -> None:
    catalog = catalog_of({"a": Tags("A"), "b": Tags("B")})
    first, second = catalog.tracks
    by_audio = track_of_audio(catalog)
    assert by_audio[first.audio_id] == first
    assert len(by_audio) == 2
    assert "audio 9" not in by_audio
    assert by_audio.available() == [second.audio_id, first.audio_id]


def test_a_file_that_is_there_wins_over_one_that_is_not() -> None:
    away, here = catalog_of({"a": Tags("A"), "b": Tags("B")}).tracks
    away = replace(away, available=False)
    same = replace(here, audio_id=away.audio_id)
    for files in ([away, same], [same, away]):
        by_audio = track_of_audio(Catalog(files))
        assert by_audio[away.audio_id] == same
        assert by_audio.available() == [away.audio_id]
    assert track_of_audio(Catalog([away])).available() == []
