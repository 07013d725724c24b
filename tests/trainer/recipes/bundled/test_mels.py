from pathlib import Path

import numpy as np
import torch

from trainer.data.cache import AudioCache
from trainer.models import build_model
from trainer.models.audio_embedding_spectral import AudioEmbeddingSpectral
from trainer.models.embedder import Embedder
from trainer.recipes.bundled.mels import MelLibrary, make_mels
from trainer.recipes.bundled.music import Music
from trainer.recipes.bundled.network import embed_rows
from trainer.recipes.bundled.recipe import Recipe


def network(recipe: Recipe) -> AudioEmbeddingSpectral:
    torch.manual_seed(0)
    made: Embedder = build_model(recipe.training.network).eval()
    assert isinstance(made, AudioEmbeddingSpectral)
    return made


def test_spectra_are_those_of_the_network(
    bundle_music: Music, cache: AudioCache, recipe: Recipe
) -> None:
    library, net = MelLibrary(bundle_music.library), network(recipe)
    rows = (0, 5, len(library) - 1)
    from_library = embed_rows(net, library, rows)
    for row, ours in zip(rows, from_library, strict=True):
        clip = bundle_music.clips[row]
        audio = cache.excerpt(clip.path, 0.0, cache.duration_s(clip.path))
        with torch.no_grad():
            theirs, _ = net(torch.from_numpy(audio)[None])
        assert torch.allclose(ours, theirs[0], atol=1e-5)


def test_made_once_and_again_for_other_clips(
    bundle_music: Music, cache: AudioCache, recipe: Recipe, tmp_path: Path
) -> None:
    counts: list[int] = []
    clips, net = bundle_music.clips[:3], network(recipe)
    for chosen in (clips, clips, clips[:2]):
        make_mels(net, chosen, cache, tmp_path, lambda done, total: counts.append(total))
    assert counts == [3, 3, 3, 2, 2]
    assert MelLibrary(tmp_path).keys == [clip.key for clip in clips[:2]]


def test_excerpts_are_pieces_of_the_clip(bundle_music: Music) -> None:
    library = MelLibrary(bundle_music.library)
    whole = library.whole(3)
    piece = library.excerpt(3, 20, 0.0, np.random.default_rng(1))
    starts = [s for s in range(len(whole) - 19) if (whole[s : s + 20] == piece).all()]
    assert len(starts) == 1
    rng = np.random.default_rng(1)
    assert len({library.excerpt(3, 20, 0.0, rng)[0].tobytes() for _ in range(30)}) > 10


def test_a_short_clip_is_repeated(bundle_music: Music) -> None:
    library = MelLibrary(bundle_music.library)
    whole = library.whole(0)
    long = library.excerpt(0, 2 * len(whole), 0.0, np.random.default_rng(0))
    assert (long[len(whole) : 2 * len(whole)] == whole).all()


def test_stretching_keeps_the_length_and_the_range(bundle_music: Music) -> None:
    library = MelLibrary(bundle_music.library)
    for seed in range(10):
        piece = library.excerpt(0, 25, 0.1, np.random.default_rng(seed))
        assert piece.shape == (25, 64)
        assert piece.max() <= library.whole(0).max()
