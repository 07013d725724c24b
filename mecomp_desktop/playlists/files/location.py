"""Paths and URIs as playlist files spell them, from any system, and as this program writes them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, unquote_to_bytes

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # two letters at least: "C:" is a drive
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_DRIVE_OF_URI = re.compile(r"/[A-Za-z]:[\\/]")
# What a reader of lines would take for something else, or leave out.
_NO_LINE = re.compile("[\0-\x1f\x7f\ud800-\udfff\u2028\u2029\x85]|^\\s|\\s$")
_SAFE_IN_URI = "/!$&'()*+,;=@~"


def is_windows(location: str) -> bool:
    """Return whether a path names a drive or a share of Windows."""
    return _WINDOWS.match(location) is not None


def is_stream(location: str) -> bool:
    """Return whether it is a URI of anything but a file."""
    return (
        "://" in location
        and _SCHEME.match(location) is not None
        and not location.lower().startswith("file:")
    )


def paths_of(location: str, folder: Path, encoding: str = "utf-8") -> list[str]:
    """Return the paths that a location may mean, the likeliest first; never none.

    Args:
        location: As the file spells it.
        folder: Where the playlist file lies; relative paths begin there.
        encoding: How the file's text was decoded.
    """
    return list(dict.fromkeys(_paths_of(location, folder, encoding)))


def _paths_of(location: str, folder: Path, encoding: str) -> Iterator[str]:
    if location.lower().startswith("file:"):
        yield _path_of_uri(location)
        return
    if is_stream(location) or is_windows(location):
        yield location
        return
    yield _joined(folder, location)
    if "\\" in location:  # a name may have them here; far likelier they part folders
        yield _joined(folder, location.replace("\\", "/"))
    if "%" in location:
        yield _joined(folder, os.fsdecode(unquote_to_bytes(location.replace("\\", "/"))))
    if encoding not in ("utf-8", "ascii") and not encoding.startswith("utf"):
        # A name that this system holds in the same bytes as the file does.
        try:
            yield _joined(folder, os.fsdecode(location.encode(encoding)))
        except UnicodeEncodeError:
            return  # some bytes meant nothing in that encoding


def _path_of_uri(location: str) -> str:
    rest = location[len("file:") :]
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        is_local = not host or host.lower() == "localhost"
        rest = slash + path if is_local else f"//{host}{slash}{path}"
    path = os.fsdecode(unquote_to_bytes(rest))
    if _DRIVE_OF_URI.match(path):
        return path[1:]
    return os.path.normpath(path) if path else location


def _joined(folder: Path, path: str) -> str:
    if "\0" in path:  # of "%00": no file system has such a name
        return path
    return os.path.normpath(os.path.join(folder, path))  # noqa: PTH118 (keeps bytes that are no text)


def line_of(path: str, folder: Path | None) -> str:
    """Return how a path is spelled in a line of a playlist file.

    Args:
        path: The path, or what another file said.
        folder: Below it, paths are written relative to it; ``None``: always whole.
    """
    if not path.startswith("/"):
        return path.replace("\n", " ").replace("\r", " ")
    relative = _below(path, folder)
    written = path if relative is None else relative
    if _NO_LINE.search(path) or _NO_LINE.search(written):
        return uri_of(path)
    # "#" would be a comment; "http:", "C:" and "\\\\" would not be taken for names.
    if relative is not None and (written[0] in "#[\\" or ":" in written.split("/")[0]):
        written = f"./{written}"
    return written


def uri_of(path: str, folder: Path | None = None) -> str:
    """Return a path as a URI; relative to a folder where it lies below it."""
    if is_stream(path):
        return path
    if is_windows(path):
        slashed = path.replace("\\", "/")
        return "file:" + quote(slashed if slashed.startswith("//") else f"///{slashed}", "/:")
    relative = _below(path, folder)
    if relative is not None:
        return quote(os.fsencode(relative), _SAFE_IN_URI)
    if not path.startswith("/"):
        return quote(os.fsencode(path), _SAFE_IN_URI)
    return "file://" + quote(os.fsencode(path), _SAFE_IN_URI)


def path_of_reference(reference: str) -> str:
    """Return what a URI reference of an XML file says as a location for `paths_of`.

    Some programs write plain paths where a URI belongs; they are left as they are.
    """
    if ":" in reference.split("/")[0] or is_windows(reference):
        return reference
    return unquote(reference, errors="surrogateescape") if "%" in reference else reference


def _below(path: str, folder: Path | None) -> str | None:
    if folder is None:
        return None
    prefix = str(folder).rstrip("/") + "/"
    return path[len(prefix) :] if path.startswith(prefix) and len(path) > len(prefix) else None
