"""What keys and buttons do with the player beyond what its service offers as it is."""

from mecomp_desktop.domain.queue import Repeat, StopAfter
from mecomp_desktop.playback.service import PlaybackService

_AFTER = {Repeat.OFF: Repeat.ALL, Repeat.ALL: Repeat.ONE, Repeat.ONE: Repeat.OFF}


def step(playback: PlaybackService, seconds: float) -> float | None:
    """Go on in the song, or back; return where to, ``None`` where no song is."""
    status = playback.status()
    if status.track_id is None:
        return None
    target_s = min(max(0.0, status.position_s + seconds), max(0.0, status.duration_s))
    playback.seek(target_s)
    return target_s


def change_volume(playback: PlaybackService, change: float) -> float:
    """Make it louder or quieter by a share of full volume; return the new volume, 0 to 1."""
    status = playback.status()
    volume = min(1.0, max(0.0, status.volume + change))
    # Whoever turns the volume up wants to hear it.
    if status.muted:
        playback.set_muted(False)
    playback.set_volume(volume)
    return volume


def toggle_mute(playback: PlaybackService) -> bool:
    """Switch the sound off or on; return whether it is off now."""
    muted = not playback.status().muted
    playback.set_muted(muted)
    return muted


def toggle_shuffle(playback: PlaybackService) -> None:
    """Shuffle, or go back to the listener's order."""
    playback.set_shuffle(not playback.queue_snapshot().shuffle)


def next_repeat(playback: PlaybackService) -> None:
    """Go on to the next way of repeating: off, all, one."""
    playback.set_repeat(_AFTER[playback.queue_snapshot().repeat])


def toggle_stop_after(playback: PlaybackService, stop_after: StopAfter) -> None:
    """Let the music end with the song or the album that plays; or no longer."""
    there = playback.queue_snapshot().stop_after is stop_after
    playback.set_stop_after(StopAfter.NOTHING if there else stop_after)
