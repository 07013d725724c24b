"""Every keyboard shortcut, once: what binds them and what lists them both read this."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One thing that can be done from the keyboard.

    Attributes:
        keys: Key sequences in Qt's portable text; the first is the one that is shown in tooltips.
        action_id: The name that the code knows it by.
        words: What it does, as a listener would say it.
        group: The heading it is listed under.
        everywhere: Works in the whole window; else only where the keyboard is, in the list
            that the group names.
    """

    keys: tuple[str, ...]
    action_id: str
    words: str
    group: str
    everywhere: bool = True


_PLAYING = "Playing"
_SONGS = "Songs, albums and artists"
_QUEUE = "Up next"
_QUIZ = "Quiz"
_WINDOW = "Window"

SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut(("Space",), "play.toggle", "Play or pause", _PLAYING),
    Shortcut(("Ctrl+Right",), "play.next", "Next song", _PLAYING),
    Shortcut(("Ctrl+Left",), "play.previous", "Previous song, or back to the start", _PLAYING),
    Shortcut(("Ctrl+.",), "play.stop", "Stop", _PLAYING),
    Shortcut(("Right",), "play.forward", "Forward 5 seconds", _PLAYING),
    Shortcut(("Left",), "play.back", "Back 5 seconds", _PLAYING),
    Shortcut(("+", "="), "volume.up", "Louder", _PLAYING),
    Shortcut(("-",), "volume.down", "Quieter", _PLAYING),
    Shortcut(("M",), "volume.mute", "Sound off or on", _PLAYING),
    Shortcut(("Ctrl+S",), "play.shuffle", "Shuffle on or off", _PLAYING),
    Shortcut(("Ctrl+T",), "play.repeat", "Repeat: off, all songs, this song", _PLAYING),
    Shortcut(("Return", "Enter"), "songs.play", "Play", _SONGS, everywhere=False),
    Shortcut(
        ("Ctrl+Return", "Ctrl+Enter"), "songs.enqueue", "Add to the queue", _SONGS, everywhere=False
    ),
    Shortcut(("Shift+Return", "Shift+Enter"), "songs.play_next", "Play next", _SONGS, False),
    Shortcut(
        ("Ctrl+R",),
        "radio.start",
        "Start radio: songs like the selected ones, or like the playing one",
        _SONGS,
    ),
    Shortcut(("Return", "Enter"), "queue.play", "Jump to the song", _QUEUE, everywhere=False),
    Shortcut(("Delete",), "queue.remove", "Remove from the queue", _QUEUE, everywhere=False),
    Shortcut(("Alt+Up",), "queue.up", "Move up", _QUEUE, everywhere=False),
    Shortcut(("Alt+Down",), "queue.down", "Move down", _QUEUE, everywhere=False),
    Shortcut(("Ctrl+Z",), "queue.undo", "Undo the last change to the queue", _QUEUE),
    Shortcut(("Ctrl+Shift+Z",), "queue.redo", "Do again what was undone", _QUEUE),
    Shortcut(("1", "2", "3"), "quiz.play", "Play a clip", _QUIZ, everywhere=False),
    Shortcut(("R",), "quiz.play_all", "Play all three", _QUIZ, everywhere=False),
    Shortcut(("A",), "quiz.first_second", "1 and 2 sound most alike", _QUIZ, everywhere=False),
    Shortcut(("B",), "quiz.first_third", "1 and 3 sound most alike", _QUIZ, everywhere=False),
    Shortcut(("C",), "quiz.second_third", "2 and 3 sound most alike", _QUIZ, everywhere=False),
    Shortcut(("N",), "quiz.skip", "Can't tell", _QUIZ, everywhere=False),
    Shortcut(("Backspace",), "quiz.undo", "Take the last answer back", _QUIZ, everywhere=False),
    Shortcut(("Ctrl+F",), "go.search", "Search", _WINDOW),
    Shortcut(("Ctrl+J",), "go.playing", "Show the song that plays", _WINDOW),
    Shortcut(("Ctrl+1",), "go.songs", "Songs", _WINDOW),
    Shortcut(("Ctrl+2",), "go.albums", "Albums", _WINDOW),
    Shortcut(("Ctrl+3",), "go.artists", "Artists", _WINDOW),
    Shortcut(("Ctrl+4",), "go.activity", "Activity", _WINDOW),
    Shortcut(("Ctrl+5",), "go.quiz", "Quiz", _WINDOW),
    Shortcut(("Ctrl+U",), "go.queue", "Move to the queue", _WINDOW),
    Shortcut(("Ctrl+O",), "library.add_folder", "Add a music folder", _WINDOW),
    Shortcut(("F5",), "library.rescan", "FormatProbe for new songs", _WINDOW),
    Shortcut(("Ctrl+,",), "go.settings", "Settings", _WINDOW),
    Shortcut(("F1", "?"), "go.shortcuts", "This list", _WINDOW),
    Shortcut(("Ctrl+Q",), "app.quit", "Quit", _WINDOW),
)


def shortcut(action_id: str) -> Shortcut:
    """Return the shortcut of an action.

    Raises:
        KeyError: No shortcut has this name.
    """
    for one in SHORTCUTS:
        if one.action_id == action_id:
            return one
    raise KeyError(action_id)


def groups() -> tuple[str, ...]:
    """Return the headings, in the order they are listed in."""
    return tuple(dict.fromkeys(one.group for one in SHORTCUTS))
