"""What the listener is told about tracks that do not play as they should."""

from collections.abc import Iterable

from mecomp_desktop.domain.track import Track


class Notices:
    """Plain sentences, collected until somebody takes them. Not thread-safe."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    def take(self) -> list[str]:
        """Return what has been collected, once."""
        taken, self._sentences = self._sentences, []
        return taken

    def refused(self, title: str, why: str) -> None:
        """Tell that a track cannot be played."""
        self._sentences.append(f"“{title}” couldn't be read: {why}. It was skipped.")

    def ended_early(self, title: str, why: str) -> None:
        """Tell that the sound of a track ends before its end."""
        self._sentences.append(f"“{title}” ends early: {why}.")

    def away(self, tracks: Iterable[Track | None]) -> None:
        """Tell which tracks were passed over because their files are out of reach.

        Args:
            tracks: Each of them; ``None`` for one that the library no longer knows.
        """
        missing = list(tracks)
        if len(missing) == 1:
            title = f"“{missing[0].title}”" if missing[0] is not None else "A song"
            self._sentences.append(f"{title} is not there at the moment and was skipped.")
        elif missing:
            count = len(missing)
            self._sentences.append(f"{count} songs are not there at the moment and were skipped.")
