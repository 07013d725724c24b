"""From the app's export to the trainer's clips: both forms, files in place and files moved."""

import shutil
from pathlib import Path

import pytest

from mecomp_desktop.contracts.answers_file import readable, write_all_columns, write_paper
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.domain.judgment import Judgment, JudgmentId, Pair
from mecomp_desktop.library.identity import audio_id
from tests.trainer.music import make_manifest_set
from trainer.data.answers import read_answers
from trainer.data.judgments import Judgment as Judged
from trainer.data.judgments import known_judgments, read_judgments
from trainer.data.read import read_music
from trainer.data.songs import find_songs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_manifest_set(tmp_path / "music, with a comma", artists=1, seconds=1.0)


@pytest.fixture
def paths(folder: Path) -> dict[AudioId, Path]:
    return {audio_id(path): path for path in sorted(folder.rglob("*.wav"))}


@pytest.fixture
def judgments(paths: dict[AudioId, Path]) -> list[Judgment]:
    first, second, third, fourth = paths
    return [
        Judgment(
            JudgmentId(1), (first, second, third), Pair.FIRST_THIRD, False, "quiz", "h", 2.5, 9.5
        ),
        Judgment(JudgmentId(2), (second, third, fourth), None, False, "quiz", "h", 1.0, 10.0),
        Judgment(
            JudgmentId(3), (fourth, first, second), Pair.SECOND_THIRD, True, "quiz", "h", 1.0, 11.0
        ),
    ]


def test_all_fields_come_back(
    tmp_path: Path, paths: dict[AudioId, Path], judgments: list[Judgment]
) -> None:
    table = tmp_path / "answers.csv"
    write_all_columns(table, judgments, paths)
    answers, unjudged = read_answers(table)
    decided = [answer for answer in judgments if answer.closest is not None]
    assert unjudged == 1
    assert [answer.songs for answer in answers] == [answer.trio for answer in decided]
    assert [answer.closest for answer in answers] == [answer.closest for answer in decided]
    assert [answer.held_back for answer in answers] == [False, True]
    assert [answer.odd for answer in answers] == [answer.odd for answer in decided]
    assert [answer.row for answer in answers] == [1, 3]
    clips = find_songs(answers)
    assert {song: clip.path for song, clip in clips.items()} == paths


def test_the_papers_form_names_paths(
    tmp_path: Path, paths: dict[AudioId, Path], judgments: list[Judgment]
) -> None:
    table = tmp_path / "answers.csv"
    write_paper(table, judgments, lambda song: readable(paths[song]))
    clips = find_songs(read_answers(table)[0])
    assert {clip.path for clip in clips.values()} == set(paths.values())


def test_songs_that_moved_are_found_by_their_sound(
    tmp_path: Path, folder: Path, paths: dict[AudioId, Path], judgments: list[Judgment]
) -> None:
    table = tmp_path / "answers.csv"
    write_all_columns(table, judgments, paths)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for number, path in enumerate(paths.values()):
        shutil.move(path, moved / f"{number}.wav")
    answers, _ = read_answers(table)
    assert find_songs(answers) == {}
    found = find_songs(answers, read_music(moved).clips)
    assert {song: audio_id(clip.path) for song, clip in found.items()} == {
        song: song for song in paths
    }


def test_the_second_stage_reads_the_full_form(
    tmp_path: Path, folder: Path, paths: dict[AudioId, Path], judgments: list[Judgment]
) -> None:
    table = tmp_path / "answers.csv"
    write_all_columns(table, judgments, paths)
    clips = {clip.key: clip for clip in read_music(folder).clips}
    key_of = {clip.path: key for key, clip in clips.items()}
    kept, foreign = known_judgments(read_judgments(table)[0], clips)
    first, second, third, fourth = (key_of[path] for path in paths.values())
    assert foreign == 0
    assert kept == [Judged(first, third, second), Judged(first, second, fourth)]
