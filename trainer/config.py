"""Every setting of a run, with the paper's value as its default.

001 is *Learning Music Similarity Embeddings for MECOMP Using Triplet Loss*, 002 is *Automated
Music Recommendations Using Similarity Learning*. A configuration travels inside the checkpoint.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_type_hints

from mecomp_desktop.contracts.model_file import DEFAULT_SAMPLE_RATE_HZ

Architecture = Literal[
    "audio-embedding-tiny", "audio-embedding-gru", "prcnn", "audio-embedding-spectral"
]
Mining = Literal["given", "random", "semi-hard", "custom", "hard"]
Objective = Literal["triplet", "cross-entropy"]
SplitKind = Literal["artist", "paper"]
Subset = Literal["", "small", "medium", "large"]


class Settings:
    """What the dataclasses here share: a way into a checkpoint and back."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values alone, ready for JSON."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]  # every subclass is one

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The opposite of :meth:`to_dict`; a setting that is no longer known is left out."""
        # What is not known is left out, since checkpoints of older versions have to be read; what
        # is missing takes its default.
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type]  # as above
        hints = get_type_hints(cls)
        return cls(**{k: _restored(v, hints[k]) for k, v in values.items() if k in known})


def _restored(value: Any, hint: Any) -> Any:  # noqa: ANN401  # any setting's
    """A setting as it was before it was turned into plain values."""
    if isinstance(value, dict) and isinstance(hint, type) and issubclass(hint, Settings):
        return hint.from_dict(value)
    return _frozen(value)


def _frozen(value: Any) -> Any:  # noqa: ANN401  # as above
    """Lists, which is what JSON makes of tuples, as tuples again."""
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class SpectralConfig(Settings):
    """The shape of ``audio-embedding-spectral``.

    Attributes:
        hop: Samples between two frames of 1,024.
        bands: Of the mel spectrogram.
        low_hz: Lower edge of the lowest band.
        high_hz: Upper edge of the highest band; 0 is half the sample rate. Music kept at 16 kHz,
            or by a codec of a low rate, has nothing above it.
        log_floor: Added before the logarithm, in units of the recording's mean power.
        coefficients: Of the cepstrum that timbre is measured by.
        ridge: Added to the variances of the cepstrum and of its change.
        fluctuation_window: Frames.
        fluctuation_groups: Groups of bands whose fluctuation is measured.
        fluctuation_tempos: Ranges of tempo, at most.
        statistics_weights: Of the cepstrum's covariance, of that of its change, of its mean, and
            of the fluctuation patterns.
        statistics_limit: Statistics farther from the mean count as this far, in units of the
            deviation over all of them.
        statistics_dropout: Before they are projected.
        statistics_width: Values in ``pooled`` for the statistics.
        sphering: How evenly the principal axes of the statistics place a recording at first;
            0 is by their spread, 1 is evenly.
        channels: Of the first convolution and of each block after it.
        stem_kernel: Of the first convolution, in bands and frames.
        stem_stride: Of the first convolution, over bands and over frames.
        pools: Max pooling after each block, over bands and over frames; 1 is none.
        bands_kept: What is left of the bands when they are averaged.
        mixed: Width of a step after channels and bands are mixed.
        attention: Width of the attention over time.
        head_width: Hidden values in the head.
    """

    hop: int = 1_024
    bands: int = 64
    low_hz: float = 30.0
    high_hz: float = 7_400.0
    log_floor: float = 1e-5
    coefficients: int = 25
    ridge: float = 1e-2
    fluctuation_window: int = 128
    fluctuation_groups: int = 16
    fluctuation_tempos: int = 10
    statistics_weights: tuple[float, float, float, float] = (1.0, 0.7, 1.0, 0.3)
    statistics_limit: float = 8.0
    statistics_dropout: float = 0.1
    statistics_width: int = 128
    sphering: float = 0.25
    channels: tuple[int, ...] = (24, 48, 96, 128)
    stem_kernel: int = 5
    stem_stride: tuple[int, int] = (2, 2)
    pools: tuple[tuple[int, int], ...] = ((2, 2), (2, 2), (1, 1))
    bands_kept: int = 4
    mixed: int = 128
    attention: int = 64
    head_width: int = 128


@dataclass(frozen=True, slots=True)
class ModelConfig(Settings):
    """Which network, and the options that the paper's ablations turn (001, III.C)."""

    architecture: Architecture = "audio-embedding-tiny"
    frame_size: int = 2_048
    overlap: int = 1
    hidden: int = 128
    dropout: float = 0.1
    dimension: int = 32
    pooling: Literal["attention", "mean", "last"] = "attention"
    sample_rate_hz: int = DEFAULT_SAMPLE_RATE_HZ
    spectral: SpectralConfig = SpectralConfig()


@dataclass(frozen=True, slots=True)
class DataConfig(Settings):
    """What is trained on and how it is divided (001, II).

    Attributes:
        subset: Of the FMA set; ``""`` is the largest one that is there.
        split: ``paper`` divides the triplets and lets artists be in several parts; ``artist``
            divides the artists.
        clip_shares: Shares of the clips for training, validation and test, by artist.
        triplet_shares: 5,600, 792 and 1,608 of 8,000.
        triplet_file: Take the triplets from here, such as the paper's, instead of drawing them.
        relations: How often each relation makes a synthetic triplet.
    """

    folder: str = ""
    subset: Subset = ""
    split: SplitKind = "artist"
    clip_shares: tuple[float, float, float] = (0.70, 0.15, 0.15)
    triplet_file: str = ""
    triplets: int = 8_000
    triplet_shares: tuple[float, float, float] = (0.70, 0.099, 0.201)
    relations: dict[str, float] = field(default_factory=lambda: {"genre": 1.0})
    seed: int = 0


@dataclass(frozen=True, slots=True)
class StageConfig(Settings):
    """One stage of training; the defaults are those of stage 1 (001, III.B).

    Attributes:
        clip_s: Seconds of each clip that are used.
        batch_triplets: Triplets in a step.
        pool_clips: Draw each batch's triplets from this many clips, anew every epoch; each clip
            then goes through the network once for many triplets. 0 keeps to the triplet list.
        arrange: ``sharing`` puts triplets of the list together that share clips; each is still
            seen once an epoch.
        mining: Who chooses the triplets of a batch: the list, or a strategy of 002 by genre.
        augment: Names of augmentations (see ``trainer.data.augment``); ``excerpt`` moves the
            place that they are taken from.
        early_stop: Epochs without a better validation accuracy until the end.
        frozen: ``body`` trains the head alone, as the app's personalisation does.
    """

    name: str = "stage-1"
    objective: Objective = "triplet"
    clip_s: float = 15.0
    batch_triplets: int = 12
    pool_clips: int = 0
    arrange: Literal["random", "sharing"] = "random"
    mining: Mining = "given"
    margin: float = 0.2
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    plateau_factor: float = 0.5
    plateau_patience: int = 5
    early_stop: int = 10
    max_epochs: int = 100
    augment: tuple[str, ...] = ()
    frozen: Literal["", "body"] = ""
    seed: int = 0


STAGE_1 = StageConfig()
STAGE_2 = StageConfig(
    name="stage-2", clip_s=29.0, batch_triplets=4, learning_rate=1e-5, max_epochs=50
)
HUMAN_SHARES = (0.5, 0.3, 0.2)
