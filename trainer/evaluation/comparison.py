"""Models and the baseline that learns nothing, asked the same questions about the same clips."""

from collections.abc import Mapping, Sequence

from mecomp_desktop.analysis.excerpts import DEFAULT_POLICY, Policy
from trainer.data.cache import AudioCache
from trainer.data.clip import Clip
from trainer.evaluation.similarity import SimilarityScores, chance, measure_similarity
from trainer.evaluation.track_embedding import (
    AudioEmbedder,
    embed_tracks,
    full_recording,
    mfcc_embedder,
)

CHANCE = "chance"
MFCC = "MFCC mean and deviation"


def compare_embedders(
    embedders: Mapping[str, AudioEmbedder],
    clips: Sequence[Clip],
    cache: AudioCache,
    emotions: Mapping[str, tuple[float, ...]],
    policy: Policy = DEFAULT_POLICY,
) -> dict[str, SimilarityScores]:
    """Scores chance, the MFCC baseline, and each embedder, in this order.

    Args:
        embedders: By title.
        clips: Recordings by artists that none of them was trained on.
        cache: Their decoded audio.
        emotions: By clip key, listeners' ratings.
        policy: Which excerpts of each track are embedded, by the baseline too.
    """
    mfcc = mfcc_embedder((full_recording(clip, cache) for clip in clips), cache.sample_rate_hz)
    # Chance is no half for figures over few tracks, so it is measured on the same clips.
    scores = {CHANCE: chance(clips, emotions)}
    for title, embed in {MFCC: mfcc, **embedders}.items():
        vectors = embed_tracks(embed, clips, cache, policy)
        scores[title] = measure_similarity(vectors, clips, emotions)
    return scores
