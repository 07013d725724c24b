from dataclasses import replace
from pathlib import Path

import pytest

from trainer.config import DataConfig, SplitKind
from trainer.data.prepare import Prepared, draw_triplets
from trainer.data.triplets import Triplet, read_triplets, write_triplets
from trainer.errors import DataError


def test_the_papers_triplet_file(tmp_path: Path) -> None:
    path = tmp_path / "synthetic_triplets.csv"
    path.write_text(
        "anchor,positive,negative,anchor,positive,negative\n"
        "track_id,track_id,track_id,genre_top,genre_top,genre_top\n"
        "145742,91306,108867,Hip-Hop,Hip-Hop,International\n"
    )
    assert read_triplets(path) == [Triplet("145742", "91306", "108867")]


def test_the_papers_split_is_over_triplets(prepared: Prepared, data_config: DataConfig) -> None:
    drawn = draw_triplets(replace(data_config, split="paper"), prepared.split)
    parts = [drawn.train, drawn.validation, drawn.test]
    assert [len(part) for part in parts] == [140, 20, 40]
    assert len({triplet for part in parts for triplet in part}) == 200
    anchors = [{t.anchor for t in part} for part in parts]
    assert anchors[0] & anchors[2]  # artists leak, as they do in the paper


@pytest.mark.parametrize("split", ["artist", "paper"])
def test_a_part_without_a_triplet_is_an_error(
    split: SplitKind, prepared: Prepared, data_config: DataConfig
) -> None:
    with pytest.raises(DataError, match="validation and test would get 2, 0, 1"):
        draw_triplets(replace(data_config, triplets=3, split=split), prepared.split)


@pytest.mark.parametrize("split", ["artist", "paper"])
def test_triplets_can_come_from_a_file(
    split: str, prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    drawn = prepared.triplets
    path = tmp_path / "triplets.csv"
    foreign = Triplet("nobody", "knows", "these")
    write_triplets(path, [*drawn.train, foreign, *drawn.validation, *drawn.test])
    config = DataConfig.from_dict(
        data_config.to_dict() | {"split": split, "triplet_file": str(path)}
    )
    read = draw_triplets(config, prepared.split)
    assert [*read.train, *read.validation, *read.test] == [
        *drawn.train,
        *drawn.validation,
        *drawn.test,
    ]


def test_a_file_about_other_music_is_an_error(
    prepared: Prepared, data_config: DataConfig, tmp_path: Path
) -> None:
    path = tmp_path / "triplets.csv"
    write_triplets(path, [Triplet("nobody", "knows", "these")])
    with pytest.raises(DataError, match="too few of its triplets"):
        draw_triplets(replace(data_config, triplet_file=str(path)), prepared.split)
