"""What the actions act on: the window's commands, selected songs, the queue, the quiz."""

from typing import Protocol

from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.domain.rating import SubjectKind
from mecomp_desktop.playback.service import PlaybackService


class Commands(Protocol):
    """What can be done in the whole window."""

    @property
    def playback(self) -> PlaybackService:
        """The player."""

    @property
    def has_song(self) -> bool:
        """Whether a song plays or is paused."""

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""

    def undo(self) -> None:
        """Take the last change back."""

    def redo(self) -> None:
        """Do again what was taken back."""

    def step(self, seconds: float) -> None:
        """Go on in the song, or back."""

    def change_volume(self, change: float) -> None:
        """Make it louder by this share of full volume, or quieter."""

    def toggle_mute(self) -> None:
        """Switch the sound off or on."""

    def toggle_shuffle(self) -> None:
        """Shuffle, or go back to the listener's order."""

    def next_repeat(self) -> None:
        """Go on to the next way of repeating."""

    def start_radio(self) -> None:
        """Start radio from what is selected, or else from what plays."""

    def toggle_like(self) -> None:
        """Like what is selected, or else what plays; or no longer."""

    def rate(self, half_stars: int | None) -> None:
        """Rate what is selected, or else what plays; ``None`` takes the rating away."""

    def change_rating(self, half_stars: int) -> None:
        """Give what is selected, or else what plays, half a star more or less."""

    def toggle_away(self) -> None:
        """Never play again what is selected, or else what plays; or take that back."""

    def add_to_playlist(self) -> None:
        """Let the listener choose a playlist for the selected songs, or for the playing one."""

    def save_queue(self) -> None:
        """Make a playlist of the queue."""

    def visit(self, name: str) -> None:
        """Show a page and bring the keyboard to it."""

    def search(self) -> None:
        """Bring the keyboard to a search field."""

    def show_playing(self) -> None:
        """Show the song that plays among all songs."""

    def focus_queue(self) -> None:
        """Bring the keyboard to the queue."""

    def toggle_queue(self) -> None:
        """Show or hide the queue."""

    def choose_folder(self) -> None:
        """Let the listener choose a music folder."""

    def rescan(self) -> None:
        """Look for new and changed songs."""

    def show_shortcuts(self) -> None:
        """List the shortcuts."""

    def show_palette(self) -> None:
        """Let the listener type what they want done."""

    def report_problem(self) -> None:
        """Show what a report of a problem needs."""

    def quit(self) -> None:
        """Close the window."""


class SongTarget(Protocol):
    """Some songs, selected wherever songs are shown."""

    def play(self) -> None:
        """Play them in place of the queue."""

    def play_next(self) -> None:
        """Put them behind the song that plays."""

    def enqueue(self) -> None:
        """Put them at the end of the queue."""

    def start_radio(self) -> None:
        """Play songs that sound close to them."""

    def add_to_playlist(self) -> None:
        """Let the listener choose a playlist that they are put into."""

    def show_album(self) -> None:
        """Show the album of the first."""

    def show_in_folder(self) -> None:
        """Show the first in the file manager."""

    def read_again(self) -> None:
        """Read their files anew."""

    @property
    def is_liked(self) -> bool:
        """Whether all of them are liked."""

    @property
    def half_stars(self) -> int | None:
        """The rating that all of them have; ``None`` where they have not."""

    def toggle_like(self) -> None:
        """Like them, or no longer."""

    def rate(self, half_stars: int | None) -> None:
        """Rate them; ``None`` takes their rating away."""

    def is_away(self, kind: SubjectKind) -> bool:
        """Return whether they, or what they belong to, are never to be played again."""

    def toggle_away(self, kind: SubjectKind) -> None:
        """Never play them again, or what they belong to; or take that back."""


class PlaylistTarget(Protocol):
    """The selected entries of a playlist."""

    def move_up(self) -> None:
        """Move them one place up."""

    def move_down(self) -> None:
        """Move them one place down."""

    def remove_selected(self) -> None:
        """Take them out."""


class QueueTarget(Protocol):
    """The selected entries of the queue."""

    def jump(self) -> None:
        """Play the first of them now."""

    def start_radio(self) -> None:
        """Play songs that sound close to them."""

    def show_in_list(self) -> None:
        """Show the first among all songs."""

    def toggle_like(self) -> None:
        """Like them, or no longer."""

    def toggle_away(self) -> None:
        """Never play them again, or take that back."""

    def move_up(self) -> None:
        """Move them one place up."""

    def move_down(self) -> None:
        """Move them one place down."""

    def remove_selected(self) -> None:
        """Take them out."""


class QuizTarget(Protocol):
    """The question that is shown."""

    def play_clip(self, place: int) -> None:
        """Play one of the three clips, 0 to 2."""

    def play_all(self) -> None:
        """Play all three."""

    def answer(self, closest: Pair | None) -> None:
        """Answer; ``None`` for "can't tell"."""

    def undo(self) -> None:
        """Take the last answer back."""
