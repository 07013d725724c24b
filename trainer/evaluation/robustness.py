"""Whether a recording stays itself: its halves, its copies, odd sounds, and the spread of all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from tqdm import tqdm

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY, Policy
from mecomp_desktop.arrays import Doubles, Floats
from mecomp_desktop.audio.decode import decode_mono
from mecomp_desktop.similarity.duplicates import plain_title
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.evaluation.edge_cases import is_unit, odd_sounds, three_hours
from trainer.evaluation.encode import CD_RATE_HZ
from trainer.evaluation.hubness import Popularity, median_distance, popularity
from trainer.evaluation.metrics import euclidean_distances
from trainer.evaluation.perturbations import CHANGES, EVERY_CHANGE, Change
from trainer.evaluation.track_embedding import (
    AudioEmbedder,
    embed_tracks,
    full_recording,
    take_excerpts,
)

MIN_OTHER_HALF_SHARE = 0.95
MIN_KEPT_SHARE = 0.99
MEDIAN_DISTANCE_RANGE = (0.8, 1.4)
MAX_HUB_SHARE = 0.05
PIECE_S = 15.0


@dataclass(frozen=True, slots=True)
class Robustness:
    """The figures, measured on real music.

    Attributes:
        tracks: How many recordings were tried.
        library: How many there were in the library behind ``hubs``.
        policy: Which excerpts of each were embedded.
        other_half: The share whose second half is nearer to their first half than any other
            track's second half is.
        kept: By change, the share that it moves less than the nearest other track is away.
        moved: By change, the median of how far it moves a track, as a share of that distance.
        median_distance: Over all pairs of the tracks.
        hubs: Over pieces of 15 s of the whole library, each piece a track: among the few hundred
            recordings themselves every one would be in a twentieth of the lists of twenty.
        odd_sounds: Whether each gives a finite unit vector.
    """

    tracks: int
    library: int
    policy: str
    other_half: float
    kept: dict[str, float]
    moved: dict[str, float]
    median_distance: float
    hubs: Popularity
    odd_sounds: dict[str, bool]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)

    def failures(self) -> list[str]:
        """What is short of its target, in words; empty if nothing is."""
        found = []
        if self.other_half < MIN_OTHER_HALF_SHARE:
            found.append(f"other half {self.other_half:.1%}, not {MIN_OTHER_HALF_SHARE:.0%}")
        for name, share in self.kept.items():
            if name in CHANGES and share < MIN_KEPT_SHARE:
                found.append(f"{name} {share:.1%}, not {MIN_KEPT_SHARE:.0%}")
        low, high = MEDIAN_DISTANCE_RANGE
        if not low <= self.median_distance <= high:
            found.append(f"median distance {self.median_distance:.2f}, not {low} to {high}")
        if self.hubs.most >= MAX_HUB_SHARE:
            found.append(f"a hub is in {self.hubs.most:.1%} of lists, not {MAX_HUB_SHARE:.0%}")
        found += [
            f"{name}: no finite unit vector" for name, ok in self.odd_sounds.items() if not ok
        ]
        return found

    def lines(self) -> list[str]:
        """A Markdown table."""
        rows = {"nearest is the track's own other half": f"{self.other_half:.1%}"}
        for name, share in self.kept.items():
            rows[f"{name}: nearer than any other track"] = (
                f"{share:.1%} (median {self.moved[name]:.0%} of the way)"
            )
        rows["median distance of two tracks"] = f"{self.median_distance:.2f}"
        rows[f"most popular of {self.hubs.tracks:,} pieces, share of top-20 lists"] = (
            f"{self.hubs.most:.1%} (evenly {self.hubs.evenly:.1%})"
        )
        held = sum(self.odd_sounds.values())
        rows["odd sounds with a finite unit vector"] = f"{held} of {len(self.odd_sounds)}"
        head = f"| {self.tracks} tracks by unseen artists, {self.policy} | |"
        return [head, "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows.items())]


def measure_robustness(
    embed: AudioEmbedder,
    clips: Sequence[Clip],
    cache: AudioCache,
    policy: Policy = DEFAULT_POLICY,
    library: Sequence[Clip] = (),
) -> Robustness:
    """Measures everything in :class:`Robustness`, on one clip of each recording.

    Args:
        embed: What is measured.
        clips: Recordings that it was not trained on; three or more.
        cache: Their decoded audio, at the rate that ``embed`` wants.
        policy: Which excerpts the app takes of a track.
        library: More recordings, for the hubs alone; ``clips`` need not be among them.
    """
    every = {clip.key: clip for clip in (*clips, *library)}
    rate_hz = cache.sample_rate_hz
    # A remaster is nearer than any other track, as it should be, and would count as a failure.
    clips = without_copies(clips)
    recordings = [full_recording(clip, cache) for clip in clips]
    vectors = embed_tracks(embed, clips, cache, policy)
    kept, moved = after_changes(embed, [clip.path for clip in clips], rate_hz, policy)
    return Robustness(
        tracks=len(clips),
        library=len(every),
        policy=policy.name,
        other_half=other_half(embed, recordings, rate_hz, policy),
        kept=kept,
        moved=moved,
        median_distance=median_distance(vectors),
        hubs=_hubs(embed, list(every.values()), cache),
        odd_sounds=after_odd_sounds(embed, recordings[0], rate_hz, policy),
    )


def without_copies(clips: Sequence[Clip]) -> list[Clip]:
    """The first clip of every recording: a second copy of it is no other track.

    Two are the same if artist and title are; clips without a title are all kept.
    """
    first: dict[tuple[str, str], Clip] = {}
    for clip in clips:
        first.setdefault((clip.artist, plain_title(clip.title) or clip.key), clip)
    return list(first.values())


def other_half(
    embed: AudioEmbedder, recordings: Sequence[Floats], sample_rate_hz: int, policy: Policy
) -> float:
    """The share of first halves whose nearest second half is their own."""

    def embedded(halves: Sequence[Floats]) -> Doubles:
        return np.stack([embed(take_excerpts(half, sample_rate_hz, policy)) for half in halves])

    first = embedded([audio[: len(audio) // 2] for audio in recordings])
    second = embedded([audio[len(audio) // 2 :] for audio in recordings])
    distances = np.linalg.norm(first[:, None] - second[None], axis=2)
    return float((distances.argmin(1) == np.arange(len(recordings))).mean())


def after_changes(
    embed: AudioEmbedder,
    paths: Sequence[Path],
    sample_rate_hz: int,
    policy: Policy,
    changes: Mapping[str, Change] = EVERY_CHANGE,
) -> tuple[dict[str, float], dict[str, float]]:
    """How recordings stand being changed.

    Returns:
        By change, the share of recordings that it moves less than the nearest other one is away;
        and the median of its move as a share of that distance.
    """

    def embedded(audio: Floats) -> Doubles:
        model_rate = soxr.resample(audio, CD_RATE_HZ, sample_rate_hz).astype(np.float32)
        return embed(take_excerpts(model_rate, sample_rate_hz, policy))

    originals, changed = [], []
    for path in tqdm(paths, "changing", leave=False, disable=None):
        # At the rate of a CD: encoders and resamplers have to act on what a listener's file has,
        # not on the model's 22,050 Hz.
        audio = decode_mono(path, CD_RATE_HZ)
        originals.append(embedded(audio))
        changed.append([embedded(change(audio, CD_RATE_HZ)) for change in changes.values()])
    before, after = np.stack(originals), np.array(changed)
    apart = euclidean_distances(before)
    # A track is not its own nearest.
    np.fill_diagonal(apart, np.inf)
    nearest = apart.min(1)
    moves = np.linalg.norm(after - before[:, None], axis=2)
    kept = (moves < nearest[:, None]).mean(0)
    ways = np.median(moves / np.maximum(nearest, 1e-12)[:, None], axis=0)
    return (
        dict(zip(changes, map(float, kept), strict=True)),
        dict(zip(changes, map(float, ways), strict=True)),
    )


def after_odd_sounds(
    embed: AudioEmbedder, music: Floats, sample_rate_hz: int, policy: Policy
) -> dict[str, bool]:
    """Whether each odd sound, and a file of three hours, gives a finite unit vector."""
    found = {
        name: is_unit(embed(take_excerpts(audio, sample_rate_hz, policy)))
        for name, audio in odd_sounds(sample_rate_hz, music)
    }
    found["three hours"] = is_unit(embed(three_hours(sample_rate_hz, policy)))
    return found


def _hubs(embed: AudioEmbedder, clips: Sequence[Clip], cache: AudioCache) -> Popularity:
    vectors, recordings = [], []
    size = round(PIECE_S * cache.sample_rate_hz)
    for number, clip in enumerate(tqdm(clips, "pieces", leave=False, disable=None)):
        audio = full_recording(clip, cache)
        for start in range(0, max(1, len(audio) - size + 1), size):
            vectors.append(embed(audio[start : start + size]))
            recordings.append(number)
    return popularity(np.stack(vectors), np.array(recordings, np.int64))
