"""What embedding a song costs: processor time to decode, resample and embed real files."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import soxr

from mecomp_desktop.analysis.excerpts import Policy, embed_track
from mecomp_desktop.arrays import Floats
from mecomp_desktop.audio.decode import decode_mono
from trainer.data.clip import Clip
from trainer.errors import DataError
from trainer.evaluation.encode import CD_RATE_HZ, FORMATS, write_audio
from trainer.evaluation.track_embedding import AudioEmbedder

SONG_S = 300.0
_TIMING_ROUNDS = 3
# Two microphones hear a room a little apart: what makes stereo from the mono clips at hand.
_CHANNEL_DELAY_S = 0.011


def write_songs(folder: Path, clips: Sequence[Clip]) -> dict[str, Path]:
    """Writes one stereo song of five minutes in every format, made of clips one after the other.

    Returns:
        The files by format (see ``trainer.evaluation.encode.FORMATS``).

    Raises:
        DataError: There are no clips.
    """
    mono = _five_minutes(clips)
    apart = round(_CHANNEL_DELAY_S * CD_RATE_HZ)
    right = 0.6 * mono + 0.35 * np.concatenate([np.zeros(apart, np.float32), mono[:-apart]])
    stereo = np.clip(np.stack([mono, right], axis=1), -1, 1).astype(np.float32)
    songs = {}
    for name, form in FORMATS.items():
        samples = stereo
        if form.sample_rate_hz != CD_RATE_HZ:
            samples = soxr.resample(stereo, CD_RATE_HZ, form.sample_rate_hz).astype(np.float32)
        path = folder / f"song{form.suffix}"
        songs[name] = write_audio(path, samples, form.sample_rate_hz, form)
    return songs


def embedding_cost_ms(
    embed: AudioEmbedder, songs: Mapping[str, Path], sample_rate_hz: int, policy: Policy
) -> dict[str, float]:
    """The least of three times to decode and embed each song as the app does, in ms of one core."""
    return {
        name: cpu_ms(partial(_embed_song, embed, path, sample_rate_hz, policy))
        for name, path in songs.items()
    }


def decoding_cost_ms(songs: Mapping[str, Path], sample_rate_hz: int) -> dict[str, float]:
    """Milliseconds of one core to decode all of each song: what a cost can be compared with."""
    return {
        name: cpu_ms(partial(decode_mono, path, sample_rate_hz), rounds=1)
        for name, path in songs.items()
    }


def cpu_ms(work: Callable[[], object], rounds: int = _TIMING_ROUNDS) -> float:
    """Milliseconds of processor time that the work takes, all threads of this process together."""
    spent = []
    for _ in range(rounds):
        # Processor time of all threads, so that a busy machine hardly matters and a threaded
        # decoder cannot hide its work.
        begin_s = time.process_time()
        work()
        spent.append(time.process_time() - begin_s)
    return min(spent) * 1e3


def _embed_song(embed: AudioEmbedder, path: Path, sample_rate_hz: int, policy: Policy) -> None:
    embed(embed_track(path, sample_rate_hz, policy))


def _five_minutes(clips: Sequence[Clip]) -> Floats:
    if not clips:
        raise DataError("there are no clips to make a song of")
    wanted, parts, count = round(SONG_S * CD_RATE_HZ), [], 0
    while count < wanted:
        for clip in clips:
            parts.append(decode_mono(clip.path, CD_RATE_HZ))
            count += len(parts[-1])
            if count >= wanted:
                break
    return np.concatenate(parts)[:wanted]
