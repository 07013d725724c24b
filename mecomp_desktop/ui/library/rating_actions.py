"""Liking, rating and putting away, wherever songs are shown."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject

from mecomp_desktop.app import Application
from mecomp_desktop.domain.ids import TrackId
from mecomp_desktop.domain.rating import Subject, SubjectKind, group_subjects
from mecomp_desktop.domain.track import Track
from mecomp_desktop.domain.undo import Command
from mecomp_desktop.ui.bridge import Bridge
from mecomp_desktop.ui.library.listener_columns import ListenerFacts

MAX_RATED = 5000
"""So many songs are rated at once at most: more would hold up the window."""


class RatingActions(QObject):
    """Changes ratings, says so, and offers to take it back."""

    def __init__(self, app: Application, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._app = app
        self._bridge = bridge
        self._facts = ListenerFacts()

    @property
    def facts(self) -> ListenerFacts:
        """What the listener did with the songs, as it is now; the same object until it changes."""
        ratings, counts = self._app.ratings.table(), self._app.history.counts()
        if ratings is not self._facts.ratings or counts is not self._facts.counts:
            self._facts = ListenerFacts(ratings, counts)
        return self._facts

    def follow(self, changed: Callable[[], object], owner: QObject) -> None:
        """Have something called whenever `facts` are others, as long as its owner lives."""
        for event in (self._app.ratings.changed, self._app.history.changed):
            self._bridge.on(event, changed, owner)

    def all_liked(self, ids: Sequence[TrackId]) -> bool:
        """Return whether all of these songs are liked."""
        subjects = self._songs(ids)
        return bool(subjects) and all(self._app.ratings.of(subject).liked for subject in subjects)

    def common_rating(self, ids: Sequence[TrackId]) -> int | None:
        """Return the half stars that all of these songs have; ``None`` where they have not."""
        found = {self._app.ratings.of(subject).half_stars for subject in self._songs(ids)}
        return found.pop() if len(found) == 1 else None

    def all_away(self, ids: Sequence[TrackId], kind: SubjectKind) -> bool:
        """Return whether these songs, or what they belong to, are never to be played again."""
        subjects = self._subjects(ids, kind)
        return bool(subjects) and all(
            self._app.ratings.of(subject).never_again for subject in subjects
        )

    def toggle_like(self, ids: Sequence[TrackId]) -> None:
        """Like these songs, or no longer if all of them are liked."""
        liked = not self.all_liked(ids)
        self._tell(self._app.ratings.like(self._songs(ids), liked))

    def rate(self, ids: Sequence[TrackId], half_stars: int | None) -> None:
        """Give these songs so many half stars; ``None`` takes their rating away."""
        self._tell(self._app.ratings.rate(self._songs(ids), half_stars))

    def change_rating(self, ids: Sequence[TrackId], half_stars: int) -> None:
        """Give these songs half a star more, or less, than the first of them has."""
        subjects = self._songs(ids)
        if subjects:
            before = self._app.ratings.of(subjects[0]).half_stars or 0
            self.rate(ids, min(10, max(0, before + half_stars)) or None)

    def toggle_away(self, ids: Sequence[TrackId], kind: SubjectKind) -> None:
        """Never play these songs again, or what they belong to; or take that back."""
        never = not self.all_away(ids, kind)
        command = self._app.ratings.put_away(self._subjects(ids, kind), never)
        self._tell(command)
        playing = self._app.playback.status().track_id
        track = self._app.library.track(playing) if playing is not None else None
        # Who puts away what plays does not want to hear the rest of it.
        if command is not None and never and track is not None and playing in ids:
            self._app.playback.next()

    def toggle_songs_away(self, ids: Sequence[TrackId]) -> None:
        """Never play these songs again, or take that back."""
        self.toggle_away(ids, SubjectKind.SONG)

    def _songs(self, ids: Sequence[TrackId]) -> list[Subject]:
        return self._subjects(ids, SubjectKind.SONG)

    def _subjects(self, ids: Sequence[TrackId], kind: SubjectKind) -> list[Subject]:
        found = (self._app.library.track(track_id) for track_id in ids[:MAX_RATED])
        return list(
            dict.fromkeys(
                subject
                for track in found
                if track is not None
                for subject in subjects_of(track, kind)
            )
        )

    def _tell(self, command: Command | None) -> None:
        """Say what was done, with a button that takes it back."""
        if command is not None:
            self._bridge.show_message(
                f"{command.sentence}.", "Undo", lambda: self._app.undo.undo_command(command)
            )


def subjects_of(track: Track, kind: SubjectKind) -> Iterable[Subject]:
    """Return a track as what it is a part of: itself, its album, its artists, its folder."""
    if kind is SubjectKind.SONG:
        return [Subject.song(track)]
    if kind is SubjectKind.FOLDER:
        return [Subject.folder(track.path.parent)]
    return [subject for subject in group_subjects(track) if subject.kind is kind]
