"""What the engine has been handed: the track that plays, and the one that follows it."""

from mecomp_desktop.audio.engine import Engine, Playable
from mecomp_desktop.domain.ids import EntryId
from mecomp_desktop.domain.track import Track

# A track may fail, or begin, a moment after another took its place; older news mean nothing.
_KEPT_TOKENS = 16


class EngineTracks:
    """Hands tracks to the engine and knows which token stands for which queue entry.

    The engine queues its commands and returns at once, so it may be called under a lock. Not
    thread-safe itself: its owner calls it under a lock.

    Args:
        engine: What plays.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last_token = 0
        self._entries: dict[int, EntryId] = {}
        self._loaded: int | None = None
        self._cued: int | None = None
        self._cued_gain = 1.0

    @property
    def loaded(self) -> EntryId | None:
        """The entry in the engine; ``None`` while it has nothing to play."""
        return None if self._loaded is None else self._entries[self._loaded]

    @property
    def cued(self) -> EntryId | None:
        """The entry that the engine will go on with by itself."""
        return None if self._cued is None else self._entries[self._cued]

    @property
    def token(self) -> int | None:
        """What the engine calls the loaded track."""
        return self._loaded

    def load(
        self, entry_id: EntryId, track: Track, position_s: float = 0.0, gain: float = 1.0
    ) -> None:
        """Play a track from here on, at once; nothing follows it until ``cue``.

        Args:
            entry_id: The entry that it stands for.
            track: What is played.
            position_s: Where it begins, in seconds.
            gain: A linear factor on its samples.
        """
        item = self._hand_over(entry_id, track, gain)
        self._loaded, self._cued, self._cued_gain = item.token, None, 1.0
        self._engine.start(item, position_s)

    def cue(self, entry_id: EntryId, track: Track, gain: float = 1.0) -> None:
        """Have a track follow the loaded one without a gap, its samples times a linear factor."""
        # Every edit of the queue asks for this. Handing over the same track again would have the
        # decoder drop what it has decoded ahead, and near the end of a song that is a gap.
        if self._loaded is None or (self.cued, self._cued_gain) == (entry_id, gain):
            return
        item = self._hand_over(entry_id, track, gain)
        self._cued, self._cued_gain = item.token, gain
        self._engine.set_next(item)

    def set_gain(self, gain: float) -> None:
        """Have the loaded track go on with another factor."""
        if self._loaded is not None:
            self._engine.set_gain(self._loaded, gain)

    def uncue(self) -> None:
        """Have nothing follow the loaded track."""
        if self._cued is not None:
            self._cued = None
            self._engine.set_next(None)

    def unload(self) -> None:
        """Stop and forget what was handed over."""
        if self._loaded is not None:
            self._loaded = self._cued = None
            self._engine.stop()

    def rename(self, entry_id: EntryId) -> None:
        """Let the loaded track stand for another entry of the queue from now on."""
        if self._loaded is not None:
            self._entries[self._loaded] = entry_id

    def play(self) -> None:
        """Go on."""
        self._engine.play()

    def pause(self) -> None:
        """Hold on."""
        self._engine.pause()

    def seek(self, position_s: float) -> None:
        """Go to a place in the loaded track, in seconds."""
        self._engine.seek(position_s)

    def went_on(self, token: int) -> EntryId | None:
        """Take note that a track has begun; return its entry if the engine went on by itself.

        A track that was handed over after it, or started since, makes this old news: the engine
        tells on a thread of its own, and a command may have passed its news on the way.
        """
        # Tokens grow, so an older one is recognised without asking the engine anything.
        if self._loaded is None or token <= self._loaded or token not in self._entries:
            return None
        self._loaded = token
        if self._cued is not None and self._cued <= token:
            self._cued = None
        return self._entries[token]

    def ended(self, token: int) -> None:
        """Take note that the engine has nothing left to play."""
        if token == self._loaded:
            self._loaded = self._cued = None

    def entry_of(self, token: int) -> EntryId | None:
        """Return the entry a recent token stands for, if it still matters."""
        return self._entries[token] if token in (self._loaded, self._cued) else None

    def drop_cued(self, token: int) -> None:
        """Take note that the track that should follow cannot be played."""
        if token == self._cued:
            self._cued = None

    def _hand_over(self, entry_id: EntryId, track: Track, gain: float) -> Playable:
        self._last_token += 1
        self._entries[self._last_token] = entry_id
        # Kept for news that is still on its way; without an end, a night of music would fill
        # memory.
        for old in [token for token in self._entries if token < self._last_token - _KEPT_TOKENS]:
            if old not in (self._loaded, self._cued):
                del self._entries[old]
        return Playable(self._last_token, track.path, gain, track.part)
