"""Every action, once: its name, keys, when it is enabled and what it calls.

Shortcuts, menus, context menus, tooltips and the list of shortcuts are all made from these
tables, so that a new action is one line.
"""

from collections.abc import Callable
from typing import Any

from mecomp_desktop.domain.judgment import Pair
from mecomp_desktop.domain.queue import StopAfter
from mecomp_desktop.domain.rating import SubjectKind
from mecomp_desktop.ratings.service import stars as _stars
from mecomp_desktop.ui.action import Action
from mecomp_desktop.ui.action_targets import (
    Commands,
    PlaylistTarget,
    QueueTarget,
    QuizTarget,
    SongTarget,
)
from mecomp_desktop.ui.pages import PAGES
from mecomp_desktop.ui.player_commands import toggle_stop_after

_STEP_S = 5.0
_READ_AGAIN = "arrow-clockwise"
_VOLUME_STEP = 0.05

PLAYING, SONGS, QUEUE, QUIZ = "Playing", "Songs, albums and artists", "Up next", "Quiz"
RATING = "Likes and ratings"
_NEVER_MENU = "Never again"
PLAYLISTS = "Playlists"
EDIT, VIEW, LIBRARY = "Edit", "View", "Library"


def _has_song(commands: Commands) -> bool:
    return commands.has_song


def _can_undo(commands: Commands) -> bool:
    return commands.can_undo


def _can_redo(commands: Commands) -> bool:
    return commands.can_redo


def _visit(name: str) -> Callable[[Commands], object]:
    return lambda commands: commands.visit(name)


def _rate_by_key(half_stars: int) -> Callable[[Commands], object]:
    return lambda commands: commands.rate(half_stars)


def _rate(half_stars: int | None) -> Callable[[SongTarget], object]:
    return lambda songs: songs.rate(half_stars)


def _has_rating(half_stars: int | None) -> Callable[[SongTarget], bool]:
    return lambda songs: songs.half_stars == half_stars


def _stop_after(stop_after: StopAfter) -> Callable[[Commands], object]:
    return lambda commands: toggle_stop_after(commands.playback, stop_after)


def _stops_after(stop_after: StopAfter) -> Callable[[Commands], bool]:
    return lambda commands: commands.playback.queue_snapshot().stop_after is stop_after


def _put_away(kind: SubjectKind) -> Callable[[SongTarget], object]:
    return lambda songs: songs.toggle_away(kind)


def _is_away(kind: SubjectKind) -> Callable[[SongTarget], bool]:
    return lambda songs: songs.is_away(kind)


RATING_ACTIONS: tuple[Action[SongTarget], ...] = (
    Action(
        "songs.like",
        "Like",
        RATING,
        lambda s: s.toggle_like(),
        icon="heart",
        line_above=True,
        checked=lambda s: s.is_liked,
    ),
    *(
        Action(
            f"songs.rate_{half_stars}",
            "No rating" if half_stars is None else _stars(half_stars).capitalize(),
            RATING,
            _rate(half_stars),
            submenu="Rating",
            checked=_has_rating(half_stars),
        )
        for half_stars in (*range(10, 0, -1), None)
    ),
    *(
        Action(
            f"songs.never_{kind}",
            words,
            RATING,
            _put_away(kind),
            submenu=_NEVER_MENU,
            checked=_is_away(kind),
        )
        for kind, words in (
            (SubjectKind.SONG, "This song"),
            (SubjectKind.ALBUM, "Its album"),
            (SubjectKind.ARTIST, "Its artists"),
            (SubjectKind.FOLDER, "Its folder"),
        )
    ),
)
"""What the menus of songs and of the player have about likes and ratings."""

