"""Sources of likeness: the sound, a mixture, and a small one of the test's own."""

from collections.abc import Sequence

import numpy as np
import pytest

from mecomp_desktop.arrays import Floats
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.similarity.mixture import MixtureSource
from mecomp_desktop.similarity.neighbour_index import NeighbourIndex, Neighbours
from mecomp_desktop.similarity.sound import SoundSource
from mecomp_desktop.similarity.source import SimilaritySource
from mecomp_desktop.store.embeddings import VectorKind

COUNT = 60
NAMES = [AudioId(f"{number:03}") for number in range(COUNT)]


class NumberSource:
    """A source of its own: recordings are alike whose numbers are close."""

    kind = VectorKind("number")
    typical_distance = COUNT / 3

    def near(self, target: Floats | AudioId, count: int) -> Neighbours:
        number = float(target) if isinstance(target, str) else float(target[0])
        order = sorted(NAMES, key=lambda name: abs(float(name) - number))[:count]
        return Neighbours(order, np.array([abs(float(n) - number) for n in order], np.float32))

    def distance(self, first: AudioId, second: AudioId) -> float | None:
        return abs(float(first) - float(second)) if {first, second} <= set(NAMES) else None

    def reasons(self, first: AudioId, second: AudioId) -> Sequence[str]:
        return ["next to each other"] if self.distance(first, second) == 1 else []


@pytest.fixture
def vectors() -> Floats:
    rows = np.random.default_rng(5).standard_normal((COUNT, 4)).astype(np.float32)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.fixture
def sound(vectors: Floats) -> SoundSource:
    index = NeighbourIndex(NAMES, vectors)
    return SoundSource(lambda: index, lambda: 1.2)


def test_sound_is_near_by_vector_and_by_recording(sound: SoundSource, vectors: Floats) -> None:
    by_recording = sound.near(NAMES[7], 5)
    by_vector = sound.near(vectors[7], 5)
    assert by_recording.audio_ids == by_vector.audio_ids
    assert by_recording.audio_ids[0] == NAMES[7]
    for audio_id, distance in zip(by_recording.audio_ids, by_recording.distances, strict=True):
        assert sound.distance(NAMES[7], audio_id) == pytest.approx(distance, abs=1e-6)


def test_what_is_not_known_is_near_nothing(sound: SoundSource) -> None:
    assert sound.near(AudioId("unknown"), 5).audio_ids == []
    assert sound.distance(NAMES[0], AudioId("unknown")) is None
    assert sound.reasons(NAMES[0], AudioId("unknown")) == []


def test_sound_says_how_close_it_is(sound: SoundSource) -> None:
    assert sound.reasons(NAMES[3], NAMES[3]) == ["sounds very close"]
    farthest = sound.near(NAMES[3], COUNT).audio_ids[-1]
    assert sound.reasons(NAMES[3], farthest) == []


def mixed_by_hand(parts: Sequence[tuple[SimilaritySource, float]], seed: AudioId) -> list[AudioId]:
    """The plainest loop there is."""
    far = {}
    for name in NAMES:
        total = 0.0
        for source, weight in parts:
            distance = source.distance(seed, name)
            assert distance is not None
            total += weight * distance / source.typical_distance
        far[name] = total
    return sorted(NAMES, key=lambda name: (far[name], name))


@pytest.mark.parametrize("weight", [0.25, 1.0, 4.0])
def test_a_mixture_is_the_weighted_mean_of_its_parts(sound: SoundSource, weight: float) -> None:
    parts: list[tuple[SimilaritySource, float]] = [(sound, weight), (NumberSource(), 1.0)]
    mixture: SimilaritySource = MixtureSource(VectorKind("both"), parts)
    for seed in NAMES[::13]:
        assert mixture.near(seed, 10).audio_ids == mixed_by_hand(parts, seed)[:10]


def test_a_part_without_weight_changes_nothing(sound: SoundSource) -> None:
    mixture = MixtureSource(VectorKind("both"), [(sound, 1.0), (NumberSource(), 0.0)])
    assert mixture.near(NAMES[4], 8).audio_ids == sound.near(NAMES[4], 8).audio_ids
    with pytest.raises(ValueError, match="weight above 0"):
        MixtureSource(VectorKind("none"), [(sound, 0.0)])


def test_a_mixture_gives_the_reasons_of_all_its_parts(sound: SoundSource) -> None:
    mixture = MixtureSource(VectorKind("both"), [(sound, 1.0), (NumberSource(), 2.0)])
    assert mixture.reasons(NAMES[3], NAMES[3]) == ["sounds very close"]
    assert "next to each other" in mixture.reasons(NAMES[3], NAMES[4])
    assert mixture.distance(AudioId("x"), AudioId("y")) is None
    with pytest.raises(ValueError, match="one kind"):
        mixture.near(np.zeros(4, np.float32), 3)
