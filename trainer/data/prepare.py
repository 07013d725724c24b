"""From a data folder to what a stage trains on: clips, their split, and triplets."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from trainer.config import DataConfig
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip, MusicSet
from trainer.data.loader import readable
from trainer.data.read import read_music
from trainer.data.splits import Split, split_by_artist, split_counts
from trainer.data.triplets import Triplet, TripletMaker, read_triplets
from trainer.errors import DataError


@dataclass(frozen=True, slots=True)
class TripletSplit:
    """Triplets to learn from, to stop by, and to report on."""

    train: list[Triplet]
    validation: list[Triplet]
    test: list[Triplet]

    def by_part(self) -> dict[str, list[Triplet]]:
        """The three parts by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A data set ready for training.

    Attributes:
        clips: Every clip that can be decoded, by key.
        split: The labelled ones, apart by artist.
        skipped: What was left out, and why.
    """

    music: MusicSet
    cache: AudioCache
    clips: dict[str, Clip]
    split: Split
    triplets: TripletSplit
    skipped: dict[str, str]

    def labels(self) -> dict[str, int]:
        """A number for every genre."""
        genres = sorted({clip.genre for clip in self.clips.values() if clip.genre})
        return {genre: number for number, genre in enumerate(genres)}


def default_cache_folder() -> Path:
    """Where decoded audio is kept unless told otherwise."""
    home = os.environ.get("MECOMP_TRAINER_CACHE")
    return Path(home) if home else Path(platformdirs.user_cache_dir("mecomp-trainer"))


def prepare(config: DataConfig, cache: AudioCache) -> Prepared:
    """Reads, decodes, divides and draws.

    Raises:
        DataError: There is too little to train on; the message says what is missing.
    """
    music = read_music(Path(config.folder), config.subset)
    good, broken = readable(cache, music.clips)
    labelled = [clip for clip in good if clip.genre]
    split = split_by_artist(labelled, config.clip_shares, config.seed)
    return Prepared(
        music=music,
        cache=cache,
        clips={clip.key: clip for clip in good},
        split=split,
        triplets=draw_triplets(config, split),
        skipped=music.skipped | broken,
    )


def draw_triplets(config: DataConfig, split: Split) -> TripletSplit:
    """The synthetic triplets of a run, drawn or from a file, divided as the configuration says.

    Raises:
        DataError: A part holds no triplet.
    """
    counts = split_counts(config.triplets, config.triplet_shares)
    if not config.triplet_file and min(counts) < 1:
        raise DataError(
            f"{config.triplets} triplets are too few to divide: training, validation and test "
            f"would get {', '.join(map(str, counts))}"
        )
    parts = (split.train, split.validation, split.test)
    if config.triplet_file:
        return _from_file(config, split)
    if config.split == "paper":
        # As the paper divides: over triplets, with one artist in several parts. Its figures are
        # comparable only so.
        every = TripletMaker([clip for part in parts for clip in part])
        return _in_order(every.draw(config.triplets, config.relations, config.seed), config)
    return TripletSplit(
        *(
            TripletMaker(part).draw(count, config.relations, config.seed + number)
            for number, (part, count) in enumerate(zip(parts, counts, strict=True))
        )
    )


def _from_file(config: DataConfig, split: Split) -> TripletSplit:
    """A file's triplets about known clips; in the artist split those within one part."""
    given = read_triplets(Path(config.triplet_file))
    homes = {
        clip.key: part
        for part, clips in enumerate((split.train, split.validation, split.test))
        for clip in clips
    }
    whereabouts = [{homes.get(key) for key in (t.anchor, t.positive, t.negative)} for t in given]
    if config.split == "paper":
        known = [t for t, parts in zip(given, whereabouts, strict=True) if None not in parts]
        divided = _in_order(known, config)
    else:
        divided = TripletSplit(
            *([t for t, at in zip(given, whereabouts, strict=True) if at == {n}] for n in range(3))
        )
    if not (divided.train and divided.validation and divided.test):
        raise DataError(f"{config.triplet_file}: too few of its triplets are about this music")
    return divided


def _in_order(triplets: list[Triplet], config: DataConfig) -> TripletSplit:
    train, validation, _ = split_counts(len(triplets), config.triplet_shares)
    return TripletSplit(
        triplets[:train], triplets[train : train + validation], triplets[train + validation :]
    )
