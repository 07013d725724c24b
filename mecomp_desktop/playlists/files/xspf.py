"""XSPF, the XML format of Xiph: locations are URIs, lengths are in milliseconds.

Python's own library writes it; what is read goes through defusedxml.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from mecomp_desktop.playlists.files.content import FileContent, FileEntry, NoPlaylist, seconds
from mecomp_desktop.playlists.files.location import path_of_reference, uri_of
from mecomp_desktop.text import clean

_NAMESPACE = "http://xspf.org/ns/0/"
_MS = 1000.0


def parse(raw: bytes) -> FileContent:
    """Read a file.

    Raises:
        NoPlaylist: It is no such XML; entities, which could make it explode, are refused.
    """
    try:
        root = defusedxml.ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise NoPlaylist(f"it is no valid XML ({error})") from error
    except DefusedXmlException as error:
        raise NoPlaylist("it declares XML entities, which no playlist needs") from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise NoPlaylist(f"it is no valid XML ({error})") from error
    if _local(root) != "playlist":
        raise NoPlaylist("its XML is no XSPF playlist")
    entries = [_entry(node) for node in root.iter() if _local(node) == "track"]
    return FileContent(clean(_text(root, "title")), tuple(entries))


def written(name: str, entries: Sequence[FileEntry], folder: Path | None) -> str:
    """Return the text of a file, to be stored as UTF-8; see `m3u.written`."""
    root = ElementTree.Element("playlist", {"version": "1", "xmlns": _NAMESPACE})
    if name:
        ElementTree.SubElement(root, "title").text = clean(name)
    tracks = ElementTree.SubElement(root, "trackList")
    for entry in entries:
        node = ElementTree.SubElement(tracks, "track")
        values = {
            "location": uri_of(entry.location, folder),
            "title": clean(entry.title),
            "creator": clean(entry.artist),
            "album": clean(entry.album),
            "duration": str(round(entry.duration_s * _MS)) if entry.duration_s > 0 else "",
        }
        for tag, text in values.items():
            if text:
                ElementTree.SubElement(node, tag).text = text
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _entry(node: ElementTree.Element) -> FileEntry:
    return FileEntry(
        path_of_reference(_text(node, "location")),
        clean(_text(node, "title")),
        clean(_text(node, "creator")),
        clean(_text(node, "album")),
        seconds(_text(node, "duration")) / _MS,
    )


def _text(node: ElementTree.Element, tag: str) -> str:
    return next(((child.text or "").strip() for child in node if _local(child) == tag), "")


def _local(node: ElementTree.Element) -> str:
    """Return a tag's name without its namespace, which many programs get wrong."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
