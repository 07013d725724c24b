from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mecomp_desktop.audio.null_engine import NullEngine
from mecomp_desktop.quiz.clip_player import ClipPlayer
from mecomp_desktop.quiz.clips import Clip
from tests.support.audio_files import make_audio
from tests.support.players import wait_for


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, Clip]]:
    """Three clips of one second from songs of three; they end before their songs do."""
    folder = tmp_path_factory.mktemp("music")
    made = []
    for place in range(3):
        path = Path(make_audio(folder / f"{place}.flac", 3.0, seed=place))
        made.append((place, Clip(path, 1.0, 1.0, 1.0, (1.0,))))
    return made


class Player:
    """A player of clips on silent engines, and what it has played."""

    def __init__(self) -> None:
        self.engines: list[NullEngine] = []
        self.clips = ClipPlayer(self._open, lambda: 0.5)
        self.playing: list[int | None] = []
        self.clips.changed.connect(self._note)

    def _open(self) -> NullEngine:
        self.engines.append(NullEngine(4.0))
        return self.engines[-1]

    def _note(self) -> None:
        playing = self.clips.playing()
        self.playing.append(None if playing is None else playing[0])


@pytest.fixture
def player() -> Iterator[Player]:
    made = Player()
    yield made
    made.clips.close()


def test_plays_one_after_the_other_each_to_its_end(
    player: Player, clips: list[tuple[int, Clip]]
) -> None:
    player.clips.play(clips)
    wait_for(lambda: player.playing[-1:] == [None], "for the end of the clips")
    assert player.playing == [0, 1, 2, None]
    assert len(player.engines) == 1


def test_reports_how_far_it_is(player: Player, clips: list[tuple[int, Clip]]) -> None:
    player.clips.play(clips[:1])
    wait_for(lambda: (player.clips.playing() or (0, 0.0))[1] > 0.5, "for half of the clip")


def test_another_clip_takes_the_place_at_once(
    player: Player, clips: list[tuple[int, Clip]]
) -> None:
    player.clips.play(clips[:2])
    player.clips.stop()
    player.clips.play(clips[2:])
    wait_for(lambda: player.playing[-2:] == [2, None], "for the last clip")
    assert 1 not in player.playing


def test_is_silent_after_stop(player: Player, clips: list[tuple[int, Clip]]) -> None:
    player.clips.play(clips)
    wait_for(lambda: player.clips.playing() is not None, "for the first clip")
    player.clips.stop()
    wait_for(lambda: player.clips.playing() is None, "for silence")
    assert player.engines[0].status().token is None or np.isfinite(
        player.engines[0].status().position_s
    )


def test_goes_on_when_a_clip_cannot_be_played(
    player: Player, clips: list[tuple[int, Clip]], tmp_path: Path
) -> None:
    gone = (0, Clip(tmp_path / "gone.flac", 0.0, 1.0, 1.0, (1.0,)))
    player.clips.play([gone, clips[1]])
    wait_for(lambda: 1 in player.playing, "for the clip after the bad one")


def test_opens_no_sound_before_the_first_clip(player: Player) -> None:
    player.clips.stop()
    assert player.clips.playing() is None
    assert player.engines == []
