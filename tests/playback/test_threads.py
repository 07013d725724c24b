import random
import threading
import time
from pathlib import Path

from mecomp_desktop.audio.engine import PlayerState
from mecomp_desktop.domain.queue import Repeat
from mecomp_desktop.playback.service import PlaybackService
from tests.support.players import (
    FAST,
    FakeLibrary,
    ids,
    library_of_files,
    open_player,
    queued,
    wait_for,
)


def test_events_are_emitted_without_the_lock(player: PlaybackService) -> None:
    asked = threading.Event()

    def ask_elsewhere() -> None:
        reader = threading.Thread(target=lambda: (player.queue_snapshot(), asked.set()))
        reader.start()
        reader.join(5)

    player.queue_changed.connect(ask_elsewhere)
    player.play_tracks(ids(1))
    assert asked.is_set()


def remove_first(player: PlaybackService) -> None:
    player.remove([entry.id for entry in player.queue_snapshot().entries[:1]])


def test_many_hands_leave_it_in_order(file: Path, tmp_path: Path) -> None:
    fake_library = library_of_files(tmp_path, [0.5, 0.4, 0.6, 0.3])
    with open_player(file, fake_library, FAST) as player:
        player.play_tracks(ids(1, 2, 3, 4))
        until = time.monotonic() + 2.0

        def hammer(seed: int) -> None:
            rng = random.Random(seed)
            while time.monotonic() < until:
                rng.choice(
                    [
                        player.next,
                        player.previous,
                        player.toggle,
                        player.undo,
                        player.clear,
                        lambda: player.enqueue(ids(rng.randint(1, 4))),
                        lambda: player.play_next(ids(rng.randint(1, 4))),
                        lambda: player.play_tracks(ids(1, 2, 3, 4), rng.randint(0, 3)),
                        lambda: player.remove(
                            [entry.id for entry in player.queue_snapshot().entries[:1]]
                        ),
                        lambda: player.set_shuffle(rng.random() < 0.5),
                        lambda: player.seek(rng.random()),
                    ]
                )()
                time.sleep(rng.random() / 100)

        hands = [threading.Thread(target=hammer, args=(seed,)) for seed in range(4)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        player.set_repeat(Repeat.OFF)
        player.play_tracks(ids(1, 2, 3, 4))
        wait_for(lambda: player.status().state is PlayerState.STOPPED, "for the end")
        assert player.status().track_id == queued(player)[0]
        wait_for(lambda: player._engine.status().state is PlayerState.STOPPED)


def test_closing_twice_is_quick(file: Path, fake_library: FakeLibrary) -> None:
    with open_player(file, fake_library) as player:
        player.play_tracks(ids(1))
        began = time.monotonic()
        player.close()
        player.close()
        player.next()
        assert time.monotonic() - began < 2