WINDOW_ACTIONS: tuple[Action[Commands], ...] = (
    Action("play.toggle", "Play or pause", PLAYING, lambda c: c.playback.toggle(), ("Space",)),
    Action("play.next", "Next song", PLAYING, lambda c: c.playback.next(), ("Ctrl+Right",)),
    Action(
        "play.previous",
        "Previous song, or back to the start",
        PLAYING,
        lambda c: c.playback.previous(),
        ("Ctrl+Left",),
        "Previous song",
    ),
    Action("play.stop", "Stop", PLAYING, lambda c: c.playback.stop(), ("Ctrl+.",)),
    Action(
        "play.forward",
        "Forward 5 seconds",
        PLAYING,
        lambda c: c.step(_STEP_S),
        ("Right",),
        enabled=_has_song,
        line_above=True,
    ),
    Action(
        "play.back",
        "Back 5 seconds",
        PLAYING,
        lambda c: c.step(-_STEP_S),
        ("Left",),
        enabled=_has_song,
    ),
    Action(
        "volume.up",
        "Louder",
        PLAYING,
        lambda c: c.change_volume(_VOLUME_STEP),
        ("+", "="),
        line_above=True,
    ),
    Action("volume.down", "Quieter", PLAYING, lambda c: c.change_volume(-_VOLUME_STEP), ("-",)),
    Action("volume.mute", "Mute", PLAYING, lambda c: c.toggle_mute(), ("M",)),
    Action(
        "play.shuffle",
        "Shuffle on or off",
        PLAYING,
        lambda c: c.toggle_shuffle(),
        ("Ctrl+S",),
        line_above=True,
    ),
    Action(
        "play.repeat",
        "Repeat: off, all songs, this song",
        PLAYING,
        lambda c: c.next_repeat(),
        ("Ctrl+T",),
    ),
    *(
        Action(
            f"play.stop_after_{stop_after}",
            f"Stop after this {stop_after}",
            PLAYING,
            _stop_after(stop_after),
            keys,
            enabled=_has_song,
            checked=_stops_after(stop_after),
        )
        for stop_after, keys in (
            (StopAfter.SONG, ("Ctrl+Shift+.",)),
            (StopAfter.ALBUM, ()),
        )
    ),
    Action(
        "radio.start",
        "Start radio: songs like the selected ones, or like the playing one",
        SONGS,
        lambda c: c.start_radio(),
        ("Ctrl+R",),
        "Start radio",
        in_menu=False,
    ),
    Action(
        "rating.like",
        "Like the selected songs, or the playing one; or no longer",
        RATING,
        lambda c: c.toggle_like(),
        ("Ctrl+L",),
        "Like",
    ),
    *(
        Action(
            f"rating.stars_{number}",
            f"Rate with {_stars(2 * number)}",
            RATING,
            _rate_by_key(2 * number),
            (f"Alt+{number}",),
            _stars(2 * number).capitalize(),
            line_above=number == 1,
        )
        for number in range(1, 6)
    ),
    Action(
        "rating.none",
        "Take the rating away",
        RATING,
        lambda c: c.rate(None),
        ("Alt+0",),
        "No rating",
    ),
    Action("rating.more", "Half a star more", RATING, lambda c: c.change_rating(1), ("Alt++",)),
    Action("rating.less", "Half a star less", RATING, lambda c: c.change_rating(-1), ("Alt+-",)),
    Action(
        "rating.never",
        "Never play the selected songs, or the playing one, again; or take that back",
        RATING,
        lambda c: c.toggle_away(),
        ("Ctrl+Shift+X",),
        "Never again",
        line_above=True,
    ),
    Action(
        "playlist.add",
        "Add the selected songs, or the playing one, to a playlist",
        PLAYLISTS,
        lambda c: c.add_to_playlist(),
        ("Ctrl+Shift+A",),
        "Add to playlist…",
    ),
    Action(
        "playlist.save_queue",
        "Save the queue as a playlist",
        PLAYLISTS,
        lambda c: c.save_queue(),
        ("Ctrl+Shift+S",),
        "Save queue as playlist",
    ),
    Action(
        "edit.undo", "Undo", EDIT, lambda c: c.undo(), ("Ctrl+Z",), enabled=lambda c: c.can_undo
    ),
    Action(
        "edit.redo",
        "Redo",
        EDIT,
        lambda c: c.redo(),
        ("Ctrl+Shift+Z",),
        enabled=lambda c: c.can_redo,
    ),
    Action("go.search", "Search", EDIT, lambda c: c.search(), ("Ctrl+F",), line_above=True),
    *(
        Action(f"go.{page.name}", page.title, VIEW, _visit(page.name), (page.keys,))
        for page in PAGES
    ),
    Action(
        "go.playing",
        "Show the song that plays",
        VIEW,
        lambda c: c.show_playing(),
        ("Ctrl+J",),
        enabled=_has_song,
        line_above=True,
    ),
    Action("go.queue", "Move to the queue", VIEW, lambda c: c.focus_queue(), ("Ctrl+U",)),
    Action("view.queue", "Show or hide the queue", VIEW, lambda c: c.toggle_queue(), ("Ctrl+B",)),
    Action(
        "library.add_folder",
        "Add a music folder",
        LIBRARY,
        lambda c: c.choose_folder(),
        ("Ctrl+O",),
    ),
    Action("library.rescan", "Look for new songs", LIBRARY, lambda c: c.rescan(), ("F5",)),
    Action(
        "go.shortcuts",
        "This list",
        VIEW,
        lambda c: c.show_shortcuts(),
        ("F1", "?"),
        "Keyboard shortcuts",
        line_above=True,
    ),
    Action(
        "go.palette",
        "Find an action",
        VIEW,
        lambda c: c.show_palette(),
        ("Ctrl+Shift+P",),
        "Find an action…",
    ),
    Action(
        "go.report",
        "Report a problem",
        VIEW,
        lambda c: c.report_problem(),
        menu_words="Report a problem…",
    ),
    Action("app.quit", "Quit", LIBRARY, lambda c: c.quit(), ("Ctrl+Q",), line_above=True),
)

