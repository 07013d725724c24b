"""What can be typed after ``mecomp-desktop``."""

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path

from mecomp_desktop import __version__

PROGRAM = "mecomp-desktop"
_COMMANDS = {
    "index": "add folders to the library and analyse every song in them",
    "similar": "list the songs of the library that sound closest to a file",
    "status": "tell what is in the library and how much of it has been analysed",
    "query": "list the songs that a query finds, such as: genre = Jazz last played > 30 days ago",
    "like": "like or rate songs, or list those that are",
    "never": "let songs, folders or artists never play by themselves, or list those that do not",
    "history": "list what was played last",
    "stats": "tell hours, plays, and what was played most",
    "import": "take over plays, ratings and playlists from another player, or an export",
    "export": "write all that is your own (likes, plays, playlists, answers) to a JSON file",
    "playlist": "list, show, make and change playlists, read and write playlist files",
    "backup": "copy the library to one file, or list the backups that the program made",
    "restore": "put a backup in the place of the library",
}
# Where the command is a word that Python keeps for itself.
_MODULES = {"import": "import_library"}
_EXIT_CODES = """\
exit codes: 0 all went well; 1 some files failed, and stderr lists them; 2 nothing was done, and
stderr says why; 130 interrupted with Ctrl+C"""
_HOME = "All data is below MECOMP_DESKTOP_HOME, if that is set."


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is wanted; ``run`` in it is the function that does it.

    Raises:
        SystemExit: Code 2 for a wrong usage, 0 after ``--help`` and ``--version``.
    """
    command = arguments[0] if arguments and arguments[0] in _COMMANDS else "window"
    parser = _PARSERS[command]()
    parser.add_argument("--verbose", action="store_true", help="show the log on the terminal")
    wanted = parser.parse_args(arguments if command == "window" else arguments[1:])
    if command == "index" and not (wanted.folders or wanted.again):
        parser.error("name a folder, or with --again what to read again")

    def run(options: argparse.Namespace) -> int:
        # Only now comes what takes time to import.
        name = _MODULES.get(command, command)
        module = importlib.import_module(f"mecomp_desktop.cli.{name}")
        code: int = module.run(options)
        return code

    wanted.run = run
    return wanted


def _window() -> argparse.ArgumentParser:
    lines = [f"  {PROGRAM} {name} --help   {words}" for name, words in _COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="A music player that analyses your library and knows what sounds alike. "
        "Without a command it opens its window.",
        epilog="\n".join(["commands:", *lines, "", _EXIT_CODES, _HOME]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="DIR|FILE",
        help="a folder is added to the library, a file is played (./index for a folder 'index')",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    return parser


def _command(name: str, more: str = "") -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"{PROGRAM} {name}",
        description=f"{_COMMANDS[name].capitalize()}. {more}".rstrip(),
        epilog=f"{_EXIT_CODES}\n{_HOME}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _index() -> argparse.ArgumentParser:
    parser = _command(
        "index",
        "Files that cannot be read are listed\nwith their reasons. Ctrl+C stops it; "
        "the same command goes on.",
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="a folder of music")
    parser.add_argument(
        "--workers",
        type=_count,
        default=None,
        metavar="N",
        help="how many worker processes analyse (default: one a core)",
    )
    parser.add_argument(
        "--again",
        nargs="+",
        type=Path,
        default=[],
        metavar="PATH",
        help="read these files and folders again, though they look as they did",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _similar() -> argparse.ArgumentParser:
    parser = _command("similar", "A file that is not in the library\nis analysed on the spot.")
    parser.add_argument("file", type=Path, metavar="FILE", help="a music file")
    parser.add_argument(
        "-n", type=_count, default=20, metavar="N", help="how many songs (default: 20)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _query() -> argparse.ArgumentParser:
    parser = _command("query", "docs/queries.md tells the language.")
    parser.add_argument(
        "query", nargs="+", metavar="QUERY", help="in quotation marks, so that the shell keeps out"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the result as JSON")
    form.add_argument("--m3u", action="store_true", help="print the result as a playlist file")
    return parser


def _status() -> argparse.ArgumentParser:
    parser = _command("status")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _like() -> argparse.ArgumentParser:
    parser = _command("like", "A window that is open shows it within seconds.")
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="a song; none lists what is liked"
    )
    parser.add_argument(
        "--stars", type=_stars, metavar="N", help="rate instead, with 0 to 5 stars in halves"
    )
    parser.add_argument("--off", action="store_true", help="take the like or the rating away")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _never() -> argparse.ArgumentParser:
    parser = _command("never", "They still play when they are chosen.")
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="FILE|DIR", help="a song, or all of a folder"
    )
    parser.add_argument(
        "--artist", action="append", default=[], metavar="NAME", help="all songs of an artist"
    )
    parser.add_argument("--off", action="store_true", help="let them play again")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _history() -> argparse.ArgumentParser:
    parser = _command("history")
    parser.add_argument(
        "-n", type=_count, default=20, metavar="N", help="how many plays (default: 20)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _stats() -> argparse.ArgumentParser:
    parser = _command("stats")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _import() -> argparse.ArgumentParser:
    parser = _command(
        "import",
        "Reads the library of Rhythmbox\n(rhythmdb.xml), Clementine, Strawberry, Banshee,"
        " Amarok 1.4 (their databases), Quod Libet\n(songs) and iTunes (as XML). Without --write it"
        " only tells what would be done.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the other player's file")
    parser.add_argument("--write", action="store_true", help="do it")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _export() -> argparse.ArgumentParser:
    parser = _command("export", "`import` reads it again, on this or another computer.")
    parser.add_argument("file", type=Path, metavar="FILE", help="where to")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _backup() -> argparse.ArgumentParser:
    parser = _command(
        "backup", "The program makes one a day by itself;\nthose leave out what can be made again."
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="where to; without it, list backups"
    )
    return parser


def _restore() -> argparse.ArgumentParser:
    parser = _command("restore", "The library before it is kept. Close the\nwindow first.")
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="a backup; without it, the newest that the program made",
    )
    return parser


def _playlist() -> argparse.ArgumentParser:
    parser = _command("playlist", "A window that is open shows\nthe change within a second or two.")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, words: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=words, description=f"{words.capitalize()}.")
        made.add_argument("--json", action="store_true", help="print the result as JSON")
        return made

    action("list", "list the playlists")
    show = action("show", "list the songs of a playlist")
    create = action("create", "make a playlist, perhaps with songs")
    add = action("add", "put songs at the end of a playlist")
    read = action("import", "make a playlist of each of these files (M3U, M3U8, XSPF, PLS)")
    write = action("export", "write a playlist to a file; its ending chooses the format")
    for named in (show, create, add, write):
        named.add_argument("name", metavar="NAME", help="the playlist's name")
    song_help = "a music file, or a folder for all of its songs that are in the library"
    create.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=song_help)
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=song_help)
    read.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a playlist file")
    write.add_argument("file", type=Path, metavar="FILE", help="ending in .m3u8, .xspf, .m3u, .pls")
    write.add_argument(
        "--absolute", action="store_true", help="write whole paths, also below the file's folder"
    )
    return parser


_PARSERS = {
    "playlist": _playlist,
    "index": _index,
    "similar": _similar,
    "status": _status,
    "query": _query,
    "like": _like,
    "never": _never,
    "history": _history,
    "stats": _stats,
    "import": _import,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "window": _window,
}


def _stars(text: str) -> float:
    number = float(text)
    if not (0 <= number <= 5 and (2 * number).is_integer()):
        raise argparse.ArgumentTypeError(f"{text} is not a number of stars: 0 to 5 in halves")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 up")
    return number
