import threading
from pathlib import Path

from mecomp_desktop.analysis.status import PauseSwitch
from mecomp_desktop.analysis.work_queue import WorkQueue
from mecomp_desktop.domain.ids import AudioId
from mecomp_desktop.store.pending import PendingTrack


def jobs(names: str) -> list[PendingTrack]:
    return [PendingTrack(AudioId(name), Path(f"/music/{name}.mp3"), 1, 1, 2.0) for name in names]


def take_all(queue: WorkQueue, count: int) -> str:
    taken = [queue.take() for _ in range(count)]
    return "".join(job.audio_id for job in taken if job)


def test_first_come_first_served() -> None:
    queue = WorkQueue()
    assert queue.put_many(jobs("abc")) == 3
    assert take_all(queue, 3) == "abc"


def test_each_recording_comes_once_until_it_is_finished() -> None:
    queue = WorkQueue()
    queue.put_many(jobs("ab"))
    assert take_all(queue, 1) == "a"
    assert queue.put_many(jobs("abc")) == 1
    assert take_all(queue, 2) == "bc"
    queue.finish([AudioId("a")])
    assert queue.put_many(jobs("ab")) == 1
    assert queue.unfinished == 3


def test_the_urgent_come_first_in_their_order() -> None:
    queue = WorkQueue()
    queue.put_many(jobs("abcde"))
    queue.prioritise([AudioId("d"), AudioId("b"), AudioId("x")])
    assert take_all(queue, 3) == "dba"
    queue.put_many(jobs("fx"))  # urgent before it was known
    assert take_all(queue, 2) == "xc"


def test_what_is_given_back_is_next() -> None:
    queue = WorkQueue()
    queue.put_many(jobs("abc"))
    job = queue.take()
    assert job is not None
    queue.give_back(job)
    assert take_all(queue, 3) == "abc"


def test_a_pause_holds_back_everyone() -> None:
    pause = PauseSwitch()
    pause.set(True)
    queue = WorkQueue(pause)
    queue.put_many(jobs("a"))
    got = threading.Event()

    def take() -> None:
        queue.take()
        got.set()

    taker = threading.Thread(target=take)
    taker.start()
    assert not got.wait(0.15)
    pause.set(False)
    assert got.wait(5)
    taker.join()


def test_closing_sends_everyone_home() -> None:
    queue = WorkQueue()
    got: list[object] = []
    takers = [threading.Thread(target=lambda: got.append(queue.take())) for _ in range(3)]
    for taker in takers:
        taker.start()
    queue.close()
    for taker in takers:
        taker.join(5)
    assert got == [None] * 3
    queue.put_many(jobs("a"))
    assert queue.take() is None