SONG_ACTIONS: tuple[Action[SongTarget], ...] = (
    Action("songs.play", "Play", SONGS, lambda s: s.play(), ("Return", "Enter"), icon="play"),
    Action(
        "songs.play_next",
        "Play next",
        SONGS,
        lambda s: s.play_next(),
        ("Shift+Return", "Shift+Enter"),
        icon="arrow-bend-down-right",
    ),
    Action(
        "songs.enqueue",
        "Add to the queue",
        SONGS,
        lambda s: s.enqueue(),
        ("Ctrl+Return", "Ctrl+Enter"),
        "Add to queue",
        icon="plus",
    ),
    Action(
        "songs.playlist",
        "Add to playlist…",
        SONGS,
        lambda s: s.add_to_playlist(),
        icon="playlist",
    ),
    # Without keys here: Ctrl+R works in the whole window, for what is selected.
    Action("songs.radio", "Start radio", SONGS, lambda s: s.start_radio(), icon="broadcast"),
    # Without keys, as radio: theirs work in the whole window, for what is selected.
    *RATING_ACTIONS,
    Action(
        "songs.album", "Show album", SONGS, lambda s: s.show_album(), icon="disc", line_above=True
    ),
    Action(
        "songs.folder", "Show in folder", SONGS, lambda s: s.show_in_folder(), icon="folder-open"
    ),
    Action("songs.read_again", "Read again", SONGS, lambda s: s.read_again(), icon=_READ_AGAIN),
)

PLAYLIST_ACTIONS: tuple[Action[PlaylistTarget], ...] = (
    Action("playlist.up", "Move up", PLAYLISTS, lambda p: p.move_up(), ("Alt+Up",)),
    Action("playlist.down", "Move down", PLAYLISTS, lambda p: p.move_down(), ("Alt+Down",)),
    Action(
        "playlist.remove",
        "Remove from the playlist",
        PLAYLISTS,
        lambda p: p.remove_selected(),
        ("Delete",),
    ),
)

QUEUE_ACTIONS: tuple[Action[QueueTarget], ...] = (
    Action("queue.play", "Jump to the song", QUEUE, lambda q: q.jump(), ("Return", "Enter")),
    Action("queue.radio", "Start radio", QUEUE, lambda q: q.start_radio()),
    Action("queue.show", "Show in the list", QUEUE, lambda q: q.show_in_list()),
    Action("queue.like", "Like", QUEUE, lambda q: q.toggle_like(), icon="heart", line_above=True),
    Action("queue.never", "Never again", QUEUE, lambda q: q.toggle_away(), icon="prohibit"),
    Action("queue.up", "Move up", QUEUE, lambda q: q.move_up(), ("Alt+Up",), line_above=True),
    Action("queue.down", "Move down", QUEUE, lambda q: q.move_down(), ("Alt+Down",)),
    Action(
        "queue.remove",
        "Remove from the queue",
        QUEUE,
        lambda q: q.remove_selected(),
        ("Delete",),
        "Remove",
    ),
)


def _play_clip(number: int) -> Callable[[QuizTarget], object]:
    return lambda quiz: quiz.play_clip(number - 1)


QUIZ_ACTIONS: tuple[Action[QuizTarget], ...] = (
    *(
        Action(
            f"quiz.play_{number}",
            f"Play song {number}",
            QUIZ,
            _play_clip(number),
            (f"{number}",),
        )
        for number in (1, 2, 3)
    ),
    Action("quiz.play_all", "Play all three", QUIZ, lambda q: q.play_all(), ("R",)),
    Action(
        "quiz.first_second",
        "1 and 2 sound most alike",
        QUIZ,
        lambda q: q.answer(Pair.FIRST_SECOND),
        ("A",),
    ),
    Action(
        "quiz.first_third",
        "1 and 3 sound most alike",
        QUIZ,
        lambda q: q.answer(Pair.FIRST_THIRD),
        ("B",),
    ),
    Action(
        "quiz.second_third",
        "2 and 3 sound most alike",
        QUIZ,
        lambda q: q.answer(Pair.SECOND_THIRD),
        ("C",),
    ),
    Action("quiz.skip", "Can't tell", QUIZ, lambda q: q.answer(None), ("N",)),
    Action("quiz.undo", "Undo last answer", QUIZ, lambda q: q.undo(), ("Backspace",)),
)

ACTIONS: tuple[Action[Any], ...] = (
    *WINDOW_ACTIONS,
    *SONG_ACTIONS,
    *PLAYLIST_ACTIONS,
    *QUEUE_ACTIONS,
    *QUIZ_ACTIONS,
)


def action(action_id: str) -> Action[Any]:
    """Return an action by its name.

    Raises:
        KeyError: No action has this name.
    """
    for entry in ACTIONS:
        if entry.action_id == action_id:
            return entry
    raise KeyError(action_id)


def keys_of(action_id: str) -> str:
    """Return the first key sequence of an action, as the desktop writes it.

    Raises:
        KeyError: No action has this name.
    """
    return action(action_id).first_keys
